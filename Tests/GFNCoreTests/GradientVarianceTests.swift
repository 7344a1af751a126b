import Testing

@testable import GFNCore

@Suite struct GradientVarianceTests {
  private let pool = ThreadPool(threads: 2)

  private func state(_ environment: any Environment) throws -> TrainingState {
    var configuration = Small.configuration("RL-U", layers: 1, hidden: 8)
    configuration.objective.logZ = .number(0.7)
    return try TrainingState(configuration, in: environment, seed: 4)
  }

  @Test func sumsGiveMeanSpreadAndCosine() {
    var sums = GradientSums(parameters: 2, directions: 1)
    sums.add([2, 4], scale: 0.5, projections: [1, 5], along: 1)
    sums.add([6, 0], scale: 0.5, projections: [3, 7], along: 3)
    let result = sums.statistics(.trajectoryBalance, exact: [2, 0], components: [2, 6])
    #expect(abs(result.norm - 5.0.squareRoot()) < 1e-12)
    #expect(abs(result.variance - 4) < 1e-12)
    #expect(abs(result.noise - 2.0.squareRoot()) < 1e-12)
    #expect(abs((result.bias ?? .nan) - 1) < 1e-12)
    #expect(abs((result.cosine ?? .nan) - 2 / 5.0.squareRoot()) < 1e-12)
    let cosines = (1 / 5.0.squareRoot() + 1) / 2
    #expect(abs((result.batchCosine ?? .nan) - cosines) < 1e-12)
    #expect(
      result.projections == [.init(mean: 2, standardError: 1, exact: 2)])
    #expect(result.logZ == .init(mean: 6, standardError: 1, exact: 6))
  }

  /// Whatever λ, an exact V leaves nothing to bias; half of tb's gradient has the same mean.
  @Test func unbiasedEstimatorsHitTheExactGradientAndOthersDoNot() throws {
    for environment in [try Small.grid(), try Small.sequence("append-prepend")] as [any Environment]
    {
      let state = try state(environment)
      var stream = RandomStream(seed: 2, .looking)
      let measurement = try GradientVariance(
        environment, state, pool, exact: try ExactReference(environment, state, pool),
        directions: 3, from: &stream)
      let unbiased = [0, 0.5, 1].map {
        GradientEstimator(policyGradient: $0, .exact, isCentred: false)
      }
      let biased = GradientEstimator(policyGradient: 0, .arbitrary, isCentred: false)
      let results = try #require(
        try measurement.run(
          [.trajectoryBalance] + unbiased + [biased], over: 300, batch: 16, from: &stream))
      for result in results.dropLast() {
        #expect(result.projections.count == 4)
        #expect(result.projections.allSatisfy { $0.deviation < 1 }, "\(result.projections)")
        #expect(result.logZ.deviation < 1)
        #expect((result.bias ?? .nan) < 3 * result.noise)
        #expect((result.cosine ?? .nan) > 0.9)
      }
      let last = try #require(results.last)
      #expect(last.projections.contains { $0.deviation > 1 })
      #expect((last.bias ?? .nan) > 3 * last.noise)
    }
  }

  @Test func atBalanceOnlyTheMissingBaselineLeavesNoise() throws {
    let grid = try Small.grid()
    let state = try Small.balanced(grid, Small.configuration("RL-U"))
    var stream = RandomStream(seed: 2, .looking)
    let results = try #require(
      try GradientVariance(
        grid, state, pool, exact: try ExactReference(grid, state, pool), from: &stream
      ).run(
        [
          .trajectoryBalance, GradientEstimator(policyGradient: 1, .exact),
          GradientEstimator(policyGradient: 0.5, .exact),
          GradientEstimator(policyGradient: 1, .none, isCentred: false),
        ], over: 20, batch: 16, from: &stream))
    for result in results.dropLast() { #expect(result.variance < 1e-8) }
    #expect((results.last?.variance ?? 0) > 1e-3)
  }

  /// Objectives that are not about J_F read log F, and are told where there is none.
  @Test func otherObjectivesReadLogFAndHaveNoBias() throws {
    let grid = try Small.grid()
    var state = try state(grid)
    let estimator = GradientEstimator(
      .trajectoryBalance, FlowReader(), scale: 1, estimatesJF: false)
    var stream = RandomStream(seed: 2, .looking)
    func run() throws -> GradientStatistics? {
      try GradientVariance(
        grid, state, pool, exact: try ExactReference(grid, state, pool), from: &stream
      ).run([estimator, .trajectoryBalance], over: 5, batch: 8, from: &stream)?.first
    }
    #expect(throws: CoreError.self) { try run() }
    let shape = try state.shape(.stateFlow, in: grid)
    state.replace(.stateFlow, with: Network(zero: shape))
    let zero = try #require(try run())
    #expect(zero.variance == 0 && zero.bias == nil && zero.cosine == nil)
    var other = RandomStream(seed: 5, .initialisation)
    state.replace(.stateFlow, with: Network(shape, from: &other))
    let result = try #require(try run())
    #expect(result.variance > 0 && result.bias == nil && result.cosine != nil)
  }

  @Test func threadsAndCompanyDoNotChangeAnEstimator() throws {
    let grid = try Small.grid(side: 6)
    let state = try state(grid)
    func variance(_ threads: Int, _ others: [GradientEstimator]) throws -> [Double] {
      var stream = RandomStream(seed: 2, .looking)
      let pool = ThreadPool(threads: threads)
      let results = try GradientVariance(
        grid, state, pool, exact: try ExactReference(grid, state, pool), from: &stream
      ).run([.trajectoryBalance] + others, over: 5, batch: 200, from: &stream)
      return (results?.first).map { [$0.variance, $0.norm, $0.bias ?? .nan] } ?? []
    }
    let alone = try variance(1, [])
    #expect(alone.count == 3)
    #expect(try variance(3, [GradientEstimator(policyGradient: 1, .exact)]) == alone)
  }

  @Test func aFittedCriticComesNearVAndLeavesTheRest() throws {
    let grid = try Small.grid()
    let state = try TrainingState(Small.configuration("TB-U"), in: grid, seed: 4)
    #expect(state.networks[.valueForward] == nil)
    let reference = try ExactReference(grid, state, pool)
    func error(_ steps: Int) throws -> Double {
      var stream = RandomStream(seed: 6, .looking)
      let fitted = try #require(
        try CriticFit(steps: steps, batch: 32).run(state, in: grid, from: &stream, pool))
      #expect(fitted.networks[.forwardPolicy] == state.networks[.forwardPolicy])
      #expect(fitted.logZ == state.logZ && fitted.step == state.step)
      let look = try Look(grid, fitted, pool)
      return try (0..<16).map { index in
        let difference = try look.inspect(grid.state(at: index)).value - reference.value[index]
        return difference * difference
      }.reduce(0, +)
    }
    let start = try error(0)
    #expect(try error(300) < 0.2 * start)
  }
}

/// ∂loss/∂log π_F(a_t|s_t) = log F(s_t).
private struct FlowReader: Objective {
  var isBackward: Bool { false }
  var trainsBackwardPolicy: Bool { true }
  var stateEstimator: Estimator? { .stateFlow }
  var isOnPolicy: Bool { false }

  func evaluate(_ steps: StepValues, into gradients: inout StepGradients) {
    gradients.reset(steps.logPF.count)
    for entry in steps.value.indices { gradients.logPF[entry] = steps.value[entry] }
  }
}
