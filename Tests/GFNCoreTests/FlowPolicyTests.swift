import GFNParameters
import Testing

@testable import GFNCore

/// What becomes of the forward policy, log Z and files where flows take the policy's place.
@Suite struct FlowPolicyTests {
  let pool = ThreadPool(threads: 1)

  private func state(_ method: String, _ grid: Hypergrid, steps: Int = 0) throws -> TrainingState {
    var state = try TrainingState(Small.configuration(method), in: grid, seed: 3)
    try train(&state, grid, steps)
    return state
  }

  private func train(_ state: inout TrainingState, _ grid: Hypergrid, _ steps: Int) throws {
    let trainer = try Trainer(grid, state, pool)
    for _ in 0..<steps { _ = try trainer.step(&state, batch: 16) }
  }

  private func configure(_ state: inout TrainingState, _ method: String, _ grid: Hypergrid) throws {
    #expect(try state.configure(Small.configuration(method), in: grid) == [])
  }

  private func distribution(_ state: TrainingState, _ grid: Hypergrid) throws -> [Double] {
    try #require(try ExactEvaluation(grid, pool).terminatingProbabilities(state))
  }

  @Test func flowMatchingTakesOverAndHandsBackThePolicy() throws {
    let grid = try Small.grid()
    var state = try state("TB-U", grid, steps: 3)
    let before = try distribution(state, grid)
    try configure(&state, "FM", grid)
    #expect(try distribution(state, grid) == before)
    // There and back without training changes nothing.
    let policy = state.networks[.forwardPolicy]
    try configure(&state, "TB-U", grid)
    #expect(state.networks[.forwardPolicy] == policy && state.networks[.edgeFlow] == nil)
    try train(&state, grid, 2)
    let trained = try distribution(state, grid)
    try configure(&state, "FM", grid)
    #expect(try distribution(state, grid) == trained)
    try train(&state, grid, 3)
    let flows = try distribution(state, grid)
    #expect(flows != trained)
    try configure(&state, "DB-U", grid)
    #expect(try distribution(state, grid) == flows)
  }

  @Test func flowMatchingStartsAlikeWhetherItIsChosenBeforeOrAfterTheEnvironment() throws {
    let grid = try Small.grid()
    let first = try state("FM", grid, steps: 3)
    var second = try state("TB-U", grid)
    try configure(&second, "FM", grid)
    try train(&second, grid, 3)
    #expect(first.networks[.edgeFlow] == second.networks[.edgeFlow])
  }

  @Test func loadedFlowsAreThePolicyUntilTrainingGoesOn() throws {
    let grid = try Small.grid()
    var source = try state("FM", grid, steps: 3)
    source.replace(
      .forwardPolicy, with: try #require(try state("TB-U", grid).networks[.forwardPolicy]))
    let both = SafeTensors(tensors: source.weights())
    let flows = try distribution(source, grid)
    var target = try state("DB-U", grid, steps: 2)
    _ = try target.load(both, path: "f", in: grid)
    let policy = target.networks[.forwardPolicy]
    #expect(policy == source.networks[.forwardPolicy])
    for _ in 0..<2 {
      try configure(&target, "FM", grid)
      #expect(try distribution(target, grid) == flows)
      try configure(&target, "TB-U", grid)
      #expect(target.networks[.forwardPolicy] == policy)
    }
    try train(&target, grid, 1)
    let trained = try distribution(target, grid)
    try configure(&target, "FM", grid)
    #expect(try distribution(target, grid) == trained)
  }

  @Test func filesWithThePolicyInTheOtherFormAreTaken() throws {
    let grid = try Small.grid()
    let flows = try state("FM", grid, steps: 3)
    var tb = try state("TB-U", grid, steps: 2)
    _ = try tb.load(SafeTensors(tensors: flows.weights()), path: "f", in: grid)
    #expect(try distribution(tb, grid) == (try distribution(flows, grid)))
    let policy = try state("TB-U", grid, steps: 4)
    var fm = try state("FM", grid, steps: 1)
    _ = try fm.load(SafeTensors(tensors: policy.weights()), path: "f", in: grid)
    #expect(try distribution(fm, grid) == (try distribution(policy, grid)))
  }

  /// Adam's momentum would go on moving it.
  @Test func logZStaysWhereNoObjectiveTrainsIt() throws {
    let grid = try Small.grid()
    var state = try state("TB-U", grid, steps: 5)
    let logZ = state.logZ
    for method in ["DB-U", "SubTB-B", "FM", "VarGrad-U", "ModDB-U"] {
      try configure(&state, method, grid)
      try train(&state, grid, 3)
      #expect(state.logZ == logZ)
    }
    try configure(&state, "TB-U", grid)
    #expect(try state.reportedLogZ(in: grid, pool) == logZ)
  }

  /// An estimate from a batch says nothing of parameters that took the place of those it was drawn with.
  @Test func anEstimatedLogZGoesWithTheParameters() throws {
    let grid = try Small.grid()
    let trained = try state("VarGrad-U", grid, steps: 5)
    #expect(try !trained.reportedLogZ(in: grid, pool).isNaN)
    let flow = try BalancedFlow(grid, trained, pool)
    let solved = try flow.solution(of: trained)
    #expect(try solved.reportedLogZ(in: grid, pool) == flow.logZ)
    var loaded = trained
    let other = try state("TB-U", grid)
    _ = try loaded.load(SafeTensors(tensors: other.weights()), path: "w", in: grid)
    #expect(try loaded.reportedLogZ(in: grid, pool).isNaN)
  }

  @Test func looksShowTheLearnedFlow() throws {
    let grid = try Small.grid()
    for method in ["DB-U", "SubTB-U", "FM"] {
      let state = try state(method, grid, steps: 2)
      let look = try Look(grid, state, pool)
      var stream = RandomStream(seed: 1, .looking)
      let trace = try look.trace(.actions([0, 1]), from: &stream)
      // The same outputs from products of other shapes.
      #expect(abs(trace.logZ - trace.steps[0].logFlow) < 1e-6)
      #expect(trace.logZ == (try state.reportedLogZ(in: grid, pool)))
      #expect(try abs(look.inspect([1, 1]).logFlow - trace.steps[2].logFlow) < 1e-6)
      #expect(trace.steps[0].value.isNaN)
    }
    let look = try Look(grid, try state("RL-U", grid), pool)
    #expect(try look.inspect([1, 1]).logFlow.isNaN && !look.inspect([1, 1]).value.isNaN)
  }

  @Test func whatDoesNotGoTogetherIsRefused() throws {
    let grid = try Small.grid()
    var learned = Small.configuration("FM")
    learned.backward.kind = .learned
    #expect(throws: CoreError.self) { try TrainingState(learned, in: grid, seed: 0) }
    for mode in ["fill", "append-prepend"] {
      let sequence = try Small.sequence(mode)
      #expect(throws: CoreError.self) {
        try TrainingState(Small.configuration("ModDB-U"), in: sequence, seed: 0)
      }
    }
    var single = try state("VarGrad-U", grid)
    let trainer = try Trainer(grid, single, pool)
    #expect(throws: CoreError.self) { try trainer.step(&single, batch: 1) }
  }

  /// Where nothing clips log R, that is said; no rate is to blame.
  @Test(arguments: ["TB-U", "SubTB-U", "VarGrad-U", "ModDB-U", "RL-U"])
  func rewardsOfZeroNeedTheClip(_ method: String) throws {
    let zero = try Small.grid(side: 8, [("r0", .number(0)), ("clip", .text("none"))])
    var state = try state(method, zero)
    let trainer = try Trainer(zero, state, pool)
    do {
      _ = try trainer.step(&state, batch: 64)
      Issue.record("a reward of zero was taken")
    } catch let error as CoreError {
      #expect(error.code == "conflict" && "\(error)".contains("clip=-12"))
    }
  }

  /// The clip is not for detailed balance and flow matching, for which log 0 is no number to fit.
  @Test(arguments: ["DB-U", "FM"])
  func rewardsOfZeroAreRefusedWhereLogRIsTakenAsItIs(_ method: String) throws {
    let low = try Small.grid(side: 8, [("r0", .number(1e-9))])
    var state = try state(method, low)
    let trainer = try Trainer(low, state, pool)
    var stream = RandomStream(seed: 0, .looking)
    let batch = try trainer.trajectories(state, count: 64, isBackward: false, from: &stream)
    #expect((try trainer.gradient(state, on: batch).steps.logReward.min() ?? 0) < -20)
    #expect(try trainer.step(&state, batch: 64).clippedRewards == 0)
    let zero = try Small.grid(side: 8, [("r0", .number(0))])
    var other = state
    let error = #expect(throws: CoreError.self) {
      try TrainingRun(steps: 3, batch: 64).run(try Trainer(zero, other, pool), &other) { _, _ in
        .goOn
      }
    }
    #expect(error?.code == "conflict")
    #expect(other.networks == state.networks)
  }
}
