import GFNParameters
import Testing

@testable import GFNCore

@Suite struct BalancedFlowTests {
  /// One a test: a pool has one caller at a time.
  private let pool = ThreadPool(threads: 2)

  private func environments() throws -> [any Environment] {
    try Small.all() + [try Small.grid(side: 8), try Small.sequence(length: 6)]
  }

  private func solved(
    _ environment: any Environment, _ method: String, tabular: Bool = false
  ) throws -> (BalancedFlow, TrainingState) {
    var configuration = Small.configuration(method)
    configuration.policy.isTabular = tabular
    configuration.critic.isTabular = true
    let state = try TrainingState(configuration, in: environment, seed: 3)
    let flow = try BalancedFlow(environment, state, pool)
    return (flow, try flow.solution(of: state))
  }

  @Test(arguments: ["TB-U", "TB-B", "DB-B", "FM", "RL-B"])
  func theSolutionSamplesTheTargetExactly(_ method: String) throws {
    for environment in try environments() {
      let (flow, state) = try solved(environment, method)
      let target = try TargetDistribution(environment)
      #expect(abs(flow.logZ - target.logZ) < 1e-12)
      #expect(state.logZ == flow.logZ)
      let learned = try #require(
        try ExactEvaluation(environment, pool).terminatingProbabilities(state))
      let metrics = DistributionPair(learned: learned, target: target)
      #expect(metrics.tv < 1e-6, "\(environment.specification.text) \(metrics.tv)")
    }
  }

  /// Parallel edges, a learned π_B and ends at different depths: each trajectory balances.
  @Test(arguments: ["TB-U", "TB-B", "DB-B", "SubTB-B", "VarGrad-B", "FM"], [false, true])
  func everyTrajectoryHasNoResidual(_ method: String, _ tabular: Bool) throws {
    for environment in try environments() {
      let (_, state) = try solved(environment, method, tabular: tabular)
      let trainer = try Trainer(environment, state, pool)
      var stream = RandomStream(seed: 1, .looking)
      let batch = try trainer.trajectories(state, count: 64, isBackward: false, from: &stream)
      let report = try trainer.gradient(state, on: batch)
      #expect(report.outputs.loss < 1e-9, "\(environment.specification.text)")
    }
  }

  @Test func aLearnedBackwardPolicyStaysBitForBit() throws {
    for environment in try environments() {
      var configuration = Small.configuration("TB-B")
      let before = try TrainingState(configuration, in: environment, seed: 3)
      let after = try BalancedFlow(environment, before, pool).solution(of: before)
      configuration.policy.isTabular = true
      #expect(after.configuration == configuration)
      for index in 0..<(try environment.enumerable().states) {
        let cells = environment.state(at: index)
        let parents = try [before, after].map {
          try Look(environment, $0, pool).inspect(cells).parents.map(\.pB)
        }
        #expect(parents[0] == parents[1])
      }
    }
  }

  /// Methods §7.5: V_F(s) = log Z − log F(s), and every advantage is 0.
  @Test func atBalanceTheCriticIsExactAndAdvantagesAreZero() throws {
    for environment in try environments() {
      let (flow, state) = try solved(environment, "RL-U")
      let look = try Look(environment, state, pool)
      var stream = RandomStream(seed: 2, .looking)
      for _ in 0..<10 {
        let trace = try look.trace(.sampled, from: &stream)
        for step in trace.steps {
          let expected = flow.logZ - flow.logFlow[environment.index(step.state)]
          #expect(abs(step.value - expected) < 1e-5)
          #expect(abs(step.advantage) < 1e-5, "\(environment.specification.text)")
        }
        #expect(abs(trace.total) < 1e-5)
      }
    }
  }

  /// The flow through a state is F(s0) times the probability of visiting it.
  @Test func flowsAreVisitingProbabilities() throws {
    for environment in try environments() {
      let (flow, state) = try solved(environment, "TB-B")
      let distribution = try #require(
        try ExactEvaluation(environment, pool).distribution(state))
      for (index, visiting) in distribution.visiting.enumerated() {
        #expect(abs(logarithm(visiting) + flow.logZ - flow.logFlow[index]) < 1e-5)
      }
    }
  }

  @Test func flowsOfADiamondAreThoseWorkedOutByHand() throws {
    let graph = try Small.graph("s0 -> a b; a -> x c; b -> c; c -> x y", "x 1; y 3")
    let (flow, state) = try solved(graph, "TB-U")
    func logFlow(_ node: String) throws -> Double {
      flow.logFlow[graph.index(try graph.state(from: .word(node)))]
    }
    for (node, value) in [("s0", 4), ("a", 2.25), ("b", 1.75), ("c", 3.5), ("x", 1), ("y", 3)] {
      #expect(abs(try logFlow(node) - logarithm(value)) < 1e-12)
    }
    let children = try Look(graph, state, pool).inspect(try graph.state(from: .word("a")))
      .children
    #expect(abs(children[0].pF - 0.5 / 2.25) < 1e-7)
  }

  @Test func noRewardMeansNoFlowAndNoNaN() throws {
    let formula = try StateFormula("x[0] == 0")
    let grid = try Small.grid([("reward", .formula(formula))])
    let (flow, state) = try solved(grid, "TB-U")
    #expect(abs(flow.logZ - logarithm(4)) < 1e-12)
    #expect(flow.logFlow[grid.index([1, 0])] == -.infinity)
    let learned = try #require(
      try ExactEvaluation(grid, pool).terminatingProbabilities(state))
    let metrics = DistributionPair(learned: learned, target: try TargetDistribution(grid))
    #expect(metrics.tv < 1e-6)
    #expect(metrics.klLearned < 1e-6)
    let table = try #require(state.networks[.forwardPolicy])
    #expect(table.parameters.allSatisfy { $0.isFinite })
    let zero = try StateFormula("0")
    #expect(throws: CoreError.self) { try Small.grid([("reward", .formula(zero))]) }
  }

  @Test func clippedRewardsAreThoseOfTraining() throws {
    let graph = try ExplicitGraph(
      Options([
        ("edges", .text("s0 -> x y")), ("rewards", .text("x 1; y 1e-9")), ("clip", .number(-2)),
      ]), FileReader { _ in [] })
    let state = try TrainingState(Small.configuration(), in: graph, seed: 0)
    let clipped = try BalancedFlow(graph, state, pool, clipsRewards: true)
    #expect(abs(clipped.logZ - logSumExp([0, -2])) < 1e-12)
    #expect(abs(try BalancedFlow(graph, state, pool).logZ - 1e-9) < 1e-12)
  }

  @Test func threadsDoNotChangeABitOfTheSolution() throws {
    let environment = try Small.sequence(length: 9)
    let state = try TrainingState(Small.configuration("TB-B"), in: environment, seed: 5)
    let flows = try [1, 2, 3].map {
      try BalancedFlow(environment, state, ThreadPool(threads: $0)).logFlow
    }
    #expect(flows[0] == flows[1])
    #expect(flows[0] == flows[2])
  }

  @Test func whatIsTooLargeOrCancelledIsNotSolved() throws {
    let large = try Small.grid(dim: 3, side: 128)
    let state = try TrainingState(Small.configuration(), in: large, seed: 0)
    let error = #expect(throws: CoreError.self) { try BalancedFlow(large, state, pool) }
    #expect(error?.code == "too-large")
    let small = try Small.grid()
    let other = try TrainingState(Small.configuration(), in: small, seed: 0)
    #expect(throws: CancellationError.self) {
      try BalancedFlow(small, other, pool) { true }
    }
  }

  @Test func aSolutionIsTrainedOnWithoutLeavingIt() throws {
    let graph = try Small.graph()
    let (_, state) = try solved(graph, "TB-U")
    var trained = state
    let trainer = try Trainer(graph, trained, pool)
    for _ in 0..<5 { _ = try trainer.step(&trained, batch: 32) }
    let learned = try #require(
      try ExactEvaluation(graph, pool).terminatingProbabilities(trained))
    #expect(
      DistributionPair(learned: learned, target: try TargetDistribution(graph)).tv < 0.01)
  }
}
