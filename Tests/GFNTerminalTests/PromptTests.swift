import Foundation
import GFNTestSupport
import Testing

@testable import GFNFigures
@testable import GFNTerminal

/// The prompt as a person at a terminal meets it.
@Suite struct PromptTests {
  private static let controlC = "\u{3}"
  private static let controlD = "\u{4}"
  private static let up = "\u{1B}[A"

  // MARK: - Coming and going

  @Test func aPastedTranscriptIsItsStatements() {
    #expect(
      PastedTranscript.statements(of: "gfn> print 1\n1\ngfn> if true {\n...> print 2\n...> }\n2")
        == "print 1\nif true {\nprint 2\n}")
    #expect(PastedTranscript.statements(of: "> train 5\nstep loss") == "train 5")
    #expect(PastedTranscript.statements(of: "print 1\n> 2") == "print 1\n> 2")
    #expect(PastedTranscript.statements(of: "") == "")
  }

  @Test func firstSessionIsShownOnceAndThenOneLine() throws {
    let first = try Typist()
    let greeting = try first.expect("gfn> ")
    #expect(greeting.contains("env hypergrid dim=2 side=16"))
    first.type(Self.controlD)
    #expect(try first.end() == 0)

    let second = try Typist(home: first.home)
    let shorter = try second.expect("gfn> ")
    #expect(shorter.contains("'help' lists the commands"))
    #expect(!shorter.contains("env hypergrid"))
  }

  @Test func promptAppearsWithinATenthOfASecond() throws {
    let clock = ContinuousClock()
    // Once is enough: other tests run beside this one, and other programs beside the tests.
    let isQuick = try (0..<50).contains { _ in
      try clock.measure { try Typist().expect("gfn> ") } < .milliseconds(100)
    }
    #expect(isQuick)
  }

  @Test func exitLeavesWithItsStatus() throws {
    let typist = try Typist.atPrompt()
    typist.type("exit 3\r")
    #expect(try typist.end() == 3)
  }

  @Test func rcFileRunsFirstUnlessRefused() throws {
    let home = try TemporaryFolder()
    try home.write("let greeting = \"from rc\"\n", to: "config/gfn/rc.gfn")
    let typist = try Typist.atPrompt(home: home)
    try typist.enter("print $greeting", expecting: "\nfrom rc")
    let without = try Typist.atPrompt(["--no-rc"], home: home)
    try without.enter("print $greeting", expecting: "error:")
  }

  @Test func statementsCanComeBeforeThePrompt() throws {
    let typist = try Typist(["-i", "-e", "let x = 41"])
    try typist.expect("gfn> ")
    try typist.enter("print $x + 1", expecting: "\n42")
    try typist.expect("gfn> ")
  }

  @Test func statementsHaveTheLastWordOverTheRcFile() throws {
    let home = try TemporaryFolder()
    try home.write("let x = 1\nlet y = 2\n", to: "config/gfn/rc.gfn")
    try home.write("let n ?= 1\nlet x = $n\n", to: "a.gfn")
    let typist = try Typist(["-i", "a.gfn", "n=40"], home: home)
    try typist.expect("gfn> ")
    try typist.enter("print $x + $y", expecting: "\n42")
  }

  @Test func exitInTheRcFileLeaves() throws {
    let home = try TemporaryFolder()
    try home.write("exit 4\n", to: "config/gfn/rc.gfn")
    #expect(try Typist(home: home).end() == 4)
  }

  @Test func controlCStopsTheRcFileOnly() throws {
    let home = try TemporaryFolder()
    try home.write(
      "print \"started\"\nrepeat 100000000 { let x = 1 }\n", to: "config/gfn/rc.gfn")
    let typist = try Typist(home: home)
    try typist.expect("started")
    typist.type(Self.controlC)
    try typist.expect("gfn> ")
  }

  // MARK: - Entries

  @Test func anErrorShowsCaretAndSuggestionAndTheSessionGoesOn() throws {
    let typist = try Typist.atPrompt()
    try typist.enter("hlep", expecting: "error: ")
    try typist.expect("did you mean 'help'?")
    try typist.expect("\n  hlep\r\n  ^~~~")
    try typist.expect("gfn> ")
    try typist.enter("print 6 * 7", expecting: "\n42")
  }

  @Test func anOpenBlockAsksForMore() throws {
    let typist = try Typist.atPrompt()
    try typist.enter("repeat 2 {", expecting: "...> ")
    try typist.enter("print \"again\"", expecting: "...> ")
    try typist.enter("}", expecting: "\nagain\r\nagain\r\n")
    try typist.expect("gfn> ")
  }

  @Test func aPastedBlockRunsAsOneCell() throws {
    let typist = try Typist.atPrompt()
    try typist.enter(
      "\u{1B}[200~let a = 20\nlet b = 22\nprint \"sum {$a + $b}\"\u{1B}[201~", expecting: "\nsum 42"
    )
    try typist.expect("gfn> ")
    typist.type(Self.up)
    try typist.expect("let b = 22")
  }

  @Test func aQuestionMarkAsksForHelp() throws {
    let typist = try Typist.atPrompt()
    let help = try typist.enter("?history", expecting: "gfn> ")
    #expect(help.contains("history"))
    #expect(!help.contains("error"))
  }

  // MARK: - Stopping

  @Test func controlCDropsTheLine() throws {
    let typist = try Typist.atPrompt()
    typist.type("print \"dropped\"")
    try typist.expect("dropped\"")
    typist.type(Self.controlC)
    try typist.expect("gfn> ")
    try typist.enter("print \"kept\"", expecting: "\nkept")
    #expect(!typist.text.contains("\ndropped"))
  }

  @Test func controlCDropsAnOpenBlock() throws {
    let typist = try Typist.atPrompt()
    try typist.enter("repeat 2 {", expecting: "...> ")
    typist.type(Self.controlC)
    try typist.expect("gfn> ")
    try typist.enter("print \"free\"", expecting: "\nfree\r\n")
    try typist.expect("gfn> ")
  }

  @Test func keysRightAfterControlCAreKept() throws {
    let typist = try Typist.atPrompt()
    for number in 0..<20 {
      typist.type("abc\(Self.controlC)print \(number)\r")
      try typist.expect("\n\(number)\r\n")
      try typist.expect("gfn> ")
    }
    #expect(!typist.text.contains("error"))
  }

  @Test func afterADroppedBlockControlDLeaves() throws {
    let typist = try Typist.atPrompt()
    try typist.enter("if true {", expecting: "...> ")
    typist.type(Self.controlC)
    try typist.expect("gfn> ")
    typist.type(Self.controlD)
    #expect(try typist.end() == 0)
    #expect(!typist.text.contains("never closed"))
  }

  @Test func controlCStopsALongCommandAndKeepsTheSession() throws {
    let typist = try Typist.atPrompt()
    try typist.enter("let x = 0", expecting: "gfn> ")
    typist.type(
      "repeat 100000000 { let x = $x + 1; if $x == 1000 { print \"started\" } }\r")
    try typist.expect("\nstarted")
    typist.type(Self.controlC)
    try typist.expect("note: interrupted\r\n")
    try typist.expect("gfn> ")
    try typist.enter("print $x > 0", expecting: "\ntrue")
  }

  @Test func controlCStopsTrainingAgainAndAgain() throws {
    let typist = try Typist.atPrompt()
    try typist.enter("env hypergrid dim=2 side=8; method TB-U", expecting: "gfn> ")
    // Signals come in the middle of matrix products, which keep the stack pointer elsewhere.
    for _ in 0..<5 {
      try typist.enter("train 1000000 every=5", expecting: "mean_reward")
      try typist.expect("\r\n")
      typist.type(Self.controlC)
      try typist.expect("stopped at step")
      try typist.expect("gfn> ")
    }
  }

  // MARK: - Completion

  @Test func completionListsCommandsWithDescriptions() throws {
    let typist = try Typist.atPrompt()
    typist.type("h\t")
    let list = try typist.expect("gfn> h")
    let lines = list.split(separator: "\r\n")
    for name in ["help", "history"] {
      let line = try #require(lines.first { $0.hasPrefix("  \(name) ") })
      #expect(line.count > name.count + 10)
    }
  }

  @Test func aSingleCandidateIsInsertedWithABlank() throws {
    let typist = try Typist.atPrompt()
    try typist.enter("hel\tundo", expecting: "help undo")
  }

  @Test func variablesAndFilesComplete() throws {
    let home = try TemporaryFolder()
    try home.write("print \"included\"\n", to: "somewhere/part.gfn")
    let typist = try Typist.atPrompt(home: home)
    try typist.enter("let temperature = 3", expecting: "gfn> ")
    try typist.enter("print $temp\t * 2", expecting: "\n6")
    try typist.expect("gfn> ")
    try typist.enter("include \"some\tpa\t\"", expecting: "\nincluded")
  }

  // MARK: - History

  @Test func anEntryOfSeveralLinesComesBackWhole() throws {
    let typist = try Typist.atPrompt()
    typist.type("repeat 1 {\rprint \"from history\"\r}\r")
    try typist.expect("\nfrom history")
    try typist.expect("gfn> ")
    typist.type(Self.controlD)
    _ = try typist.end()
    let later = try Typist.atPrompt(home: typist.home)
    later.type(Self.up + "\r")
    try later.expect("\nfrom history\r\n")
  }

  @Test func blanksAndRepetitionsStayOutOfTheHistory() throws {
    let typist = try Typist.atPrompt()
    for line in ["print 1", "print 1", " print 2", "print 3"] {
      typist.type(line + "\r")
      try typist.expect("gfn> ")
    }
    typist.type(Self.controlD)
    _ = try typist.end()
    let history = HistoryFile(path: typist.home.url.path + "/state/gfn/history")
    #expect(history.load().map(\.text) == ["print 1", "print 3"])
  }

  // MARK: - Terminals

  @Test func aDumbTerminalGetsNoControlSequence() throws {
    let typist = try Typist.atPrompt(environment: ["TERM": "dumb"])
    try typist.enter("print 6 * 7", expecting: "\n42")
    try typist.expect("gfn> ")
    #expect(!typist.raw.contains("\u{1B}"))
  }

  @Test func noColourMeansNoColour() throws {
    let typist = try Typist.atPrompt(environment: ["NO_COLOR": "1"])
    try typist.enter("hlep", expecting: "error:")
    try typist.expect("gfn> ")
    #expect(!typist.raw.contains("\u{1B}[1;"))
  }

  @Test func aListFitsANarrowWindow() throws {
    let typist = try Typist.atPrompt(columns: 24)
    typist.type("h\t")
    let list = try typist.expect("gfn> h")
    for line in list.split(separator: "\r\n").dropFirst() {
      #expect(displayWidth(String(line)) < 24)
    }
  }

  @Test func listsFollowTheWindow() throws {
    let typist = try Typist.atPrompt(columns: 120)
    typist.resize(columns: 20)
    typist.type("h\t")
    let list = try typist.expect("gfn> h")
    for line in list.split(separator: "\r\n").dropFirst() {
      #expect(displayWidth(String(line)) < 20)
    }
  }
}

extension Typist {
  /// Someone who waits for the prompt first.
  static func atPrompt(
    _ arguments: [String] = [], home: TemporaryFolder? = nil, environment: [String: String] = [:],
    columns: UInt16 = 80
  ) throws -> Typist {
    let typist = try Typist(arguments, home: home, environment: environment, columns: columns)
    try typist.expect("gfn> ")
    return typist
  }
}
