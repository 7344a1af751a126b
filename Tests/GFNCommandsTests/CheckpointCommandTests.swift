import Foundation
import GFNCore
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
    // A rerun of what is finished trains no more, but has its numbers.
    let again = lab.result(
      "\(Self.start); let t = train total=12 checkpoint=run.safetensors; print $t")
    #expect(again.contains("\"step\": 12, \"loss\": null") && again.contains("\"tv\": 0"))
    #expect(lab.result("evaluate") == whole)
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
    try lab.write("\u{1B}[2J" + String(repeating: "x", count: 100_000), to: "bad.txt")
    lab.run("\(ScienceTests.small); evaluate heldout=bad.txt")
    let message = lab.failures.first?.message ?? ""
    #expect(message.hasPrefix("bad.txt:1: '\u{FFFD}[2Jxxx"))
    #expect(message.count <= 1001)
  }
}
