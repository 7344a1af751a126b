import Foundation
import GFNTestSupport
import Testing

@testable import GFNLanguage

/// The file of `record` says at any time what the journal says, and keeps what others did to it apart.
@Suite struct RecordTests {
  private let folder: TemporaryFolder
  private let transcript: Transcript

  init() throws {
    folder = try TemporaryFolder()
    transcript = Transcript(options: SessionOptions(workingDirectory: folder.path))
  }

  /// Another session in the same folder.
  private var other: Transcript {
    Transcript(options: SessionOptions(workingDirectory: folder.path))
  }

  private var record: String {
    get throws { try transcript.session.files.readText("s.gfn") }
  }

  private var journal: String {
    transcript.session.effectiveStatements.map { $0 + "\n" }.joined()
  }

  /// Changes when the file is replaced by another one.
  private var inode: Int? {
    get throws {
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/s.gfn")
      return attributes[.systemFileNumber] as? Int
    }
  }

  @Test func anAnswerIsKeptInPlaceOfItsQuestion() {
    transcript.session.asker = { $0.text == "x?" ? "7" : "a \"b\"" }
    transcript.run("let g = ask \"x?\" default=1")
    transcript.run("let h = ask \"y?\"\nhelp let\nhistory")
    #expect(
      journal == "let g = 7  # ask \"x?\" default=1\nlet h = \"a \\\"b\\\"\"  # ask \"y?\"\n")
  }

  @Test func aFileOfOthersIsReplacedOnlyWhereThatIsSaid() throws {
    try folder.write("precious", to: "p.gfn")
    transcript.run("let a = 1; record p.gfn")
    #expect(transcript.failures.map(\.code) == ["file-exists"])
    #expect(try folder.read("p.gfn") == "precious")
    transcript.run("record p.gfn overwrite=true; let b = 2")
    #expect(try folder.read("p.gfn") == "let a = 1\nlet b = 2\n")
    // What gfn wrote is its own, for another session too.
    let other = other
    other.run("let c = 3")
    transcript.run("record s.gfn")
    #expect(other.run("record p.gfn") == .done)
    #expect(try folder.read("p.gfn") == "let c = 3\n")
  }

  @Test func aRunningOrIncludedScriptIsNeverReplaced() throws {
    try folder.write("let a = 1", to: "part.gfn")
    transcript.run("include \"part.gfn\"; record part.gfn overwrite=true")
    #expect(transcript.failures.map(\.code) == ["file-unwritable"])
    #expect(try folder.read("part.gfn") == "let a = 1")
  }

  @Test func twoSessionsDoNotRecordIntoOneFile() throws {
    transcript.run("record s.gfn; let a = 1")
    let other = other
    other.run("record s.gfn overwrite=true")
    #expect(
      other.failures.map(\.message) == ["'s.gfn' cannot be written: this process keeps it open"])
    #expect(try record == "let a = 1\n")
    // Within the session it is no conflict.
    #expect(transcript.run("record s.gfn; let b = 2") == .done)
    #expect(try record == "let a = 1\nlet b = 2\n")
  }

  @Test func statementsAreAppended() throws {
    transcript.run("let a = 1; record s.gfn")
    let first = try inode
    for statement in ["bump", "if true {\n  let b = \"\u{e9}\"\n}", "fail", "print 1; record"] {
      transcript.run(statement)
      #expect(try record == journal)
    }
    transcript.run("let r = train 5; undo")
    #expect(try record.hasSuffix("let r = train 5\nundo\n"))
    #expect(try inode == first)
  }

  @Test func undoneStatementsAreTakenOut() throws {
    transcript.run("record s.gfn; print 1; bump; print 2; undo")
    #expect(try record == "print 1\nprint 2\n")
    transcript.run("bump; undo; let b = 2; bump")
    #expect(try record == "print 1\nprint 2\nlet b = 2\nbump\n")
  }

  @Test func whatSomeoneElseHasChangedStays() throws {
    transcript.run("record s.gfn; let a = 1")
    // As many bytes as before, and in place.
    let path = folder.path + "/s.gfn"
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.write(contentsOf: Data("#".utf8))
    try file.close()
    transcript.run("let b = 2; let c = 3")
    #expect(try record == "#et a = 1\n")
    #expect(transcript.lines.count { $0.hasPrefix("warning: recording stopped") } == 1)
    #expect(transcript.session.hasLost)
  }

  @Test func aRecordThatWasRemovedIsWrittenAnew() throws {
    transcript.run("record s.gfn; let a = 1")
    let path = folder.path + "/s.gfn"
    try FileManager.default.removeItem(atPath: path)
    transcript.run("let c = 3")
    #expect(try record == journal)
    try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
    transcript.run("let d = 4; let e = 5")
    #expect(try record == journal)
    #expect(try folder.read("s.gfn.old") == "let a = 1\nlet c = 3\n")
  }

  @Test func anotherRecordStartsWithTheWholeSession() throws {
    transcript.run("record s.gfn; let a = 1; record t.gfn; let b = 2")
    #expect(try record == "let a = 1\n")
    #expect(try transcript.session.files.readText("t.gfn") == "let a = 1\nlet b = 2\n")
  }

  @Test func aRecordThatCannotBeWrittenStopsWithAWarning() throws {
    transcript.run("record sub/s.gfn; let a = 1")
    try FileManager.default.removeItem(atPath: folder.path + "/sub")
    try Data().write(to: URL(filePath: folder.path + "/sub"))
    #expect(transcript.run("let b = 2; let c = 3") == .done)
    #expect(transcript.lines.count { $0.hasPrefix("warning: recording stopped") } == 1)
  }
}

/// What a statement found in the variables that it set.
@Suite struct VariablesTests {
  @Test func restoringBringsBackWhatTheStatementFound() {
    var variables = Variables()
    let none = variables.startStatement()
    variables.set("a", to: .number(1))
    variables.endStatement(resuming: none)
    #expect(variables.earlier.isEmpty)
    let before = variables.startStatement()
    variables.set("a", to: .number(2))
    variables.set("a", to: .number(3))
    variables.set("b", to: .number(4))
    variables.restore()
    variables.endStatement(resuming: before)
    #expect(variables["a"]?.displayText == "1")
    #expect(variables["b"] == nil)
  }

  @Test func aChangeInPlaceIsTakenBackToo() {
    var variables = Variables()
    let none = variables.startStatement()
    variables.set("a", to: .number(1))
    variables.endStatement(resuming: none)
    let before = variables.startStatement()
    variables.change("a") { $0 = .number(2) }
    variables.change("a") { $0 = .number(3) }
    variables.change("b") { $0 = .number(4) }
    #expect(variables["a"]?.displayText == "3")
    #expect(variables["b"]?.displayText == "4")
    variables.restore()
    variables.endStatement(resuming: before)
    #expect(variables["a"]?.displayText == "1")
    #expect(variables["b"] == nil)
  }

  @Test func anOuterStatementKnowsWhatAnInnerOneSet() {
    var variables = Variables()
    let none = variables.startStatement()
    variables.set("a", to: .number(1))
    let outer = variables.startStatement()
    variables.set("a", to: .number(2))
    variables.set("b", to: .number(3))
    variables.endStatement(resuming: outer)
    #expect(variables.earlier.keys.sorted() == ["a", "b"])
    variables.restore()
    variables.endStatement(resuming: none)
    #expect(variables.values.isEmpty)
  }

  @Test func anAbortBringsBackVariables() {
    let transcript = Transcript()
    transcript.run("let x = 1")
    #expect(
      transcript.run("if true { let x = 2; let y = 3; train 1000 batch=8 }") == .interrupted)
    transcript.run("print $x")
    #expect(transcript.lines == ["1"])
    transcript.run("print $y")
    #expect(transcript.failures.first?.code == "undefined-variable")
  }

  @Test func definitionsSeeTheNamesOfTheSessionAndOfLaterStatements() {
    let transcript = Transcript()
    transcript.run("let early = 1; def old() { return 5 }")
    #expect(
      transcript.run(
        "def f(a, b=$late) { return $early + $late + $a + $b + old() }\nlet late = 2\nprint f(3)")
        == .done)
    #expect(transcript.lines == ["13"])
    transcript.run("def g(a) { return $erly + $a }")
    #expect(transcript.failures.first?.fix == "did you mean '$early'?")
    transcript.run("def old(n) { return $n }\nprint old()")
    #expect(transcript.failures.first?.code == "missing-argument")
  }
}
