import FoundationEssentials
import GFNParameters
import GFNTestSupport
import Testing

@testable import GFNLanguage

@Suite struct SessionTests {
  private func revision(_ transcript: Transcript) -> UInt64 {
    transcript.session.bench.revision
  }

  @Test func undoTakesBackOneTopLevelStatementAtATime() {
    let transcript = Transcript()
    transcript.run("bump\nrepeat 3 { bump }\nevaluate\nlet x = 1")
    #expect(revision(transcript) == 4)
    transcript.run("undo")
    #expect(revision(transcript) == 1)
    transcript.run("undo")
    #expect(revision(transcript) == 0)
    #expect(transcript.run("undo") == .failed)
  }

  @Test func tenStatesAreKept() {
    let transcript = Transcript()
    for _ in 0..<12 { transcript.run("bump") }
    #expect(transcript.run("undo 10") == .done)
    #expect(revision(transcript) == 2)
    #expect(transcript.run("undo") == .failed)
  }

  @Test func aFailedStatementThatChangedTheStateCanBeUndone() {
    let transcript = Transcript()
    transcript.run("fail")
    #expect(revision(transcript) == 1)
    transcript.run("undo")
    #expect(revision(transcript) == 0)
  }

  @Test func snapshotsComeBackAndTheirRestorationCanBeUndone() {
    let transcript = Transcript()
    transcript.run("bump; snapshot a; bump; bump; restore a")
    #expect(revision(transcript) == 1)
    transcript.run("undo")
    #expect(revision(transcript) == 3)
    transcript.run("restore b")
    #expect(transcript.failures.first?.code == "unknown-snapshot")
  }

  /// A state of the tests takes 100 bytes.
  @Test func snapshotsTakeAShareOfTheMemoryAtMost() {
    var options = SessionOptions()
    options.memory = 1_000
    let transcript = Transcript(options: options)
    #expect(transcript.run("bump; snapshot a; bump; snapshot b; bump; snapshot b") == .done)
    #expect(transcript.lines.contains("note: 'a' holds 100 bytes"))
    transcript.run("snapshot c")
    #expect(transcript.failures.map(\.code) == ["too-large"])
    #expect(
      transcript.lines.first?.contains(
        "100 bytes beside the others of 200 bytes would take more than the 250")
        == true)
    #expect(transcript.session.snapshotSizes.map(\.name) == ["a", "b"])
    #expect(transcript.run("restore a") == .done)
  }

  @Test func statesThatWouldFillTheMemoryAreNotKeptForUndo() {
    var options = SessionOptions()
    // The last one, and two more in their twentieth.
    options.memory = 4_000
    let transcript = Transcript(options: options)
    transcript.run("repeat 1 { bump }; bump; bump; bump; bump; undo 3")
    #expect(revision(transcript) == 2)
    transcript.run("undo")
    #expect(transcript.failures.map(\.code) == ["nothing-to-undo"])
    options.memory = 1
    let small = Transcript(options: options)
    small.run("bump; bump; undo")
    #expect(revision(small) == 1)
  }

  @Test func anInterruptKeepsWhatWasDoneAndStopsTheScript() {
    let transcript = Transcript()
    #expect(transcript.run("train 1000 batch=7\nprint 1") == .interrupted)
    #expect(revision(transcript) == 437)
    #expect(transcript.lines.count == 1)
    #expect(transcript.session.effectiveStatements == ["train 437  # of 1000"])
    #expect(transcript.run("print 1") == .done)
  }

  @Test func aSecondInterruptBringsBackTheStart() {
    let transcript = Transcript()
    transcript.run("bump; let x = 1")
    #expect(transcript.run("let x = 2; repeat 2 { train 1000 batch=8 }") == .interrupted)
    #expect(revision(transcript) == 1)
    #expect(
      transcript.lines == [
        "warning: aborted; everything is as before 'repeat 2 { train 1000 batch=8 }'"
      ])
    transcript.run("undo; print $x")
    #expect(revision(transcript) == 0)
    #expect(transcript.lines == ["note: undone: bump", "2"])
  }

  @Test func anInterruptStopsALoopWithoutCommands() {
    let transcript = Transcript()
    transcript.session.interruption.request()
    #expect(transcript.run("while true { }") == .interrupted)
  }

  @Test func anInterruptBeforeTheFirstStatementIsNotLost() {
    let session = Session(
      commands: CommandTable(LanguageCommands.all), options: SessionOptions(isInteractive: true))
    session.interruption.request()
    #expect(session.execute(Cell(source: "while true { }")) { _ in } == .interrupted)
    #expect(session.execute(Cell(source: "print 1")) { _ in } == .done)
  }

  @Test func anAnswerCountsWhateverItsCaseAndTheBlanksAroundIt() {
    let question = Question("?", standard: "up", choices: ["up", "right"])
    #expect(question.meaning(of: " Right\t") == .answer("right"))
    #expect(question.meaning(of: " ") == .answer("up"))
    #expect(question.meaning(of: "left") == .refusal("'left' is none of up, right"))
    #expect(Question("?").meaning(of: "") == .refusal("an answer is needed"))
  }

  @Test func theJournalKeepsStatementsAsTyped() {
    let transcript = Transcript()
    transcript.run("let n = 3 # three\nfor i in 1..$n {\n  bump\n}\nprint $n; evaluate")
    #expect(
      transcript.session.effectiveStatements
        == ["let n = 3", "for i in 1..$n {\n  bump\n}", "print $n", "evaluate"])
  }

  @Test func anUnfinishedStatementIsReplacedByWhatItDid() {
    let transcript = Transcript()
    transcript.run(
      "let n = 2\nfor i in 1..3 { train (2 * $n) batch=$i until=\"tv < {$i}\"; if $i == 2 { fail } }"
    )
    #expect(
      transcript.session.effectiveStatements == [
        "let n = 2",
        """
        if true {
          train 4 batch=1 until="tv < 1"
          train 4 batch=2 until="tv < 2"
          let i = 2
        }
        """,
      ])
  }

  @Test func undoingAFailedStatementLeavesOutNoOther() {
    let transcript = Transcript()
    transcript.run("bump; fail")
    #expect(transcript.session.effectiveStatements == ["bump", "# failed: fail"])
    transcript.run("undo")
    #expect(transcript.session.effectiveStatements == ["bump"])
  }

  @Test func undoneStatementsAreLeftOutUnlessSomethingRestsOnThem() {
    let transcript = Transcript()
    transcript.run("bump\ntrain 5\nundo")
    #expect(transcript.session.effectiveStatements == ["bump"])
    transcript.run("let r = train 5\nundo")
    #expect(transcript.session.effectiveStatements == ["bump", "let r = train 5", "undo"])
    transcript.run("undo")
    #expect(transcript.session.effectiveStatements == ["bump", "let r = train 5", "undo", "undo"])
  }

  @Test func aReplayedRecordGivesTheSameSession() throws {
    let folder = try TemporaryFolder()
    let transcript = Transcript(
      options: SessionOptions(workingDirectory: folder.path, prebound: ["n": "3"]))
    transcript.run("let n ?= 1; bump; record s.gfn; train 1000 batch=7")
    transcript.run("bump; undo; let r = evaluate; fail")
    let script = try transcript.session.files.readText("s.gfn")
    #expect(
      script == """
        let n = 3
        let n ?= 1
        bump
        train 437  # of 1000
        let r = evaluate
        # failed: fail

        """)
    let replay = Transcript()
    #expect(replay.run(script) == .done)
    #expect(replay.run("print $n, $r.revision") == .done)
    #expect(replay.lines == ["3 438"])
    #expect(transcript.session.bench.revision == 439)
  }

  @Test func tablesAreWrittenByExtensionInFullPrecision() throws {
    let folder = try TemporaryFolder()
    let transcript = Transcript(options: SessionOptions(workingDirectory: folder.path))
    #expect(
      transcript.run("for e in [csv, tsv, json, jsonl] { quiet train 3 to=\"out/t.{$e}\" }")
        == .done)
    let files = transcript.session.files
    #expect(try files.readText("out/t.csv") == "step,loss\n3,0.3333333333333333\n")
    #expect(try files.readText("out/t.tsv") == "step\tloss\n3\t0.3333333333333333\n")
    #expect(try files.readText("out/t.json") == "[{\"step\": 3, \"loss\": 0.3333333333333333}]\n")
    #expect(try files.readText("out/t.jsonl") == "{\"step\": 3, \"loss\": 0.3333333333333333}\n")
    #expect(try folder.contents("out") == ["t.csv", "t.json", "t.jsonl", "t.tsv"])
  }

  @Test func csvFieldsAreQuotedWhereTheyMustBe() throws {
    let table = Table(
      columns: [Column("a,b")], rows: [[.text("x\"y")], [.list([.number(1)])], [.none]])
    #expect(try TableFile("t.csv").text(of: table) == "\"a,b\"\n\"x\"\"y\"\n[1]\n\n")
  }

  @Test func readingHasALimitAndNamesWhatIsMissing() throws {
    let folder = try TemporaryFolder()
    let files = Files(workingDirectory: folder.path)
    try files.write("a.txt", "12345".utf8)
    #expect(try files.readText("a.txt") == "12345")
    for (path, code) in [
      ("a.txt", "file-too-large"), ("b.txt", "file-not-found"), (".", "file-unreadable"),
    ] {
      let error = #expect(throws: CommandError.self) { try files.read(path, limit: 4) }
      #expect(error?.code == code)
    }
  }

  @Test func includesRunInTheScopeOfTheScriptAndAreCheckedWithIt() throws {
    let folder = try TemporaryFolder()
    let transcript = Transcript(options: SessionOptions(workingDirectory: folder.path))
    let files = transcript.session.files
    try files.write("sub/a.gfn", "let a = 1\ndef f(x) { return $x + $a }\ninclude \"b.gfn\"".utf8)
    try files.write("sub/b.gfn", "let b = 2".utf8)
    transcript.run("include \"sub/a.gfn\"\nprint f(1), $b")
    #expect(transcript.lines == ["2 2"])
    try files.write("bad.gfn", "\ntrian 5".utf8)
    transcript.run("bump\ninclude \"bad.gfn\"")
    #expect(transcript.lines.first?.hasPrefix("bad.gfn:2:1: error: unknown command") == true)
    #expect(transcript.session.bench.revision == 0)
    try files.write("loop.gfn", "include \"loop.gfn\"".utf8)
    transcript.run("include \"loop.gfn\"")
    #expect(transcript.failures.map(\.code) == ["include-cycle"])
  }

  @Test func anIncludedFileMayExpectASyntaxError() throws {
    let folder = try TemporaryFolder()
    let transcript = Transcript(options: SessionOptions(workingDirectory: folder.path))
    let files = transcript.session.files
    try files.write("good.gfn", "expect error syntax { let 5 }\nprint 1".utf8)
    transcript.run("include \"good.gfn\"")
    #expect(transcript.lines == ["1"])
    try files.write("bad.gfn", "expect error syntax { let 5 }\nlet 6".utf8)
    transcript.run("include \"bad.gfn\"")
    #expect(transcript.failures.map(\.code) == ["syntax"])
    #expect(transcript.failures.first?.line == 2)
  }

  @Test func jsonIsExactAndNamesNoInfinity() {
    let value = Value.record(
      Record(pairs: [
        ("a", .number(0.1)), ("b", .number(.nan)), ("c", .number(-.infinity)),
        ("d", .text("\"\u{1}\n")), ("e", .list([.boolean(true), .none])),
      ]))
    #expect(
      value.json == #"{"a": 0.1, "b": null, "c": null, "d": "\"\u0001\n", "e": [true, null]}"#
    )
  }

  @Test func silentCommandsSayNothingButWarnings() {
    let talk = CommandSpec("talk", group: .look, summary: "say something", result: .open) {
      session, _ in
      session.emit(.notice(Notice(.note, "a note")))
      session.emit(.notice(Notice(.warning, "a warning")))
      return .number(1)
    }
    let transcript = Transcript(more: [talk])
    transcript.run("quiet talk")
    #expect(transcript.lines == ["warning: a warning"])
    transcript.run("let x = talk")
    #expect(transcript.lines == ["note: a note", "warning: a warning"])
  }
}
