import Foundation
import GFNCore
import OrderedCollections
import Testing

@testable import GFNCommands
@testable import GFNLanguage

/// Bayesian networks at the prompt.
@Suite struct BayesnetTests {
  static let start = """
    policy layers=1 hidden=16; critic layers=1 hidden=16
    env bayesnet data=data.csv temperature=2
    """

  /// b follows a, c both, and d nothing.
  private func lab(threads: Int = 1) throws -> Lab {
    let lab = try Lab(threads: threads)
    let rows = (0..<20).map { row -> String in
      let a = Double(row * 7 % 20)
      let d = Double(row * 3 % 11)
      return "\(a),\(a + Double(row % 3)),\(2 * a - Double(row % 5)),\(d)"
    }
    try lab.write((["a,b,c,d"] + rows).joined(separator: "\n"), to: "data.csv")
    try lab.write("Cause,Effect\na,b\na,c\n", to: "truth.csv")
    return lab
  }

  private func table(_ lab: Lab) throws -> Table {
    guard case .table(let table)? = lab.values.last?.value else {
      throw CocoaError(.featureUnsupported)
    }
    return table
  }

  @Test(arguments: ["TB-U", "TB-B", "RL-U", "RL-B", "RL-G", "RL-T"])
  func everyMethodTrainsWithoutInfinities(_ method: String) throws {
    let script = """
      \(Self.start); method \(method); train 4 every=2; sample 3; trace; trace end="a>b b>c"
      inspect "0>1"; inspect empty; top 2; top 2 samples=20; modes; gradient; edges; edges samples=10
      train 2 every=1
      """
    let one = try lab()
    let result = one.result(script)
    #expect(result.contains("mean_log_reward"))
    #expect(!one.values.map { $0.value.json }.joined().contains("inf"))
    #expect(try lab(threads: 3).result(script) == result)
  }

  /// R overflows here, and where it does not it is no number to look at.
  @Test(arguments: [0.001, 2])
  func measuresShowTheLogarithmOfTheReward(_ temperature: Double) throws {
    let lab = try lab()
    lab.run("\(Self.start); reward temperature=\(temperature); train 2")
    for statement in ["evaluate", "evaluate samples=20"] {
      lab.run(statement)
      guard case .record(let record)? = lab.values.last?.value else {
        throw CocoaError(.featureUnsupported)
      }
      let names = Set(record.fields.keys)
      #expect(names.isSuperset(of: ["mean_log_reward", "accuracy"]), "\(statement)")
      #expect(names.isDisjoint(with: ["mean_reward", "mean_reward_se", "top_k_reward"]))
    }
    lab.run("compare TB-U steps=2 seeds=[1] measure=[mean_log_reward]")
    guard case .number(let mean, _)? = try table(lab).rows.first?[3] else {
      throw CocoaError(.featureUnsupported)
    }
    #expect(mean.isFinite)
  }

  @Test func looksShowTheLogarithmOfTheReward() throws {
    let lab = try lab()
    lab.run("\(Self.start); sample 2")
    #expect(try table(lab).columns.map(\.name) == ["x", "log_reward", "length"])
    lab.run("top 1")
    let best = try table(lab)
    #expect(
      best.columns.map(\.name) == ["x", "log_reward", "target", "learned", "error"])
    lab.run("inspect \"0>1 1>2\"")
    #expect(try table(lab).fields["reward"] == nil)
    #expect(try table(lab).fields["log_reward"] != nil)
  }

  @Test func showRebuildsTheEnvironment() throws {
    let first = try lab()
    first.run(
      "env bayesnet data=data.csv rows=1..12 standardize=true prior=edge beta=0.2 max_parents=2")
    let shown = first.result("let s = show; print $s.environment; env")
    #expect(shown.contains("rows=1..12"))
    first.run("let s = show")
    let script = first.session.workbench.script
    let second = try lab()
    second.run(script)
    #expect(second.result("env; top 2") == first.result("env; top 2"))
    second.run("env bayesnet data=data.csv rows=[1, 3, 5, 7]")
    #expect(second.session.workbench.script.contains("rows=[1, 3, 5, 7]"))
  }

  @Test func theRewardChangesAndThePolicyStays() throws {
    let lab = try lab()
    lab.run("\(Self.start); train 3; reward temperature=5 rows=2..20")
    #expect(lab.failures.isEmpty)
    #expect(lab.session.workbench.training?.step == 3)
    #expect(lab.code("reward rows=1..21") == "option")
  }

  @Test func edgesAreExactOrEstimated() throws {
    let lab = try lab()
    lab.run("\(Self.start); edges truth=truth.csv")
    let exact = try table(lab)
    #expect(exact.columns.map(\.name) == ["cause", "effect", "learned", "target", "truth"])
    #expect(exact.rows.count == 12)
    #expect(Array(exact.fields.keys).suffix(3) == ["shd", "shd_best", "auroc"])
    lab.run("edges samples=2000")
    let sampled = try table(lab)
    #expect(sampled.columns.map(\.name) == ["cause", "effect", "learned", "learned_se", "target"])
    func learned(_ table: Table) -> [String: Double] {
      Dictionary(
        uniqueKeysWithValues: table.rows.map { row in
          guard case .number(let p, _) = row[2] else { return ("", .nan) }
          return (row[0].displayText + row[1].displayText, p)
        })
    }
    let known = learned(exact)
    // Standard errors are about 0.011.
    for (edge, p) in learned(sampled) { #expect(abs(p - (known[edge] ?? .nan)) < 0.06) }
  }

  @Test func largeNetworksAreSampled() throws {
    let lab = try Lab()
    let header = (0..<7).map { "v\($0)" }.joined(separator: ",")
    let rows = (0..<15).map { row in
      (0..<7).map { "\(row * (2 * $0 + 3) % 17)" }.joined(separator: ",")
    }
    try lab.write(([header] + rows).joined(separator: "\n"), to: "data.csv")
    lab.run("policy layers=1 hidden=8; env bayesnet data=data.csv standardize=true; train 2")
    #expect(lab.failures.isEmpty)
    #expect(lab.code("evaluate exact") == "too-large")
    #expect(lab.failures.first?.message.contains("1138779265 graphs") == true)
    #expect(lab.code("top 3 by=error") == "too-large")
    lab.run("top 3 samples=50")
    let best = try table(lab)
    #expect(best.columns.map(\.name) == ["x", "log_reward", "draws"])
    #expect(best.rows.count == 3)
    lab.run("edges")
    #expect(try table(lab).columns.map(\.name) == ["cause", "effect", "learned", "learned_se"])
    #expect(lab.code("trace") == "none")
    #expect(lab.code("inspect \"v0>v1\"") == "none")
  }

  @Test func mistakesAreNamedWithThePlace() throws {
    let lab = try lab()
    #expect(lab.code("env bayesnet") == "missing-argument")
    #expect(lab.failures.first?.message.contains("needs data=") == true)
    #expect(lab.code("env bayesnet data=nowhere.csv") == "file-not-found")
    #expect(lab.code("env bayesnet data=data.csv rows=15..30") == "option")
    #expect(lab.code("env bayesnet data=data.csv rows=0..3") == "out-of-range")
    #expect(lab.code("env bayesnet data=data.csv transform=log") == "file")
    #expect(lab.code("env bayesnet data=data.csv alpha_w=5") == "option")
    #expect(lab.code("env bayesnet data=data.csv beta=0.1") == "option")
    #expect(lab.code("edges") == "no-environment")
    #expect(lab.code("env hypergrid side=4; edges") == "conflict")
    #expect(lab.code("\(Self.start); inspect \"a>a\"") == "state")
    #expect(lab.code("inspect \"a>b b>a\"") == "state")
    #expect(lab.code("edges truth=data.csv") == "file")
    #expect(lab.code("top 3 by=error samples=10") == "option")
  }

  @Test func trajectoriesGoThroughFiles() throws {
    let lab = try lab()
    let first = lab.result(
      "\(Self.start); method RL-B; trajectories save t.json 4; trajectories load t.json; gradient")
    #expect(lab.result("gradient") == first)
    try lab.write(
      """
      {"forward_trajectories": [{"states": [[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],
      [0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0], [0,1,0,0,1,0,0,0,0,0,0,0,0,0,0,0]], "actions": [1, 4, 16]}]}
      """, to: "cycle.json")
    #expect(lab.code("trajectories load cycle.json") == "trajectory")
  }
}
