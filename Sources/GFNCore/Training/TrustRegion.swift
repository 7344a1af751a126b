import Glibc

/// One trust-region step on π_F (Schulman et al. 2015, arXiv:1502.05477; Niu et al. 2024, section 3.3):
/// the surrogate `Σ_t exp(log π − log π_old) A_t` falls while `KL(π_old ‖ π_new)`, both summed over
/// steps and averaged over trajectories, stays within δ.
struct TrustRegion {
  private static let iterations = 10
  /// The conjugate gradient stops at this squared residual.
  private static let tolerance = 1e-5
  private static let trials = 20
  private static let backtrack = 0.5
  /// How far beyond δ the true divergence may go, for the quadratic model's error.
  private static let slack = 1.5

  private var counts: [Float] = []
  private let tangent = Buffer<Float>()

  /// `(F + damping) v`, F the Fisher matrix of `KL(π_old ‖ π)` at the sampling parameters, summed over
  /// visited states and divided by the number of trajectories.
  mutating func fisherProduct(
    _ network: Network, _ pass: BatchPass, _ vector: [Float], damping: Double, _ pool: ThreadPool
  ) -> [Float] {
    let policy = pass.forwardPolicy
    let actions = policy.actions
    counts = [Float](repeating: 0, count: pass.states.count)
    for row in pass.paths.rows { counts[Int(row)] += 1 }
    tangent.reserve(pass.states.count * actions)
    policy.jacobianVectorProduct(pass.states, direction: vector, into: tangent.base, pool)
    let scale = 1 / Float(pass.paths.count)
    for row in 0..<pass.states.count {
      let p = policy.probabilities.base + row * actions
      let t = tangent.base + row * actions
      var mean: Float = 0
      for action in 0..<actions { mean += p[action] * t[action] }
      for action in 0..<actions { t[action] = counts[row] * scale * p[action] * (t[action] - mean) }
    }
    var result = [Float](repeating: 0, count: vector.count)
    policy.backward(network, pass.states, logitGradient: tangent.base, into: &result, pool)
    if damping > 0 { Vector.add(damping, vector, to: &result) }
    return result
  }

  /// Solves `(F + damping) x = g` by conjugate gradients.
  private mutating func solve(
    _ network: Network, _ pass: BatchPass, _ gradient: [Float], damping: Double, _ pool: ThreadPool
  ) -> [Float] {
    var x = [Float](repeating: 0, count: gradient.count)
    var residual = gradient
    var direction = gradient
    var squared = Vector.dot(residual, residual)
    for _ in 0..<Self.iterations {
      let product = fisherProduct(network, pass, direction, damping: damping, pool)
      let curvature = Vector.dot(direction, product)
      guard curvature > 0, curvature.isFinite else { break }
      let length = squared / curvature
      Vector.add(length, direction, to: &x)
      Vector.add(-length, product, to: &residual)
      let next = Vector.dot(residual, residual)
      let ratio = Float(next / squared)
      for index in direction.indices {
        direction[index] = residual[index] + ratio * direction[index]
      }
      squared = next
      if squared < Self.tolerance { break }
    }
    return x
  }

  /// Moves π_F along the natural gradient, backtracking until the surrogate falls and the divergence is
  /// within its bound; when no step is accepted the parameters stay as they were.
  mutating func update(
    _ state: inout TrainingState, _ pass: BatchPass, gradient: [Float], _ pool: ThreadPool
  ) throws -> TrustRegionReport {
    let settings = state.configuration.objective
    guard let old = state.networks[.forwardPolicy] else { return TrustRegionReport() }
    let x = solve(old, pass, gradient, damping: settings.damping, pool)
    let curvature = Vector.dot(x, gradient)
    guard curvature > 0, curvature.isFinite else { return TrustRegionReport() }
    var length = (2 * settings.delta / curvature).squareRoot()
    let before = LineSearch(pass)
    for trial in 1...Self.trials {
      var candidate = old
      Vector.add(-length, x, to: &candidate.parameters)
      let (surrogate, divergence) = before.evaluate(
        candidate, pass, check: settings.check, pool)
      let bound = settings.check == .model ? Self.slack * settings.delta : settings.delta
      if surrogate < before.surrogate, divergence <= bound {
        state.networks[.forwardPolicy] = candidate
        return TrustRegionReport(isAccepted: true, trials: trial, divergence: divergence)
      }
      length *= Self.backtrack
    }
    return TrustRegionReport(trials: Self.trials)
  }
}

/// What became of a trust-region step.
public struct TrustRegionReport: Sendable, Equatable {
  public var isAccepted = false
  /// Step lengths that were tried.
  public var trials = 0
  /// The divergence of the accepted step.
  public var divergence = 0.0

  public init(isAccepted: Bool = false, trials: Int = 0, divergence: Double = 0) {
    self.isAccepted = isAccepted
    self.trials = trials
    self.divergence = divergence
  }
}

/// The surrogate and the divergence of candidate parameters on a batch sampled with the old ones.
private struct LineSearch {
  private let oldLogP: [Float]
  private let oldP: [Float]
  /// Σ A_t, mean over trajectories: the surrogate at the old parameters.
  let surrogate: Double

  init(_ pass: BatchPass) {
    let count = pass.states.count * pass.forwardPolicy.actions
    oldLogP = pass.forwardPolicy.logProbabilities.array(count)
    oldP = pass.forwardPolicy.probabilities.array(count)
    surrogate = pass.gradients.advantages.reduce(0, +) / Double(pass.paths.count)
  }

  func evaluate(
    _ candidate: Network, _ pass: BatchPass, check: ObjectiveSettings.Check, _ pool: ThreadPool
  ) -> (surrogate: Double, divergence: Double) {
    let policy = pass.forwardPolicy
    let actions = policy.actions
    policy.removeAll()
    policy.evaluate(candidate, pass.states, pool)
    var surrogate = 0.0
    var visits = [Double](repeating: 0, count: pass.states.count)
    for entry in 0..<pass.paths.entryCount {
      let row = pass.paths.rows[entry]
      visits[Int(row)] += 1
      let ratio = exp(
        policy.logProbability(row, pass.paths.actions[entry]) - pass.steps.logPF[entry])
      surrogate += ratio * pass.gradients.advantages[entry]
    }
    var divergence = 0.0
    for row in visits.indices {
      for index in (row * actions)..<((row + 1) * actions) where oldP[index] > 0 {
        let difference = Double(oldLogP[index]) - Double(policy.logProbabilities[index])
        switch check {
        case .model: divergence += visits[row] * Double(oldP[index]) * difference
        case .authors:
          divergence -= visits[row] * Double(policy.probabilities[index]) * difference
        }
      }
    }
    let trajectories = Double(pass.paths.count)
    let normaliser = check == .model ? trajectories : Double(pass.paths.entryCount)
    return (surrogate / trajectories, divergence / normaliser)
  }
}
