import GFNParameters

/// ∇J_F, J_F and V_F of a training state, exactly.
package struct ExactReference: Sendable {
  /// In the forward policy's layout.
  package let gradient: [Float]
  /// By state index.
  package let value: [Double]
  package let jF: Double
  package var norm: Double { Vector.norm(gradient) }

  /// - Throws: `CoreError.tooLarge` beyond 65,536 states, `.conflict` where J_F is infinite.
  package init(_ environment: any Environment, _ state: TrainingState, _ pool: ThreadPool) throws {
    try MatrixProduct.requireCorrect()
    let graph = try StateGraph(environment)
    let pass = try GraphPass(graph, state, pool)
    self.init(Identities(graph, try pass.policy()), pass)
  }

  init(_ identities: Identities, _ pass: GraphPass) {
    let values = identities.values
    gradient =
      pass.parameterGradients([values.gradient(identities.graph, identities.policy)]).first ?? []
    value = values.value
    jF = values.jF
  }
}

/// Bias and variance of estimators of ∇J_F over many batches at fixed parameters. Every estimator sees
/// the same batches, so that their differences are not those of the draws.
package final class GradientVariance {
  private let environment: any Environment
  private let state: TrainingState
  private let pool: ThreadPool
  private let exact: ExactReference?
  private let pass: BatchPass
  private let critic: Estimator?
  /// log F, which other objectives read.
  private let flow: NetworkPass?
  private var logFlow: [Double] = []
  private let rollout = Rollout()
  /// Directions of unit length whose components are followed: ∇J_F's, then random ones.
  private var directions: [[Float]] = []
  /// ∇J_F is known and long enough to be a direction; it is the first one then.
  let followsExact: Bool
  private var gradient: [Float]
  private var values: [GradientEstimator.Baseline: [Double]] = [:]

  private static let mostBytes = 1 << 32

  /// - Parameters:
  ///   - exact: nil where it cannot be known.
  ///   - random: how many random directions to follow.
  package init(
    _ environment: any Environment, _ state: TrainingState, _ pool: ThreadPool,
    exact: ExactReference?, directions random: Int = 0, from stream: inout RandomStream
  ) throws {
    self.environment = environment
    self.state = state
    self.pool = pool
    self.exact = exact
    critic = state.networks[.valueForward] == nil ? nil : .valueForward
    pass = try BatchPass(environment, state, stateEstimator: critic)
    flow = state.networks[.stateFlow].map { NetworkPass($0.shape) }
    let count = try state.shape(
      state.configuration.policyEstimator, in: environment
    ).parameterCount
    gradient = [Float](repeating: 0, count: count)
    let unit = exact.flatMap { Self.normalised($0.gradient) }
    followsExact = unit != nil
    if let unit { directions.append(unit) }
    for _ in 0..<random {
      let draws = (0..<count).map { _ in Float(2 * stream.uniform() - 1) }
      if let unit = Self.normalised(draws) { directions.append(unit) }
    }
  }

  private static func normalised(_ vector: [Float]) -> [Float]? {
    let norm = Vector.norm(vector)
    // The components of a shorter vector are rounding errors.
    guard norm > 1e-9 else { return nil }
    return vector.map { Float(Double($0) / norm) }
  }

  /// - Parameter isCancelled: asked after each batch, with their number so far; the result is nil once
  ///   it is true.
  /// - Throws: `CoreError.tooLarge`, `.nonFinite`.
  package func run(
    _ estimators: [GradientEstimator], over count: Int, batch: Int,
    from stream: inout RandomStream, isCancelled: (Int) -> Bool = { _ in false }
  ) throws -> [GradientStatistics]? {
    let bytes = 8.0 * Double(gradient.count) * Double(estimators.count)
    guard bytes <= Double(Self.mostBytes) else {
      throw CoreError.tooLarge(
        what: "the mean gradients of \(counted(estimators.count, "estimator"))",
        size: "\(gradient.count) numbers each", remedy: "choose fewer of them, or a smaller policy")
    }
    if let estimator = estimators.first(where: { $0.objective.stateEstimator == .stateFlow }),
      flow == nil
    {
      throw CoreError.conflict(
        reason: "there is no log F(s) for objective \(estimator.kind.rawValue) to read",
        remedy: "train with 'objective \(estimator.kind.rawValue)' first, or leave it out")
    }
    var sums = estimators.map { _ in
      GradientSums(parameters: gradient.count, directions: directions.count)
    }
    for done in 1...max(1, count) {
      try sample(batch, from: &stream, estimators)
      for (number, estimator) in estimators.enumerated() {
        try add(estimator, to: &sums[number])
      }
      if isCancelled(done) { return nil }
    }
    let components =
      directions.map { direction in
        exact.map { Vector.dot($0.gradient, direction, pool) } ?? .nan
      } + [exact?.jF ?? .nan]
    return zip(estimators, sums).map { estimator, sums in
      sums.statistics(
        estimator, exact: exact?.gradient, components: components)
    }
  }

  /// Draws a batch, with what every baseline says along it.
  private func sample(
    _ count: Int, from stream: inout RandomStream, _ estimators: [GradientEstimator]
  ) throws {
    let needs = estimators.reduce(into: StepNeeds()) { $0.formUnion($1.objective.needs) }
    let baselines = Set(estimators.compactMap(\.baseline))
    try rollout.forward(
      count: count, state.networks[state.configuration.policyEstimator], pass.states,
      pass.forwardPolicy,
      exploration: nil, epsilon: 0, &stream, pool, into: &pass.paths)
    pass.backwardPolicy.removeAll()
    try pass.gather(state, stateEstimator: critic, needs: needs, pool)
    values[.critic] = pass.steps.value
    values[.none] = [Double](repeating: 0, count: pass.paths.entryCount)
    for baseline in [GradientEstimator.Baseline.exact, .arbitrary]
    where baselines.contains(baseline) {
      let rows = valuesOfRows(baseline)
      values[baseline] = pass.paths.rows.map { rows[Int($0)] }
    }
    if let flow, let network = state.networks[.stateFlow] {
      flow.removeAll()
      flow.forward(
        network, pass.states.features(state.configuration.policy.encoding),
        upTo: pass.states.count, pool)
      logFlow = pass.paths.rows.map { Double(flow.outputs[Int($0)]) }
    }
  }

  private func valuesOfRows(_ baseline: GradientEstimator.Baseline) -> [Double] {
    let width = environment.stateWidth
    let indices = pass.states.table.withCells { cells in
      (0..<pass.states.count).map { environment.index(of: cells + $0 * width) }
    }
    return (indices ?? []).map { index in
      guard baseline == .exact else {
        var stream = RandomStream(seed: UInt64(index), .looking)
        return 2 * stream.uniform() - 1
      }
      guard let exact else { return 0 }
      return exact.value[index]
    }
  }

  private func add(_ estimator: GradientEstimator, to sums: inout GradientSums) throws {
    guard let network = state.networks[state.configuration.policyEstimator] else { return }
    if let baseline = estimator.baseline {
      pass.steps.value = values[baseline] ?? []
    } else if estimator.objective.stateEstimator == .stateFlow {
      pass.steps.value = logFlow
    }
    estimator.objective.evaluate(pass.steps, into: &pass.gradients)
    Vector.clear(&gradient, count: gradient.count)
    pass.policyGradient(.forwardPolicy, network, into: &gradient, pool)
    let norm = Vector.norm(gradient, pool)
    guard norm.isFinite else {
      throw CoreError.nonFinite(
        step: nil, quantity: "the gradient norm of \(estimator.kind.rawValue)", value: norm)
    }
    let scale = estimator.scale
    let projections = directions.map { scale * Vector.dot(gradient, $0, pool) }
    sums.add(
      gradient, scale: scale, projections: projections + [scale * pass.gradients.logZ],
      along: followsExact ? projections.first : nil)
  }
}
