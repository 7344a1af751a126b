package struct OptimizerSettings: Sendable, Equatable {
  package var policyRate = 1e-3
  /// Nil for the policy's.
  package var backwardRate: Double?
  package var criticRate = 5e-3
  package var logZRate = 0.1
  /// The greatest norm of an estimator's gradient; longer ones are scaled down.
  package var clip: Double?

  package init() {}

  func rate(_ estimator: Estimator) -> Double {
    switch estimator {
    case .forwardPolicy, .stateFlow, .edgeFlow: policyRate
    case .backwardPolicy: backwardRate ?? policyRate
    case .valueForward, .valueBackward: criticRate
    }
  }
}
