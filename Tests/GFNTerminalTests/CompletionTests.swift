import Foundation
import GFNLanguage
import GFNParameters
import GFNTestSupport
import Testing

@testable import GFNTerminal

@Suite struct CompletionTests {
  @Test func whatAllCandidatesShareIsInserted() {
    #expect(Completer.commonBeginning(of: ["lr=", "lr_backward="], typed: "l") == "lr")
    #expect(Completer.commonBeginning(of: ["help"], typed: "h") == "help")
  }

  @Test func nothingTypedIsTakenAway() {
    #expect(Completer.commonBeginning(of: ["RL-G", "TB-U"], typed: "x") == "x")
    #expect(Completer.commonBeginning(of: ["RL-G", "RL-U"], typed: "rl") == "RL-")
  }

  @Test func filesAndFoldersAreOfferedAsTheyAreTyped() throws {
    let folder = try TemporaryFolder()
    for name in ["data/a.csv", "data/b c.csv", "data/.hidden", "data/more/x"] {
      try folder.write("", to: name)
    }
    let start = folder.url.path + "/data/"
    func offered(_ typed: String, quoted isQuoted: Bool = true) -> [String] {
      PathCandidates(typed: start + typed, isQuoted: isQuoted).all
        .map { String($0.text.dropFirst(start.count)) }
    }
    #expect(offered("") == ["a.csv", "b c.csv", "more/"])
    #expect(offered("b") == ["b c.csv"])
    #expect(offered(".") == [".hidden"])
    #expect(offered("nothing").isEmpty)
    // An absolute path is no word: it needs quotes.
    #expect(offered("", quoted: false).isEmpty)
  }

  @Test func aFileEndsItsArgumentAndAFolderDoesNot() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "data/a.csv")
    let inside = PathCandidates(typed: "\(folder.url.path)/data/a", isQuoted: true).all
    #expect(inside.map(\.isFinal) == [false])
    let outside = PathCandidates(typed: "\(folder.url.path)/da", isQuoted: true).all
    #expect(outside.map(\.description) == ["folder"])
  }

  @Test @MainActor func descriptionsAreCutAtTheWindow() {
    let output = Recorder(width: 30)
    CompletionDisplay(output: output.stream).show([
      CompletionMatch(
        insertion: "lr=", display: "lr=", description: "how far a step of Adam goes, at most",
        appendsBlank: false),
      CompletionMatch(
        insertion: "clip=", display: "clip=", description: "", appendsBlank: false),
    ])
    #expect(output.lines == ["", "  lr=    how far a step of A…", "  clip="])
  }

  @Test @MainActor func aLongListIsCounted() {
    let output = Recorder(width: 80)
    let many = (0..<100).map {
      CompletionMatch(insertion: "a\($0)", display: "a\($0)", description: "", appendsBlank: false)
    }
    CompletionDisplay(output: output.stream).show(many)
    #expect(output.lines.last == "  … 60 more; type a letter to narrow the list")
  }
}
