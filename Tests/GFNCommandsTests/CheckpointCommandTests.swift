import Foundation
import GFNCore
import GFNParameters
import OrderedCollections
import Testing

@testable import GFNCommands
@testable import GFNLanguage

@Suite struct CheckpointCommandTests {
  private static let start = "\(ScienceTests.small); method RL-G; seed 3"

  private func step(_ lab: Lab) -> Double {
    _ = lab.result("show")
    return lab.number("step")
  }

  @Test func savedAndResumedStepsAreTheSameSteps() throws {
    let whole = try Lab().result("\(Self.start); train 10; train 10 every=1")
    let lab = try Lab()
    lab.run("\(Self.start); train 10; save s.safetensors; train 7; seed 9")
    #expect(lab.run("load s.safetensors resume=true") == .done)
    #expect(lab.number("step") == 10)
    #expect(lab.result("train 10 every=1") == whole)
    // Also in another session, whose seed is another.
    let other = try Lab()
    try FileManager.default.copyItem(
      at: lab.folder.appendingPathComponent("s.safetensors"),
      to: other.folder.appendingPathComponent("s.safetensors"))
    other.run("\(ScienceTests.small); method RL-G; load s.safetensors resume=true")
    #expect(other.session.workbench.seed == 3)
    #expect(other.result("train 10 every=1") == whole)
  }

  @Test func whatCannotBeResumedIsNamedAndChangesNothing() throws {
    let lab = try Lab()
    lab.run("\(Self.start); train 3; save s.safetensors; save w.safetensors weights=true")
    #expect(lab.code("load w.safetensors resume=true") == "file")
    #expect(lab.failures.first?.message.contains("holds no training state") == true)
    #expect(lab.code("load s.safetensors resume=true as=pf") == "option")
    #expect(lab.code("method RL-G lambda=0.5; load s.safetensors resume=true") == "mismatch")
    let message = lab.failures.first?.message ?? ""
    #expect(message.contains("configuration.objective.lambda is none there and 0.5 here"))
    #expect(step(lab) == 3)
    #expect(lab.code("load s.safetensors") == "none")
  }

  @Test func aCheckpointedRunGoesOnWhereItsFileStands() throws {
    let whole = try Lab().result("\(Self.start); train 12; evaluate")
    let lab = try Lab()
    lab.run("\(Self.start); train 6 checkpoint=run.safetensors every=3")
    lab.run("\(Self.start); train 6 checkpoint=run.safetensors; evaluate")
    #expect(lab.notices.contains("goes on from 'run.safetensors' at step 6"))
    #expect(lab.result("evaluate") == whole)
    // A rerun of what is finished trains no more, has its numbers and changes no byte.
    let bytes = try Data(contentsOf: lab.folder.appendingPathComponent("run.safetensors"))
    lab.run("\(Self.start); log csv=log.csv; train total=12 checkpoint=run.safetensors")
    guard case .table(let table)? = lab.values.last?.value else {
      Issue.record("no table")
      return
    }
    let last = table.row(0)
    #expect(table.rows.count == 1 && last.fields["step"]?.json == "12")
    for name in ["loss", "log_z", "tv", "mean_reward", "entropy"] {
      guard case .number(let value, _)? = last.fields[name] else {
        Issue.record("no \(name)")
        continue
      }
      #expect(value.isFinite)
    }
    #expect(lab.notices.contains("already done: 'run.safetensors' is at step 12"))
    #expect(lab.result("evaluate") == whole)
    #expect(
      try Data(contentsOf: lab.folder.appendingPathComponent("run.safetensors")) == bytes)
    let log = try String(
      contentsOf: lab.folder.appendingPathComponent("log.csv"), encoding: .utf8)
    #expect(log.split(separator: "\n").count == 1)
  }

  @Test func aFileAloneSetsUpAnotherSession() throws {
    let set = """
      policy layers=1 hidden=12; env hypergrid dim=3 side=5 r0=0.01; critic layers=1 hidden=6; seed 5
      method TB-U log_z=auto; optimizer lr=0.004; explore epsilon=0.1 decay=0.9 replay=objects
      """
    let lab = try Lab()
    lab.run("\(set); train 4; save s.safetensors")
    let whole = lab.result("train 4 every=1; evaluate")
    let other = try Lab()
    let file = lab.folder.appendingPathComponent("s.safetensors").path
    #expect(other.run("load \"\(file)\" resume=true") == .done)
    #expect(other.notices == ["set up as '\(file)' says: env hypergrid dim=3 side=5 r0=0.01"])
    #expect(other.session.workbench.script == lab.session.workbench.script)
    #expect(other.result("train 4 every=1; evaluate") == whole)
    #expect(other.run("undo 2; show") == .done)
    #expect(other.session.workbench.environment == nil)
  }

  @Test func aFileThatAsksForMoreThanSettingsIsRefused() throws {
    let lab = try Lab()
    lab.run("\(Self.start); train 1")
    for settings in ["save x.safetensors", "env hypergrid side=$n", "let a = 1", "env nothing"] {
      var file = try #require(try lab.session.workbench.checkpoint())
      file.metadata["configuration"] = settings
      try lab.session.files.write("s.safetensors", try file.encoded())
      let other = try Lab()
      let path = lab.folder.appendingPathComponent("s.safetensors").path
      #expect(other.run("load \"\(path)\" resume=true") == .failed, "\(settings)")
      #expect(other.session.workbench.environment == nil)
      #expect(try FileManager.default.contentsOfDirectory(atPath: other.folder.path) == [])
    }
  }

  @Test func optimizerAndExplorationMayBeChangedOnTheWay() throws {
    let lab = try Lab()
    let start = "\(ScienceTests.small); method TB-U"
    lab.run("\(start); explore replay=objects; train 4 checkpoint=run.safetensors")
    lab.run("\(start); optimizer lr=0.0001; explore epsilon=0.2 replay=none")
    #expect(lab.run("train 4 checkpoint=run.safetensors") == .done)
    #expect(step(lab) == 8)
    lab.run("optimizer lr=0.0002; reset")
    #expect(lab.run("train 1 checkpoint=run.safetensors") == .done)
    let note = try #require(
      lab.notices.first { $0.hasPrefix("goes on under other settings") })
    #expect(note.contains("configuration.optimizer.lr is 0.0001 there and 0.0002 here"))
    #expect(lab.session.workbench.configuration.optimizer.policyRate == 0.0002)
  }

  @Test func aTableThatHasChangedIsNoticed() throws {
    let lab = try Lab()
    try lab.write("a,b,c\n1,2,1\n2,3,1\n3,5,4\n4,4,2\n", to: "data.csv")
    let start =
      "policy layers=1 hidden=8; env bayesnet data=data.csv; train 2 checkpoint=r.safetensors"
    #expect(lab.run(start) == .done)
    #expect(lab.run(start) == .done)
    try lab.write("a,b,c\n1,2,1\n2,3,1\n3,5,4\n4,4,3\n", to: "data.csv")
    #expect(lab.code(start) == "mismatch")
    #expect(
      lab.failures.first?.message.contains("the file that 'data=' names has other contents now")
        == true)
    #expect(
      try Lab().code("load \"\(lab.folder.path)/r.safetensors\" resume=true") == "file-not-found")
  }

  @Test func dataOfTheEnvironmentAreNeverOverwritten() throws {
    let lab = try Lab()
    let table = "a,b,c\n1,2,1\n2,3,1\n3,5,4\n4,4,2\n"
    try lab.write(table, to: "data.csv")
    lab.run("policy layers=1 hidden=8; env bayesnet data=data.csv")
    for command in [
      "sample 3 to=data.csv", "sample 3 to=data.csv overwrite=true",
      "let t = sample 3; save $t to=data.csv overwrite=true", "log csv=data.csv",
      "log jsonl=data.csv",
      "save data.csv overwrite=true",
    ] {
      #expect(lab.code(command) == "file-unwritable", "\(command)")
    }
    #expect(
      try String(contentsOf: lab.folder.appendingPathComponent("data.csv"), encoding: .utf8)
        == table)
  }

  @Test func anotherMethodOrSeedDoesNotContinueAFile() throws {
    let lab = try Lab()
    lab.run("\(Self.start); train 2 checkpoint=run.safetensors")
    #expect(lab.code("seed 4; reset; train 2 checkpoint=run.safetensors") == "mismatch")
    #expect(lab.failures.first?.message.contains("seed is 3 there and 4 here") == true)
    #expect(lab.code("env hypergrid side=9; train 2 checkpoint=run.safetensors") == "mismatch")
    try lab.write("nothing", to: "broken.safetensors")
    #expect(lab.code("train 2 checkpoint=broken.safetensors") == "file")
    #expect(lab.code("train 2 checkpoint=\"/nowhere/run\"") == "write-refused")
  }

  @Test func anInterruptWritesTheStateAndAnAbortDoesNot() throws {
    let lab = try Lab()
    lab.run(Self.start)
    let command = "train 1000 every=4 checkpoint=run.safetensors"
    #expect(lab.run(command, observer: lab.interrupting(1)) == .interrupted)
    #expect(
      lab.session.effectiveStatements.last
        == "train total=4 every=4 checkpoint=run.safetensors  # of 1000")
    #expect(
      lab.notices.contains {
        $0.contains("'train total=1000 every=4 checkpoint=run.safetensors' goes on")
      })
    #expect(lab.run("load run.safetensors resume=true") == .done)
    #expect(lab.number("step") == 4)
    lab.run("reset")
    #expect(lab.run("train 100 every=50 checkpoint=run.safetensors") == .done)
    #expect(step(lab) == 104)
  }

  @Test func aCheckpointIsTrainedIntoByOneProcess() throws {
    let lab = try Lab()
    let files = Files(workingDirectory: lab.folder.path)
    var other: Descriptor? = try files.keep("run.safetensors")
    #expect(lab.code("\(Self.start); train 2 checkpoint=run.safetensors") == "file-unwritable")
    #expect(other != nil)
    other = nil
    #expect(lab.code("train 2 checkpoint=run.safetensors") == "none")
    // What was only locked leaves nothing behind.
    lab.run("optimizer lr=1e30; train 50 checkpoint=never.safetensors every=50")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: lab.folder.path) == ["run.safetensors"])
  }

  /// What there is at an interrupt is kept and written, however long that takes.
  @Test func aLateInterruptLosesNoTable() throws {
    let lab = try Lab()
    lab.run(Self.start)
    var isFirst = true
    let outcome = lab.run("let t = train 1000 every=2 to=rows.csv") { event in
      // Progress, as rows of a value that is taken are not shown.
      guard case .progress = event, isFirst else { return }
      isFirst = false
      lab.session.interruption.request()
      Thread.sleep(forTimeInterval: 0.7)
    }
    #expect(outcome == .interrupted)
    #expect(step(lab) > 0)
    #expect(
      try String(contentsOf: lab.folder.appendingPathComponent("rows.csv"), encoding: .utf8)
        .hasPrefix("step,"))
    #expect(lab.session.effectiveStatements.contains { $0.hasPrefix("let t = train ") })
  }

  @Test func undoBringsBackWhatWasThereBeforeAFile() throws {
    let lab = try Lab()
    lab.run("\(Self.start); train 2; save s.safetensors; train 3")
    lab.run("load s.safetensors resume=true; undo")
    #expect(step(lab) == 5)
  }
}

/// Files that a long command could not write at its end.
@Suite struct UnwritableFileTests {
  @Test(
    arguments: [
      "compare TB-U seeds=1 steps=2 to=file.txt", "train 3 checkpoint=file.txt/a.safetensors",
      "train 3 to=file.txt/a.csv", "train 3 to=folder.csv",
    ])
  func theyAreFoundBeforeTheFirstStep(_ command: String) throws {
    let lab = try Lab()
    try lab.write("x", to: "file.txt")
    try FileManager.default.createDirectory(
      at: lab.folder.appendingPathComponent("folder.csv"), withIntermediateDirectories: true)
    lab.run(
      "\(ScienceTests.small); \(command)",
      observer: { event in
        if case .row = event { Issue.record("something was trained") }
      })
    #expect(lab.failures.map(\.code) == ["file-unwritable"])
  }

  /// The error points at the option that names the file, not at the whole command.
  @Test(
    arguments: [
      ("env bayesnet data=text.csv", "text.csv"), ("env bayesnet data=none.csv", "none.csv"),
      ("env graph file=text.csv", "text.csv"),
      ("env hypergrid side=4; load text.csv resume=true", "text.csv"),
    ])
  func anUnusableFileIsMarkedWhereItIsNamed(_ statement: String, _ marked: String) throws {
    let lab = try Lab()
    try lab.write("A,B\n1,2\n3,x\n", to: "text.csv")
    lab.run(statement)
    let carets = lab.failures.first?.rendered().split(separator: "\n").last ?? ""
    #expect(carets.filter { $0 == "^" || $0 == "~" }.count == marked.count)
  }

  @Test func aMessageQuotesNoControlCharactersAndNoMoreThanAPersonReads() throws {
    let lab = try Lab()
    let line = "\u{1B}[2J" + String(repeating: "x", count: 100_000)
    try lab.write("0,0\n" + line, to: "bad.txt")
    lab.run("\(ScienceTests.small); evaluate heldout=bad.txt")
    let message = lab.failures.first?.message ?? ""
    #expect(message.hasPrefix("bad.txt:2: '\u{FFFD}[2Jxxx"))
    #expect(message.count <= 1001)
  }
}
