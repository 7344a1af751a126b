/// One trust-region step on π_F (Schulman et al. 2015, arXiv:1502.05477; Niu et al. 2024, section 3.3):
/// the surrogate `Σ_t exp(log π − log π_old) A_t` falls while `KL(π_old ‖ π_new)`, both summed over
/// steps and averaged over trajectories, stays within δ.
///
/// Everything in it is workspace, used again from step to step.
struct TrustRegion {
  private static let iterations = 10
  /// The conjugate gradient stops at this squared residual.
  private static let tolerance = 1e-5
  private static let trials = 20
  private static let backtrack = 0.5
  /// How far beyond δ the true divergence may go, for the quadratic model's error.
  private static let slack = 1.5

  private var fisher = FisherMatrix()
  private var lineSearch = LineSearch()
  /// The conjugate gradient's vectors, in the policy's layout.
  private var x: [Float] = []
  private var residual: [Float] = []
  private var direction: [Float] = []
  private var product: [Float] = []
  private var candidate: Network?

  /// Dense arithmetic so far beyond what the policy's pass counts.
  var work: DenseWork { fisher.work }

  private mutating func prepare(_ state: TrainingState, _ pass: BatchPass, _ pool: ThreadPool) {
    fisher.prepare(
      pass, state.configuration.policy.encoding,
      fraction: state.configuration.objective.fisher, turn: state.step, pool)
  }

  /// `F v` on a batch evaluated at the sampling parameters: the product alone, for a look from outside.
  mutating func fisherProduct(
    _ state: TrainingState, _ network: Network, _ pass: BatchPass, _ vector: [Float],
    _ pool: ThreadPool
  ) -> [Float] {
    prepare(state, pass, pool)
    var result: [Float] = []
    fisher.multiply(network, pass, vector, into: &result, pool)
    return result
  }

  /// Solves `(F + damping) x = g` by conjugate gradients.
  private mutating func solve(
    _ network: Network, _ pass: BatchPass, _ gradient: [Float], damping: Double, _ pool: ThreadPool
  ) {
    Vector.clear(&x, count: gradient.count)
    Vector.copy(gradient, to: &residual, pool)
    Vector.copy(gradient, to: &direction, pool)
    var squared = Vector.dot(residual, residual, pool)
    for _ in 0..<Self.iterations {
      fisher.multiply(network, pass, direction, into: &product, pool)
      if damping > 0 { Vector.add(damping, direction, to: &product, pool) }
      let curvature = Vector.dot(direction, product, pool)
      guard curvature > 0, curvature.isFinite else { break }
      let length = squared / curvature
      Vector.add(length, direction, to: &x, pool)
      Vector.add(-length, product, to: &residual, pool)
      let next = Vector.dot(residual, residual, pool)
      Vector.scale(&direction, by: next / squared, adding: residual, pool)
      squared = next
      if squared < Self.tolerance { break }
    }
  }

  /// Moves π_F along the natural gradient, backtracking until the surrogate falls and the divergence is
  /// within its bound; when no step is accepted the parameters stay as they were.
  mutating func update(
    _ state: inout TrainingState, _ pass: BatchPass, gradient: [Float], _ pool: ThreadPool
  ) throws -> TrustRegionReport {
    let settings = state.configuration.objective
    guard let old = state.networks[.forwardPolicy] else { return TrustRegionReport() }
    prepare(state, pass, pool)
    solve(old, pass, gradient, damping: settings.damping, pool)
    let curvature = Vector.dot(x, gradient, pool)
    guard curvature > 0, curvature.isFinite else { return TrustRegionReport() }
    var length = (2 * settings.delta / curvature).squareRoot()
    lineSearch.prepare(pass, entropy: settings.entropy, pool)
    var candidate = candidate.take() ?? Network(zero: old.shape)
    defer { self.candidate = candidate }
    for trial in 1...Self.trials {
      Vector.copy(old.parameters, to: &candidate.parameters, pool)
      Vector.add(-length, x, to: &candidate.parameters, pool)
      let (surrogate, divergence) = lineSearch.evaluate(
        candidate, pass, check: settings.check, entropy: settings.entropy, pool)
      let bound = settings.check == .model ? Self.slack * settings.delta : settings.delta
      if surrogate < lineSearch.surrogate, divergence <= bound {
        // The old parameters' storage is the next candidate's.
        state.networks[.forwardPolicy] = candidate
        candidate = old
        return TrustRegionReport(isAccepted: true, trials: trial, divergence: divergence)
      }
      length *= Self.backtrack
    }
    return TrustRegionReport(trials: Self.trials)
  }
}

/// What became of a trust-region step.
package struct TrustRegionReport: Sendable, Equatable {
  package var isAccepted = false
  /// Step lengths that were tried.
  package var trials = 0
  /// The divergence of the accepted step.
  package var divergence = 0.0

  package init(isAccepted: Bool = false, trials: Int = 0, divergence: Double = 0) {
    self.isAccepted = isAccepted
    self.trials = trials
    self.divergence = divergence
  }
}
