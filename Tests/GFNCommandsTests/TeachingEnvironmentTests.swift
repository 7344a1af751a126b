import GFNCore
import Testing

@testable import GFNCommands
@testable import GFNLanguage

@Suite struct TeachingEnvironmentTests {
  static let graph = "env graph edges='s0 -> a b; a -> x c; b -> c; c -> x y' rewards='x 1; y 3'"
  static let tree = "env perfect-tree depth=3 branching=3"
  static let set = "env set size=5 choose=2 reward=\"1 + 2 * x[0] * x[4]\""
  static let small = "policy layers=1 hidden=16; critic layers=1 hidden=16"

  @Test func trainingOnAGraphFindsTheTarget() throws {
    let lab = try Lab()
    _ = lab.result("\(Self.graph); train 500; evaluate")
    #expect(lab.number("tv") < 0.01)
    #expect(lab.number("log_z_error") < 0.02)
  }

  @Test(arguments: [
    (graph, "a"), (graph, "s0"), (tree, "(0, 2)"), (tree, "_"), (tree, "1"), (set, "(0, 4)"),
    (set, "_"), (set, "3"),
  ])
  func everythingLooksAtThem(_ environment: String, _ state: String) throws {
    let lab = try Lab()
    #expect(
      lab.run(
        """
        \(Self.small); \(environment); method RL-U; critic tabular; env
        train 5; trace; sample 3; top 3 by=error; modes; evaluate; evaluate samples=50
        inspect \(state); show; gradient
        let end = (sample 1).x[0]
        let t = trace end=$end
        assert $t.path[-1] == $end
        """) == .done, "\(lab.failures.map { $0.rendered() })")
  }

  @Test func actionsHaveNames() throws {
    let lab = try Lab()
    #expect(
      lab.run(
        """
        \(Self.graph); let g = trace path=[out0, out1, 0]; assert $g.path[-1] == "x"
        \(Self.tree); let t = trace path=[child0, child2, 1]; assert $t.path[-1] == "0,2,1"
        \(Self.set); let s = trace path=[add4, 0]; assert $s.path[-1] == "0,4"
        """) == .done, "\(lab.failures.map { $0.rendered() })")
  }

  // MARK: - What a graph suggests

  private func settings(_ script: String) throws -> String {
    let lab = try Lab()
    #expect(lab.run(script) == .done, "\(lab.failures.map { $0.rendered() })")
    let configuration = lab.session.workbench.configuration
    return "\(configuration.policy.source) \(configuration.optimizer.policyRate)"
  }

  @Test func aGraphTakesATableWhereNothingElseWasChosen() throws {
    #expect(try settings(Self.graph) == "tabular 0.05")
    #expect(try settings("\(Self.graph); \(Self.tree)") == "layers=4 hidden=256 0.001")
    #expect(
      try settings("\(Self.graph); policy layers=1 hidden=8; env hypergrid side=4")
        == "layers=1 hidden=8 0.001")
    #expect(
      try settings("policy layers=1 hidden=8; \(Self.graph)") == "layers=1 hidden=8 0.001")
    #expect(try settings("optimizer lr=0.01; \(Self.graph)") == "tabular 0.01")
    #expect(try settings("\(Self.graph); undo") == "layers=4 hidden=256 0.001")
  }

  @Test func whatAGraphSetsIsSaid() throws {
    let lab = try Lab()
    lab.run(Self.graph)
    #expect(lab.notices == ["set as suits this environment: policy tabular; optimizer lr=0.05"])
    lab.run(Self.tree)
    #expect(lab.notices.last?.contains("policy layers=4 hidden=256; optimizer lr=0.001") == true)
    lab.run("policy layers=1 hidden=8; \(Self.graph)")
    #expect(lab.notices.last?.contains("the policy stays as chosen") == true)
  }

  @Test(arguments: [
    graph, "\(graph); policy layers=4 hidden=256", "\(graph); optimizer lr=0.001",
    "\(graph); policy layers=1 hidden=8; critic layers=1 hidden=8",
    "policy layers=1 hidden=8; \(graph)", "optimizer lr=0.05; \(graph)",
    "policy tabular; optimizer lr=0.05; \(graph)", "optimizer lr=0.01; \(graph)",
    "\(graph); env hypergrid side=4",
    "\(graph); env hypergrid side=4; \(graph); optimizer clip=3", "\(graph); solve",
    "env hypergrid side=4; solve", tree, set,
  ])
  func showRebuildsTheStateOfAffairs(_ script: String) throws {
    let first = try Lab()
    #expect(first.run(script) == .done)
    let shown = first.session.workbench.script
    let second = try Lab()
    #expect(second.run(shown) == .done, "\(shown)")
    #expect(second.session.workbench.script == shown)
    #expect(second.session.workbench.configuration == first.session.workbench.configuration)
    #expect(second.session.workbench.suggestion == first.session.workbench.suggestion)
  }

  // MARK: - Rewards

  @Test func rewardChangesTheRewardAlone() throws {
    let lab = try Lab()
    _ = lab.result("\(Self.graph); train 20; reward rewards='x 3; y 1'; evaluate")
    #expect(lab.number("step") == 20)
    _ = lab.result(
      "\(Self.small); \(Self.tree); reward reward=\"leaf == 2\"; evaluate")
    #expect(abs(lab.number("log_z_exact")) < 1e-12)
    _ = lab.result("env hypergrid side=4; reward reward=\"1 + sum(x)\"; evaluate")
    #expect(abs(lab.number("log_z_exact") - logarithm(64)) < 1e-12)
    _ = lab.result("\(Self.set); reward reward=\"sum(x)\"; evaluate")
    #expect(abs(lab.number("log_z_exact") - logarithm(20)) < 1e-12)
  }

  @Test func rewardsOfAnotherGraphAreRefused() throws {
    #expect(try Lab().code("\(Self.graph); reward rewards='x 1; y 1; c 1'") == "conflict")
    #expect(try Lab().code("\(Self.graph); reward rewards='x 1'") == "option")
    #expect(try Lab().code("\(Self.graph); reward r0=1") == "option")
    for (environment, reward) in [
      (Self.tree, "sum(x)"), (Self.tree, "standard"), (Self.set, "cosine"), (Self.set, "leaf"),
      ("env hypergrid side=4", "leaf"),
    ] {
      let lab = try Lab()
      #expect(lab.run("\(environment); reward reward=\"\(reward)\"") == .failed)
      #expect(lab.failures.first?.message.contains("means nothing in this formula") == true)
    }
    let lab = try Lab()
    try lab.write("s0 -> x y\nx 1\ny 2\n", to: "g.txt")
    #expect(lab.run("env graph file=g.txt; reward rewards='x 5; y 2'; train 3") == .done)
    try lab.write("s0 -> x y z\nx 1\ny 2\nz 1\n", to: "g.txt")
    #expect(lab.code("reward rewards='x 5; y 2; z 1'") == "conflict")
  }

  @Test(arguments: [
    ("env graph edges='s0 -> a; a -> b; b -> a' rewards='b 1'", "a -> b -> a is a cycle"),
    ("env graph", "give edges="), ("env graph file=none.txt", "none.txt"),
    ("env perfect-tree depth=20 branching=9", "more than 2^20 leaves"),
    ("env set size=3 choose=4", "choose at most 3"),
    ("env set size=3 choose=2 reward=\"x[7]\"", "7"),
    ("env set reward=\"x[0] - 1\"", "a reward is finite and ≥ 0"),
    ("env perfect-tree reward=\"1 + leef\"", "did you mean 'leaf'"),
    ("\(tree); inspect (9, 9)", "children are numbered 0…2"),
    ("\(set); inspect 17", "elements are numbered 0…4"),
    ("\(graph); inspect q", "the nodes are s0, a, b"),
    ("\(set); trace end=3", "does not terminate"),
  ])
  func wrongInputIsToldWhatIsWrong(_ script: String, _ message: String) throws {
    let lab = try Lab()
    #expect(lab.run(script) == .failed)
    let said = lab.failures.map { $0.rendered() }.joined()
    #expect(said.contains(message), "\(said)")
  }

  // MARK: - solve

  @Test(arguments: [graph, tree, set, "env hypergrid side=8"])
  func solveIsExactAndUndoBringsTheNetworkBack(_ environment: String) throws {
    let lab = try Lab()
    _ = lab.result("\(Self.small); \(environment); method TB-B; train 3; evaluate")
    let before = lab.number("tv")
    let result = lab.result("solve")
    #expect(lab.notices.contains { $0.contains("'undo' brings the network back") })
    #expect(result.contains("\"log_z\""))
    #expect(lab.number("tv") < 1e-6)
    _ = lab.result("evaluate")
    #expect(lab.number("tv") < 1e-6)
    #expect(lab.number("log_z_error") < 1e-9)
    _ = lab.result("undo; evaluate")
    #expect(lab.number("tv") == before)
    #expect(lab.session.workbench.configuration.policy.source == "layers=1 hidden=16")
  }

  @Test func aSolutionSurvivesSeedAndFile() throws {
    let lab = try Lab()
    _ = lab.result("\(Self.graph); solve; seed 4; evaluate")
    #expect(lab.number("tv") < 1e-6)
    _ = lab.result("save s.safetensors; reset; load s.safetensors; evaluate")
    #expect(lab.number("tv") < 1e-6)
  }

  @Test func solveNeedsAnEnvironmentThatIsSmallEnough() throws {
    #expect(try Lab().code("solve") == "no-environment")
    #expect(
      try Lab().code("policy layers=0; env hypergrid dim=8 side=32; solve") == "too-large")
  }
}
