/// Checks the identities at the present parameters of a training state; nothing changes.
package final class Verification {
  private let environment: any Environment
  private let state: TrainingState
  private let pool: ThreadPool
  private let pass: GraphPass
  private let identities: Identities

  /// How far π' is from π in *difference*: enough for every term of it to count.
  private static let perturbation = 0.5

  /// - Throws: `CoreError.tooLarge` beyond 65,536 states, `.conflict` where J_F is infinite.
  package init(_ environment: any Environment, _ state: TrainingState, _ pool: ThreadPool) throws {
    self.environment = environment
    self.state = state
    self.pool = pool
    let graph = try StateGraph(environment)
    pass = try GraphPass(graph, state, pool)
    identities = Identities(graph, try pass.policy())
  }

  /// - Parameters:
  ///   - over, batch: batches and their trajectories, for *variance*.
  ///   - isCancelled: asked between batches; the result is nil once it is true.
  package func check(
    _ identity: Identity, over: Int, batch: Int, from stream: inout RandomStream,
    isCancelled: () -> Bool = { false }
  ) throws -> [IdentityCheck]? {
    switch identity {
    case .gradient: return identities.gradient(pass.parameterGradients)
    case .kl: return identities.kl()
    case .difference:
      return identities.difference(
        identities.policy.perturbed(
          on: identities.graph, size: Self.perturbation, from: &stream))
    case .variance:
      return try variance(over: over, batch: batch, from: &stream, isCancelled)
    case .balance: return try balance(isCancelled)
    }
  }

  /// `solve` computes the flow by a programme of its own.
  private func balance(_ isCancelled: () -> Bool) throws -> [IdentityCheck]? {
    let (policy, logFlow) = identities.policy.balanced(on: identities.graph)
    do {
      let solved = try BalancedFlow(
        environment, state, pool, clipsRewards: true, isCancelled: isCancelled)
      let distance = zip(solved.logFlow, logFlow).reduce(0) { max($0, abs($1.0 - $1.1)) }
      return Identities(identities.graph, policy).balance(logFlow) + [
        IdentityCheck(
          .balance, "greatest |log F(s) of 'solve' − log F(s)| and 0", distance, 0,
          tolerance: Self.rounding)
      ]
    } catch is CancellationError {
      return nil
    }
  }

  /// The two normalise a learned π_B at different ends of its Float32 outputs.
  private static let rounding = 1e-4

  /// With λ = 1 the advantage is the cost still to come less V(s), and `E[∇log π_F(a|s) V(s)] = 0`: the
  /// estimator is unbiased for any V that is fixed before the batch. Its component along ∇J_F and along
  /// random directions is compared with the exact one, in standard errors. How much a baseline lowers
  /// the variance is no theorem: figures.
  private func variance(
    over: Int, batch: Int, from stream: inout RandomStream, _ isCancelled: () -> Bool
  ) throws -> [IdentityCheck]? {
    let measurement = try GradientVariance(
      environment, state, pool, exact: ExactReference(identities, pass), directions: 7,
      from: &stream)
    let baselines: [GradientEstimator.Baseline] = [.none, .arbitrary, .exact]
    let results = try measurement.run(
      baselines.map { GradientEstimator(policyGradient: 1, $0, isCentred: false) }, over: over,
      batch: batch, from: &stream, isCancelled: { _ in isCancelled() })
    guard let results, let plain = results.first else { return nil }
    var checks: [IdentityCheck] = []
    for result in results {
      let name = result.estimator.baseline?.words ?? ""
      // Where ∇J_F vanishes it has no direction.
      if measurement.followsExact, let along = result.projections.first {
        checks.append(check(along, "component along ∇J_F, \(name)"))
      }
      let others = result.projections.dropFirst(measurement.followsExact ? 1 : 0)
      if let worst = others.max(by: { $0.deviation < $1.deviation }) {
        checks.append(check(worst, "worst of \(others.count) random directions, \(name)"))
      }
    }
    checks.append(check(plain.logZ, "mean Σ r_t and J_F"))
    checks += results.dropFirst().map { result in
      IdentityCheck(
        .variance, "variance: \(result.estimator.baseline?.words ?? "") and no baseline",
        result.variance, plain.variance, .figure, tolerance: .nan)
    }
    return checks
  }

  /// A sampled mean against its exact value.
  private func check(
    _ projection: GradientStatistics.Projection, _ quantity: String
  ) -> IdentityCheck {
    IdentityCheck(
      .variance, quantity, projection.mean, projection.exact, tolerance: projection.tolerance)
  }
}
