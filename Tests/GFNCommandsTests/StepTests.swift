import Foundation
import GFNCore
import OrderedCollections
import Testing

@testable import GFNCommands
@testable import GFNLanguage

/// `step`, `apropos`, what `seed` and `explore` say alone, and the way back of a session.
@Suite struct StepTests {
  private static let small = ScienceTests.small

  private func weights(_ lab: Lab) -> [Estimator: [Float]] {
    lab.session.workbench.training?.networks.mapValues(\.parameters) ?? [:]
  }

  @Test(arguments: ["TB-B", "DB-U", "FM", "VarGrad-U", "RL-U", "RL-G", "RL-T", "PPO-B", "TB-TLM"])
  func aStepIsTheStepThatTrainTakes(_ method: String) throws {
    let start = "\(Self.small); method \(method); train 2"
    let (trained, stepped) = (try Lab(), try Lab())
    #expect(trained.run("\(start); train 1 batch=32; train 1") == .done)
    #expect(stepped.run("\(start); step batch=32; step show=0") == .done)
    #expect(weights(trained) == weights(stepped))
    #expect(
      trained.session.workbench.training?.logZ == stepped.session.workbench.training?.logZ)
    #expect(trained.result("train 1 every=1") == stepped.result("train 1 every=1"))
  }

  @Test func stepsJoinTheCurveOfTheRun() throws {
    let lab = try Lab()
    #expect(lab.run("\(Self.small); train 2; step batch=8; step batch=8; plot curve") == .done)
    guard case .figure(let figure)? = lab.values.last?.value,
      case .lines(let charts) = figure.content
    else {
      Issue.record("no curve")
      return
    }
    #expect(charts.map(\.yLabel) == ["tv, jsd", "loss", "log_z"])
    #expect(charts.map { $0.series[0].points.map(\.x) } == [[2], [2, 3, 4], [2, 3, 4]])
    let history = try #require(lab.session.workbench.training?.history)
    #expect(history.points("evaluations").map(\.value) == [256, 264, 272])
  }

  @Test func whatAStepShowsAddsUpToItsLoss() throws {
    let lab = try Lab()
    _ = lab.run("\(Self.small); method RL-U; step batch=8 show=8")
    guard case .table(let table)? = lab.values.last?.value else {
      Issue.record("no table: \(lab.failures.map(\.message))")
      return
    }
    let column = try #require(table.columns.firstIndex { $0.name == "r" })
    let total = table.rows.reduce(0.0) { sum, row in
      if case .number(let r, _) = row[column] { sum + r } else { .nan }
    }
    #expect(abs(total / 8 - lab.number("loss")) < 1e-9)
    #expect(lab.number("step") == 1)
    #expect(lab.number("trajectories") == 8)
    #expect(lab.number("moved_pf") > 0)
    #expect(lab.number("norm_pf") > 0)
    #expect(lab.number("log_z_before") == 0)
  }

  @Test func theMoveIsTheDistanceOfTheWeights() throws {
    let lab = try Lab()
    _ = lab.run("\(Self.small); method TB-B")
    let before = weights(lab)
    _ = lab.run("step batch=4 show=0")
    for (name, estimator) in [("moved_pf", Estimator.forwardPolicy), ("moved_pb", .backwardPolicy)]
    {
      let old = try #require(before[estimator])
      let new = try #require(weights(lab)[estimator])
      let squares = zip(old, new).reduce(0.0) {
        $0 + Double($1.1 - $1.0) * Double($1.1 - $1.0)
      }
      #expect(abs(lab.number(name) - squares.squareRoot()) < 1e-6)
    }
  }

  @Test func undoTakesAStepBack() throws {
    let lab = try Lab()
    _ = lab.run("\(Self.small); method TB-U; train 1")
    let before = weights(lab)
    #expect(lab.run("step batch=8; undo") == .done)
    #expect(weights(lab) == before)
    #expect(lab.session.workbench.training?.step == 1)
  }

  @Test func aStepThatFailsSaysWhatIsNotFiniteAndMovesNothing() throws {
    let lab = try Lab()
    _ = lab.run("\(Self.small); method DB-B; train 2; optimizer lr=1e25")
    let before = weights(lab)
    #expect(lab.run("train 5 measure=[]") == .failed)
    let message = lab.failures.first?.message ?? ""
    #expect(message.contains("'step' replays the batch"))
    let kept = lab.session.workbench.training?.step
    #expect(lab.run("step show=2") == .done)
    #expect(lab.notices.contains { $0.contains("the step was not taken") })
    guard case .table(let table)? = lab.values.last?.value else {
      Issue.record("no table")
      return
    }
    #expect(table.rows.isEmpty == false)
    #expect(table.fields["not_finite"] != nil)
    #expect(lab.session.workbench.training?.step == kept)
    #expect(weights(lab) == before)
  }

  // MARK: - Words

  @Test func aproposFindsNamesBeforeTextsAndEveryKind() throws {
    let lab = try Lab()
    func found(_ words: String) -> [String] {
      _ = lab.run("apropos \(words)")
      guard case .table(let table)? = lab.values.last?.value else {
        Issue.record("no table: \(lab.failures.map(\.message))")
        return []
      }
      return table.rows.map { "\($0[0].displayText) \($0[1].displayText)" }
    }
    #expect(found("SNAPSHOT").prefix(2) == ["snapshot command", "unknown-snapshot error"])
    #expect(found("epsilon").contains("epsilon option of explore"))
    #expect(found("trust region").contains { $0.hasPrefix("RL-T") || $0.hasPrefix("delta") })
    #expect(found("jensen divergence").contains("jsd field"))
    #expect(lab.run("apropos snapshto") == .failed)
    #expect(lab.failures.first?.rendered().contains("did you mean 'snapshot'?") == true)
  }

  @Test func seedAndExploreAloneSayWhatHolds() throws {
    let lab = try Lab()
    #expect(lab.result("seed 7; seed") == "7")
    _ = lab.run("\(Self.small); method TB-U; explore epsilon=0.5 decay=0.5; train 2 batch=2")
    #expect(lab.result("explore").contains("\"epsilon\": 0.125"))
    #expect(lab.session.effectiveStatements.last == "explore")
  }

  // MARK: - The way back

  @Test func aBookmarkBringsBackAllThatStatementsChange() throws {
    let lab = try Lab()
    _ = lab.run("\(Self.small); method TB-U; let x = 1; def f() { return 1 }; train 1 batch=4")
    _ = lab.run("snapshot a; train 1 batch=4")
    let before = (weights(lab), lab.session.effectiveStatements, lab.session.snapshotNames)
    let bookmark = lab.session.bookmark
    #expect(
      lab.run("let x = 2; let y = 3; def f() { return 2 }; snapshot b; train 3; seed 9; restore a")
        == .done)
    lab.session.goBack(to: bookmark)
    #expect(weights(lab) == before.0)
    #expect(lab.session.effectiveStatements == before.1)
    #expect(lab.session.snapshotNames == before.2)
    #expect(lab.session.workbench.seed == 0)
    #expect(lab.run("assert $x + f() == 2") == .done)
    #expect(lab.run("print $y") == .failed)
    // The undo that there was then.
    #expect(lab.run("undo; undo") == .done)
    #expect(lab.session.workbench.training?.step == 0)
  }

  @Test func aRecordFollowsTheWayBack() throws {
    let lab = try Lab()
    _ = lab.run("record \"r.gfn\"; let x = 1")
    let bookmark = lab.session.bookmark
    _ = lab.run("let x = 2")
    lab.session.goBack(to: bookmark)
    _ = lab.run("let z = 3")
    let path = lab.folder.path + "/r.gfn"
    let text = String(decoding: try lab.session.files.read(path), as: UTF8.self)
    #expect(text == "let x = 1\nlet z = 3\n")
  }
}
