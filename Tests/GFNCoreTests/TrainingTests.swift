import Testing

@testable import GFNCore

@Suite struct TrainingTests {
  private func train(
    _ method: String, in environment: any Environment, steps: Int, threads: Int = 2,
    seed: UInt64 = 0,
    _ change: (inout Configuration) -> Void = { _ in }
  ) throws -> TrainingState {
    var configuration = Small.configuration(method, layers: 2, hidden: 32)
    change(&configuration)
    let pool = ThreadPool(threads: threads)
    var state = try TrainingState(configuration, in: environment, seed: seed)
    let trainer = try Trainer(environment, state, pool)
    for _ in 0..<steps { _ = try trainer.step(&state, batch: 64) }
    return state
  }

  private func tv(_ state: TrainingState, _ environment: any Environment) throws -> Double {
    let learned = try #require(
      try ExactEvaluation(environment, ThreadPool(threads: 1)).terminatingProbabilities(state))
    #expect(abs(learned.reduce(0, +) - 1) < 1e-9)
    return DistributionMetrics(
      learned: learned, target: try TargetDistribution(environment)
    ).tv
  }

  @Test(arguments: ["TB-U", "TB-B", "RL-U", "RL-B", "RL-G", "RL-T"])
  func everyMethodApproachesTheTargetOnAGrid(_ method: String) throws {
    let grid = try Small.grid(side: 8)
    let start = try tv(try train(method, in: grid, steps: 0), grid)
    let end = try tv(try train(method, in: grid, steps: 500), grid)
    #expect(start > 0.3)
    #expect(end < 0.12, "\(method) \(start) → \(end)")
  }

  @Test(arguments: ["TB-U", "TB-B", "RL-U", "RL-B", "RL-T"])
  func everyMethodApproachesTheTargetOnSequences(_ method: String) throws {
    for environment in [try Small.sequence(), try Small.sequence("append-prepend")] {
      let end = try tv(try train(method, in: environment, steps: 300), environment)
      #expect(end < 0.08, "\(method) \(end)")
    }
    if method == "RL-B" {
      let fill = try Small.sequence()
      #expect(try tv(try train("RL-G", in: fill, steps: 300), fill) < 0.08)
    }
  }

  @Test(arguments: ["TB-B", "RL-G", "RL-T"])
  func numbersDoNotDependOnTheThreadCount(_ method: String) throws {
    let grid = try Small.grid(side: 16)
    let one = try train(method, in: grid, steps: 8, threads: 1)
    let three = try train(method, in: grid, steps: 8, threads: 3)
    #expect(one.networks == three.networks)
    #expect(one.logZ == three.logZ)
    let other = try train(method, in: grid, steps: 8, threads: 1, seed: 1)
    #expect(one.networks != other.networks)
  }

  @Test func aSnapshotIsAnAssignment() throws {
    let grid = try Small.grid(side: 6)
    var state = try train("RL-B", in: grid, steps: 3)
    let snapshot = state
    let trainer = try Trainer(grid, state, ThreadPool(threads: 1))
    let first = try trainer.step(&state, batch: 16)
    let after = state.networks
    state = snapshot
    #expect(state.networks != after)
    let again = try trainer.step(&state, batch: 16)
    #expect(first.loss == again.loss)
    #expect(state.networks == after)
  }

  @Test func lookingAtGradientsChangesNothing() throws {
    let fill = try Small.sequence()
    var state = try train("RL-G", in: fill, steps: 3)
    let trainer = try Trainer(fill, state, ThreadPool(threads: 1))
    var stream = RandomStream(seed: 0, .looking)
    for isBackward in [false, true] {
      let batch = try trainer.trajectories(state, count: 8, isBackward: isBackward, from: &stream)
      let first = try trainer.gradient(state, on: batch)
      let second = try trainer.gradient(state, on: batch)
      #expect(first.gradients == second.gradients)
      #expect(first.outputs.loss == second.outputs.loss)
    }
    var copy = state
    let a = try trainer.step(&state, batch: 8)
    let b = try trainer.step(&copy, batch: 8)
    #expect(a.loss == b.loss)
    #expect(state.networks == copy.networks)
  }

  @Test func trainingStopsAtTheLastGoodStepWhenANumberIsNotFinite() throws {
    let grid = try Small.grid(side: 6)
    var configuration = Small.configuration("TB-U")
    configuration.optimizer.policyRate = 1e30
    var state = try TrainingState(configuration, in: grid, seed: 0)
    let trainer = try Trainer(grid, state, ThreadPool(threads: 1))
    var reports: [StepReport] = []
    let error = #expect(throws: CoreError.self) {
      try TrainingRun(steps: 50, batch: 8, every: 10).run(trainer, &state) { report, _ in
        reports.append(report)
        return .goOn
      }
    }
    guard case .nonFinite(let step, _, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(state.step == step - 1)
    #expect(state.step == reports.count)
    // The same steps from the start give the same state.
    var again = try TrainingState(configuration, in: grid, seed: 0)
    for _ in 0..<state.step { _ = try trainer.step(&again, batch: 8) }
    #expect(again.networks == state.networks)
    #expect(again.sampling == state.sampling)
  }

  @Test func observersStopARun() throws {
    let grid = try Small.grid()
    var state = try train("TB-U", in: grid, steps: 0)
    let trainer = try Trainer(grid, state, ThreadPool(threads: 1))
    try TrainingRun(steps: 50, batch: 4).run(trainer, &state) { report, current in
      #expect(report.step == current.step)
      return report.step == 7 ? .stop : .goOn
    }
    #expect(state.step == 7)
  }

  @Test func trustRegionStepsStayWithinTheirBound() throws {
    let grid = try Small.grid(side: 8)
    var state = try train("RL-T", in: grid, steps: 0)
    let trainer = try Trainer(grid, state, ThreadPool(threads: 1))
    var accepted = 0
    for _ in 0..<20 {
      let before = state.networks[.forwardPolicy]
      let report = try trainer.step(&state, batch: 32)
      let step = try #require(report.trustRegion)
      if step.isAccepted {
        accepted += 1
        #expect(step.divergence <= 1.5 * 0.01)
        #expect(step.divergence > 0)
      } else {
        #expect(state.networks[.forwardPolicy] == before)
      }
    }
    #expect(accepted > 10)
  }

  @Test func logZCanStartAtTheFirstEstimate() throws {
    let grid = try Small.grid(side: 6)
    let state = try train("TB-U", in: grid, steps: 1) { $0.objective.logZ = .auto }
    // The first step moves it by the rate at most; from 0 it could not come this far.
    #expect(abs(state.logZ) > 0.11)
    #expect(!state.awaitsLogZ)
  }

  @Test func changingTheCouplingKeepsTheForwardPolicy() throws {
    let grid = try Small.grid(side: 6)
    var state = try train("RL-U", in: grid, steps: 3)
    let policy = state.networks[.forwardPolicy]
    var configuration = state.configuration
    configuration.backward.kind = .guided
    #expect(try state.configure(configuration, in: grid).isEmpty)
    #expect(state.networks[.forwardPolicy] == policy)
    #expect(state.networks[.backwardPolicy] != nil && state.networks[.valueBackward] != nil)
    configuration.policy.hidden = 8
    #expect(try state.configure(configuration, in: grid) == [.forwardPolicy, .backwardPolicy])
  }

  @Test func partsThatDoNotGoTogetherAreRefused() throws {
    let grid = try Small.grid()
    var tb = Small.configuration("TB-U")
    tb.backward.kind = .guided
    #expect(throws: CoreError.self) { try TrainingState(tb, in: grid, seed: 0) }
    var rl = Small.configuration("RL-U")
    rl.exploration.epsilon = 0.1
    #expect(throws: CoreError.self) { try TrainingState(rl, in: grid, seed: 0) }
    let guided = Small.configuration("RL-G")
    let word = try Small.sequence("append-prepend")
    #expect(throws: CoreError.self) { try TrainingState(guided, in: word, seed: 0) }
    let cosine = try Small.grid(side: 8, [("reward", .text("cosine"))])
    #expect(throws: CoreError.self) { try TrainingState(guided, in: cosine, seed: 0) }
    var threshold = guided
    threshold.backward.threshold = 0.02
    #expect(try TrainingState(threshold, in: cosine, seed: 0).step == 0)
  }

  @Test func explorationReachesStatesThatThePolicyAvoids() throws {
    let grid = try Small.grid(dim: 1, side: 9)
    var configuration = Small.configuration("TB-U", layers: 0, hidden: 4)
    configuration.exploration.epsilon = 1
    configuration.exploration.decay = 1
    var state = try TrainingState(configuration, in: grid, seed: 0)
    // A policy that always exits at once.
    var network = Network(zero: try state.shape(.forwardPolicy, in: grid))
    network.setBias(0, [-50, 50])
    state.replace(.forwardPolicy, with: network)
    let trainer = try Trainer(grid, state, ThreadPool(threads: 1))
    #expect(try trainer.step(&state, batch: 200).length > 0.7)
    configuration.exploration.epsilon = 0
    try state.configure(configuration, in: grid)
    state.replace(.forwardPolicy, with: network)
    let onPolicy = try Trainer(grid, state, ThreadPool(threads: 1))
    #expect(try onPolicy.step(&state, batch: 200).length == 0)
  }

  @Test func tabularPoliciesTrain() throws {
    let grid = try Small.grid(side: 5)
    let state = try train("TB-U", in: grid, steps: 400) {
      $0.policy.isTabular = true
      $0.optimizer.policyRate = 0.05
    }
    #expect(state.networks[.forwardPolicy]?.shape.inputs == 25)
    #expect(try tv(state, grid) < 0.05)
  }

  @Test func discoveriesCountDistinctStatesAndModes() throws {
    let grid = try Small.grid(side: 8)
    let state = try train("TB-U", in: grid, steps: 60)
    #expect(state.discoveries.evaluations == 60 * 64)
    #expect(state.discoveries.states.count <= 64)
    #expect(state.discoveries.states.count > 40)
    #expect(state.discoveries.modes.count <= (grid.modes?.total ?? 0))
    #expect(grid.modes?.total == 4)
  }
}
