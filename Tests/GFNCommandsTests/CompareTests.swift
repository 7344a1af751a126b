import Foundation
import GFNCore
import GFNParameters
import GFNTestSupport
import OrderedCollections
import Synchronization
import Testing

@testable import GFNCommands
@testable import GFNLanguage

@Suite struct CompareTests {
  private static let small = ScienceTests.small

  private func table(_ lab: Lab) throws -> Table {
    guard case .table(let table)? = lab.values.last?.value else {
      Issue.record("no table: \(lab.failures.map { $0.rendered() })")
      return Table(columns: [], rows: [])
    }
    return table
  }

  private func number(_ value: Value?) -> Double {
    if case .number(let number, _)? = value { number } else { .nan }
  }

  @Test func theNumbersAreThoseOfTrainingByHand() throws {
    let lab = try Lab()
    lab.run("\(Self.small); optimizer lr=0.002; explore epsilon=0")
    #expect(
      lab.run("compare [TB-U, \"RL-G lambda=0.9\", \"TB-U epsilon=0.3\"] seeds=[3, 5] steps=6")
        == .done)
    let found = try table(lab)
    let methods = ["method TB-U", "method RL-G lambda=0.9", "method TB-U; explore epsilon=0.3"]
    for (row, method) in methods.enumerated() {
      var tvs: [Double] = []
      var visited: [Double] = []
      for seed in [3, 5] {
        let other = try Lab()
        _ = other.result(
          "\(Self.small); optimizer lr=0.002; \(method); seed \(seed); reset; train 6; evaluate")
        tvs.append(other.number("tv"))
        visited.append(other.number("states_visited"))
      }
      let record = found.row(row)
      #expect(number(record.fields["tv"]) == (tvs[0] + tvs[1]) / 2)
      #expect(abs(number(record.fields["tv_sd"]) - abs(tvs[0] - tvs[1]) / 2.0.squareRoot()) < 1e-12)
      #expect(number(record.fields["states_visited"]) == (visited[0] + visited[1]) / 2)
      #expect(number(record.fields["evaluations"]) == 6 * 128)
      #expect((number(record.fields["guide_evaluations"]) > 0) == (row == 1))
    }
  }

  @Test func theSessionIsLeftAlone() throws {
    let lab = try Lab()
    let start = "\(Self.small); method TB-U; explore epsilon=0.2; train 3"
    let plain = try Lab().result("\(start); train 3 every=1")
    #expect(lab.run("\(start); compare [RL-U] seeds=1 steps=2; sample 1") == .done)
    #expect(lab.result("train 3 every=1") == plain)
    #expect(lab.session.workbench.script.contains("explore epsilon=0.2"))
  }

  @Test func variantsAreCheckedBeforeAnythingRuns() throws {
    func codes(_ source: String) throws -> [String] {
      let lab = try Lab()
      return lab.session.check(Cell(source: source)).map(\.code)
    }
    #expect(try codes("compare [TB-U, RL-Q] seeds=1 steps=2") == ["unknown-word"])
    #expect(try codes("compare \"RL-G lamda=0.5\" seeds=1 steps=2") == ["unknown-option"])
    #expect(try codes("compare [\"RL-G lambda=2\"] seeds=1 steps=2") == ["out-of-range"])
    #expect(try codes("compare [\"TB-U lambda=0.5\"] seeds=1 steps=2") == ["option"])
    #expect(try codes("compare [\"TB-U; train 5\"] seeds=1 steps=2") == ["syntax"])
    #expect(try codes("compare [\"RL-U lambda=$x\"] seeds=1 steps=2") == ["syntax"])
    #expect(try codes("compare [TB-U] steps=2") == ["missing-argument"])
    #expect(try codes("let t = compare [TB-U] seeds=1 steps=2; print $t.tw") == ["unknown-field"])
    let lab = try Lab()
    lab.run(Self.small)
    #expect(lab.code("compare [RL-U, \"RL-U epsilon=0.1\"] seeds=1 steps=2") == "conflict")
    #expect(lab.code("compare [TB-U, TB-U] seeds=1 steps=2") == "option")
    #expect(lab.code("compare [TB-U] seeds=[1, 1] steps=2") == "option")
    #expect(lab.code("compare [TB-U] seeds=1 steps=2 evaluations=5") == "option")
    #expect(lab.code("compare [TB-U] seeds=1") == "missing-argument")
    #expect(lab.code("compare [] seeds=1 steps=1") == "option")
    #expect(lab.code("let x = 0.5; compare [\"RL-U lambda={$x}\"] seeds=1 steps=1") == "none")
    #expect(try Lab().code("compare [TB-U] seeds=1 steps=1") == "no-environment")
    #expect(
      try Lab().code("env hypergrid dim=9 side=30; compare [TB-U] seeds=1 steps=1 measure=tv")
        == "too-large")
  }

  @Test func largeEnvironmentsAreMeasuredBySamples() throws {
    let lab = try Lab()
    lab.run("env hypergrid dim=9 side=30; policy layers=1 hidden=8; critic layers=1 hidden=8")
    #expect(lab.run("compare RL-G seeds=1 steps=2 batch=4") == .done)
    let names = try table(lab).columns.map(\.name)
    #expect(names.contains("mean_reward") && !names.contains("tv"))
  }

  // MARK: - Folders

  private func text(_ lab: Lab, _ name: String) throws -> String {
    try String(contentsOf: lab.folder.appendingPathComponent(name), encoding: .utf8)
  }

  private static let comparison =
    "compare [TB-U, \"TB-B log_z=auto\"] seeds=1..2 steps=4 every=2 to=out"

  @Test func finishedRunsAreNotTrainedAgain() throws {
    let lab = try Lab()
    let first = lab.result("\(Self.small); \(Self.comparison)")
    let runs = try text(lab, "out/runs.csv")
    #expect(runs.split(separator: "\n").count == 1 + 4)
    #expect(try text(lab, "out/curves.csv").split(separator: "\n").count == 1 + 8)
    // A wrong number in the file is believed, as the run is finished; the others keep theirs.
    #expect(lab.result(Self.comparison) == first)
    #expect(lab.notices.contains("4 of 4 runs were finished already"))
    #expect(try text(lab, "out/runs.csv") == runs)
    lab.run("compare [TB-U, \"TB-B log_z=auto\"] seeds=1..3 steps=4 every=2 to=out")
    #expect(lab.notices.contains("4 of 6 runs were finished already"))
    // The tables are in the order of variants and seeds.
    let rows = try text(lab, "out/runs.csv").split(separator: "\n").dropFirst()
    #expect(
      rows.map { $0.split(separator: ",").prefix(2).joined(separator: " ") }
        == [
          "TB-U 1", "TB-U 2", "TB-U 3", "TB-B log_z=auto 1", "TB-B log_z=auto 2",
          "TB-B log_z=auto 3",
        ])
    #expect(
      Set(runs.split(separator: "\n")).isSubset(
        of: try text(lab, "out/runs.csv").split(separator: "\n")))
  }

  @Test func aTableThatSomeoneElseHasChangedStays() throws {
    let lab = try Lab()
    #expect(lab.run("\(Self.small); \(Self.comparison)") == .done)
    let runs = try text(lab, "out/runs.csv") + "mine,1\n"
    try lab.write(runs, to: "out/runs.csv")
    #expect(lab.code(Self.comparison) == "file-exists")
    #expect(try text(lab, "out/runs.csv") == runs)
  }

  @Test func severalProcessesShareAFolderAndTheRuns() throws {
    let whole = try Lab().result("\(Self.small); \(Self.comparison)")
    let folder = try TemporaryFolder()
    let command = Self.comparison.replacingOccurrences(
      of: "to=out", with: "to=\"\(folder.path)/out\"")
    let results = Mutex<[(table: String, trained: Int)]>([])
    let group = DispatchGroup()
    for _ in 0..<3 {
      // A session lives on one thread.
      group.enter()
      Thread.detachNewThread {
        defer { group.leave() }
        guard let lab = try? Lab() else { return }
        let table = lab.result("\(Self.small); \(command)")
        let kept = lab.notices.compactMap { notice in
          notice.hasSuffix("finished already") || notice.hasSuffix("trained elsewhere")
            ? Int(notice.prefix { $0.isNumber }) : nil
        }
        results.withLock { $0.append((table, 4 - (kept.first ?? 0))) }
      }
    }
    group.wait()
    let all = results.withLock { $0 }
    #expect(all.map(\.table) == [whole, whole, whole])
    #expect(all.map(\.trained).reduce(0, +) == 4)
    let runs = try folder.read("out/runs.csv").split(separator: "\n")
    #expect(runs.count == 1 + 4)
    #expect(try folder.read("out/curves.csv").split(separator: "\n").count == 1 + 8)
    #expect(try folder.contents("out/runs").count == 4)
  }

  @Test func aRunThatIsTrainedElsewhereIsWaitedFor() throws {
    let lab = try Lab()
    lab.run(Self.small)
    let claimed = "out/runs/TB-U,seed=1.csv"
    var claim = try Files(workingDirectory: lab.folder.path).claim(claimed)
    #expect(claim != nil)
    // The other one gives up while this one waits.
    var waited = 0
    let outcome = lab.run(Self.comparison) { event in
      guard case .notice(let notice) = event, notice.message.hasPrefix("waiting for 1 run ") else {
        return
      }
      waited += 1
      claim = nil
    }
    #expect(outcome == .done && waited == 1 && claim == nil)
    #expect(try text(lab, "out/runs.csv").split(separator: "\n").count == 1 + 4)
  }

  @Test func aFolderOfOtherRunsIsRefused() throws {
    let lab = try Lab()
    #expect(lab.run("\(Self.small); \(Self.comparison)") == .done)
    let runs = try text(lab, "out/runs.csv")
    func message(_ source: String) -> String {
      lab.run(source)
      return (lab.failures.first.map { "\($0.code): \($0.message)" }) ?? "none"
    }
    // A table that is empty was not collected yet.
    try lab.write("", to: "out/runs.csv")
    #expect(message("\(Self.comparison)") == "none")
    let other = "compare [TB-U, \"TB-B log_z=auto\"] seeds=1..2 steps=5 every=2 to=out"
    #expect(
      message(other).hasPrefix(
        "mismatch: 'out/runs/TB-U,seed=1.csv' holds 'TB-U' with seed 1 under another budget"))
    #expect(message("\(Self.comparison) batch=7").contains("another batch: '128' there, '7' here"))
    #expect(message("\(Self.comparison) measure=jsd").contains("has the columns"))
    #expect(message("optimizer lr=0.5; \(Self.comparison)").contains("another configuration"))
    #expect(
      message("undo; reward r0=0.02; \(Self.comparison)").contains("another environment"))
    #expect(try text(lab, "out/runs.csv") == runs)
    try lab.write("a\"b,\n", to: "out/runs.csv")
    #expect(message(Self.comparison).hasPrefix("mismatch"))
    try lab.write(runs, to: "old/runs.csv")
    #expect(
      message(Self.comparison.replacingOccurrences(of: "to=out", with: "to=old"))
        .hasPrefix("mismatch: 'old/runs.csv' is there without the files in 'old/runs'"))
    try lab.write("\"a", to: "out/runs.csv")
    #expect(message(Self.comparison).hasPrefix("file"))
  }

  @Test func anInterruptedComparisonKeepsItsFinishedRunsAndGoesOn() throws {
    let whole = try Lab().result("\(Self.small); \(Self.comparison)")
    let lab = try Lab()
    lab.run(Self.small)
    let outcome = lab.run(Self.comparison) { event in
      // TB-U's two runs are over.
      if case .progress(let progress) = event, progress.done == 2, !progress.isLast {
        lab.session.interruption.request()
      }
    }
    #expect(outcome == .interrupted)
    #expect(lab.notices.contains { $0.contains("stopped after 2 of 4 runs") })
    #expect(try table(lab).rows.count == 1)
    #expect(try text(lab, "out/runs.csv").split(separator: "\n").count == 3)
    // A run that is claimed and not finished is trained again.
    try lab.write("", to: "out/runs/TB-U,seed=3.csv")
    #expect(lab.result(Self.comparison) == whole)
    #expect(try text(lab, "out/curves.csv").split(separator: "\n").count == 1 + 8)
  }

  @Test func aRunThatDivergesIsToldAndLeavesNoMean() throws {
    let lab = try Lab()
    lab.run("\(Self.small); optimizer lr=1e30; compare [TB-U] seeds=1 steps=50")
    #expect(lab.notices.contains { $0.hasPrefix("'TB-U' with seed 1: step ") })
    let row = try table(lab).row(0)
    guard case Value.none? = row.fields["tv"] else {
      Issue.record("\(String(describing: row.fields["tv"]))")
      return
    }
  }
}
