import CAllocations
import GFNParameters
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
    return DistributionPair(
      learned: learned, target: try TargetDistribution(environment)
    ).tv
  }

  @Test(arguments: [
    "TB-U", "TB-B", "DB-B", "SubTB-U", "VarGrad-B", "RL-U", "RL-B", "RL-G", "RL-T", "PPO-U",
    "PPO-B", "PPO-G", "TB-TLM", "RL-TLM",
  ])
  func everyMethodApproachesTheTargetOnAGrid(_ method: String) throws {
    let grid = try Small.grid(side: 8)
    let start = try tv(try train(method, in: grid, steps: 0), grid)
    let end = try tv(try train(method, in: grid, steps: 500), grid)
    #expect(start > 0.3)
    #expect(end < 0.12, "\(method) \(start) → \(end)")
  }

  @Test(arguments: [
    "TB-U", "TB-B", "DB-U", "SubTB-B", "VarGrad-U", "FM", "RL-U", "RL-B", "RL-T", "PPO-B",
    "TB-TLM", "RL-TLM",
  ])
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

  @Test(arguments: ["TB-B", "DB-B", "SubTB-U", "FM", "RL-G", "RL-T", "PPO-B", "TB-TLM"])
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
    let pool = ThreadPool(threads: 1)
    var state = try train("RL-G", in: fill, steps: 3)
    // The same history, never looked at.
    var other = try train("RL-G", in: fill, steps: 3)
    let trainer = try Trainer(fill, state, pool)
    var stream = RandomStream(seed: 0, .looking)
    for isBackward in [false, true] {
      let batch = try trainer.trajectories(state, count: 8, isBackward: isBackward, from: &stream)
      let first = try trainer.gradient(state, on: batch)
      let second = try trainer.gradient(state, on: batch)
      #expect(first.gradients == second.gradients)
      #expect(first.outputs.loss == second.outputs.loss)
    }
    let a = try trainer.step(&state, batch: 8)
    let b = try Trainer(fill, other, pool).step(&other, batch: 8)
    #expect(a.loss == b.loss)
    #expect(state.networks == other.networks)
  }

  /// Also where the state is too large to be kept on the way.
  @Test(arguments: [Int.max, 0])
  func trainingStopsAtTheLastGoodStepWhenANumberIsNotFinite(largest: Int) throws {
    let grid = try Small.grid(side: 6)
    var configuration = Small.configuration("TB-U")
    configuration.optimizer.policyRate = 1e30
    var state = try TrainingState(configuration, in: grid, seed: 0)
    let trainer = try Trainer(grid, state, ThreadPool(threads: 1))
    var reports: [StepReport] = []
    let error = #expect(throws: CoreError.self) {
      var run = TrainingRun(steps: 50, batch: 8)
      run.largest = largest
      try run.run(trainer, &state) { report, _ in
        reports.append(report)
        return .goOn
      }
    }
    guard case .nonFinite(let step?, _, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(state.step == step - 1)
    // An update that breaks the policy shows at the next step.
    #expect(reports.count - state.step <= 1)
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

  /// Workspaces grow with the largest batch so far, so a step that sets a record may allocate.
  @Test(arguments: [
    "TB-U", "TB-B", "DB-U", "SubTB-B", "VarGrad-U", "ModDB-B", "FM", "RL-U", "RL-B", "RL-G", "RL-T",
    "PPO-B", "TB-TLM", "RL-TLM",
  ])
  func warmStepsAllocateNothing(_ method: String) throws {
    let grid = try Small.grid(dim: 2, side: 8)
    let pool = ThreadPool(threads: 1)
    var state = try TrainingState(
      Small.configuration(method, layers: 2, hidden: 32), in: grid, seed: 1)
    let trainer = try Trainer(grid, state, pool)
    for _ in 0..<50 { _ = try trainer.step(&state, batch: 32) }
    let allocations = try (0..<20).map { _ in
      let before = gfn_thread_allocations()
      _ = try trainer.step(&state, batch: 32)
      return gfn_thread_allocations() - before
    }
    #expect(allocations.count { $0 == 0 } > 15, "\(allocations)")
    #expect(gfn_thread_allocations() > 0)
  }

  /// Guides from replay: an index by patterns, by blocks, and a scan.
  @Test(arguments: ["fill", "append-prepend", "bitsequence"])
  func warmStepsOfReplayGuidesAllocateNothing(_ kind: String) throws {
    let environment =
      kind == "bitsequence"
      ? try EnvironmentKind.bitsequence.make(
        Options([("length", .number(13))]), FileReader { _ in [] })
      : try Small.sequence(kind, length: 6)
    let pool = ThreadPool(threads: 1)
    var state = try TrainingState(
      Small.configuration("RL-G", layers: 2, hidden: 32), in: environment, seed: 1)
    let trainer = try Trainer(environment, state, pool)
    for _ in 0..<50 { _ = try trainer.step(&state, batch: 32) }
    let allocations = try (0..<20).map { _ in
      let before = gfn_thread_allocations()
      _ = try trainer.step(&state, batch: 32)
      return gfn_thread_allocations() - before
    }
    #expect(allocations.count { $0 == 0 } > 15, "\(allocations)")
  }

  @Test func discoveriesCountDistinctStatesAndModes() throws {
    let grid = try Small.grid(side: 8)
    let state = try train("TB-U", in: grid, steps: 60)
    #expect(state.discoveries.evaluations == 60 * 64)
    #expect(state.discoveries.statesVisited <= 64)
    #expect(state.discoveries.statesVisited > 40)
    #expect(state.discoveries.modes.count <= (grid.modes?.total ?? 0))
    #expect(grid.modes?.total == 4)
  }

  /// Weights whose outputs are not finite give no policy: an error, not an endless walk.
  @Test(arguments: ["TB-U", "DB-U", "FM", "RL-G"])
  func weightsThatOverflowAreAnError(_ method: String) throws {
    for environment in [try Small.grid(), try Small.sequence()] as [any Environment] {
      var tried = 0
      for estimator in [Estimator.forwardPolicy, .backwardPolicy, .edgeFlow] {
        var state = try train(method, in: environment, steps: 1)
        guard var network = state.networks[estimator] else { continue }
        tried += 1
        for index in network.parameters.indices { network.parameters[index] = 3e38 }
        state.replace(estimator, with: network)
        let step = state.step
        let trainer = try Trainer(environment, state, ThreadPool(threads: 1))
        #expect(throws: CoreError.self) { try trainer.step(&state, batch: 4) }
        #expect(state.step == step)
      }
      #expect(tried > 0)
    }
  }

  @Test func explodingRatesEndInAnErrorOnSequencesToo() throws {
    for method in ["TB-U", "SubTB-U", "FM", "RL-U", "RL-B"] {
      let fill = try Small.sequence("fill", length: 4)
      var configuration = Small.configuration(method)
      configuration.optimizer.policyRate = 1e20
      var state = try TrainingState(configuration, in: fill, seed: 0)
      let trainer = try Trainer(fill, state, ThreadPool(threads: 1))
      // Whether it explodes or saturates, it ends.
      try? TrainingRun(steps: 50, batch: 8).run(trainer, &state) { _, _ in .goOn }
      let policy = state.networks[configuration.policyEstimator]
      #expect(policy?.parameters.allSatisfy(\.isFinite) == true)
    }
  }

  @Test func lowTemperaturesAreGreedy() throws {
    let grid = try Small.grid(dim: 3, side: 4)
    func length(_ temperature: Double) throws -> Double {
      var configuration = Small.configuration("TB-U")
      configuration.exploration.temperature = temperature
      var state = try TrainingState(configuration, in: grid, seed: 0)
      return try Trainer(grid, state, ThreadPool(threads: 1)).step(&state, batch: 64).length
    }
    #expect(try length(1e-3) == length(1e-9))
  }

  @Test func explorationDecaysFromWhereItWasSet() throws {
    let grid = try Small.grid()
    var state = try train("TB-U", in: grid, steps: 5)
    var configuration = state.configuration
    configuration.exploration.epsilon = 0.5
    try state.configure(configuration, in: grid)
    #expect(state.explorationStart == 5)
  }

  @Test func aLearnedLogZStaysUnlessItIsSet() throws {
    let grid = try Small.grid()
    var state = try train("TB-U", in: grid, steps: 5) { $0.objective.logZ = .auto }
    let learned = state.logZ
    var configuration = Small.configuration("RL-U", layers: 2, hidden: 32)
    try state.configure(configuration, in: grid)
    #expect(state.logZ == learned)
    configuration.objective.logZ = .number(0.5)
    try state.configure(configuration, in: grid, restartsLogZ: true)
    #expect(state.logZ == 0.5)
  }

  @Test func rewardsBelowTheClipCountAsIt() throws {
    let grid = try Small.grid(side: 8, [("r0", .number(1e-9))])
    let clipped = try train("TB-U", in: grid, steps: 0)
    let trainer = try Trainer(grid, clipped, ThreadPool(threads: 1))
    var stream = RandomStream(seed: 0, .looking)
    let batch = try trainer.trajectories(clipped, count: 64, isBackward: false, from: &stream)
    let rewards = try trainer.gradient(clipped, on: batch).steps.logReward
    #expect(rewards.min() == -12)
    let free = try Small.grid(side: 8, [("r0", .number(1e-9)), ("clip", .text("none"))])
    let unclipped = try Trainer(free, clipped, ThreadPool(threads: 1)).gradient(clipped, on: batch)
    #expect(abs((unclipped.steps.logReward.min() ?? 0) - logarithm(1e-9)) < 1e-9)
    // Never in evaluation.
    #expect(try TargetDistribution(grid).logZ == TargetDistribution(free).logZ)
    var state = clipped
    #expect(try trainer.step(&state, batch: 64).clippedRewards > 0)
  }

  @Test func gradientsAreScaledToTheClip() throws {
    let grid = try Small.grid()
    func moved(_ clip: Double?) throws -> (norm: Double, first: Double) {
      var configuration = Small.configuration("TB-U")
      configuration.optimizer.clip = clip
      var state = try TrainingState(configuration, in: grid, seed: 0)
      let report = try Trainer(grid, state, ThreadPool(threads: 1)).step(&state, batch: 16)
      return (report.gradientNorm, Vector.norm(state.moments[.forwardPolicy]?.first ?? []))
    }
    let free = try moved(nil)
    let clipped = try moved(free.norm / 4)
    #expect(abs(free.first - 0.1 * free.norm) < 1e-4 * free.norm)
    #expect(abs(clipped.first - 0.1 * free.norm / 4) < 1e-4 * free.norm)
  }

  @Test func trustRegionStepsCanBeDampedAndCheckedAsTheAuthorsDo() throws {
    let grid = try Small.grid(side: 8)
    for check in ObjectiveSettings.Check.allCases {
      let state = try train("RL-T", in: grid, steps: 30) {
        $0.objective.check = check
        $0.objective.damping = 1e-3
      }
      #expect(state.step == 30)
      let start = try tv(try train("RL-T", in: grid, steps: 0), grid)
      #expect(try tv(state, grid) < start)
    }
  }

  @Test func aTrustRegionWithoutRoomMovesNothing() throws {
    let grid = try Small.grid(side: 8)
    var state = try train("RL-T", in: grid, steps: 0) { $0.objective.delta = 1e-30 }
    let before = state.networks[.forwardPolicy]
    let report = try Trainer(grid, state, ThreadPool(threads: 1)).step(&state, batch: 16)
    #expect(report.trustRegion?.isAccepted == false)
    #expect(state.networks[.forwardPolicy] == before)
    #expect(state.networks[.valueForward] != nil)
  }

  @Test func networksBeyondTheMemoryAreRefusedBeforeTheyAreMade() throws {
    // 28 bytes a parameter, of which 40 % of the memory may be full.
    let configuration = Small.configuration("TB-U")
    let shape = NetworkShape(inputs: 99, hidden: 100, layers: 1, outputs: 0)
    #expect(shape.parameterCount == 10_000)
    let one = TrainingMemory([.forwardPolicy: shape], configuration)
    try one.check(configuration, memory: 700_001)
    let error = #expect(throws: CoreError.self) {
      try one.check(configuration, memory: 690_000)
    }
    #expect(
      error?.description
        == "training networks with 10000 parameters would take 273.4 KiB, and 269.5 KiB of the memory are "
        + "for that; set fewer units first: policy hidden=32; critic hidden=32")
    let two = TrainingMemory([.forwardPolicy: shape, .valueForward: shape], configuration)
    #expect(throws: CoreError.self) { try two.check(configuration, memory: 700_001) }
    let trusted = Small.configuration("RL-T")
    #expect(throws: CoreError.self) {
      try TrainingMemory([.forwardPolicy: shape], trusted).check(trusted, memory: 700_001)
    }
    // 2^26 inputs and 8,192 units: more than any machine has.
    let wide = try Small.grid(dim: 1024, side: 1 << 16)
    #expect(throws: CoreError.self) {
      try TrainingState(Small.configuration("TB-U", hidden: 1024), in: wide, seed: 0)
    }
  }

  @Test func aStateKnowsItsBytes() throws {
    let grid = try Small.grid(side: 6)
    let fresh = try train("RL-B", in: grid, steps: 0)
    let parameters = fresh.networks.values.reduce(0) { $0 + $1.parameters.count }
    #expect((12 * parameters..<(12 * parameters + 2048)).contains(fresh.byteCount))
    let replaying = try train("TB-U", in: grid, steps: 2) {
      $0.exploration.replay.kind = .objects
      $0.exploration.replay.fraction = 0.5
    }
    let buffer = try #require(replaying.replayBuffer)
    let plain = try train("TB-U", in: grid, steps: 2)
    #expect(replaying.byteCount - plain.byteCount == 16 * buffer.count && buffer.count > 0)
  }

  @Test func batchesBeyondTheMemoryAreRefusedWithOneThatFits() throws {
    let grid = try Small.grid(dim: 10, side: 64)
    // A row that would take a gigabyte: the first ones already do not fit.
    let wide = NetworkShape(inputs: 640, hidden: 1 << 24, layers: 16, outputs: 11)
    let states = BatchStates(grid, [.kHot], networks: [wide])
    for index in 0..<64 as Range<Int32> {
      let cells = [Int32](repeating: index, count: 10)
      _ = cells.withUnsafeBufferPointer { $0.baseAddress.map(states.insert) }
    }
    let error = #expect(throws: CoreError.self) { try states.checkMemory(trajectories: 100) }
    #expect(error?.description.contains("batch=1 fits") == true)
  }
}
