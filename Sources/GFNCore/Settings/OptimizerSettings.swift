public struct OptimizerSettings: Sendable, Equatable {
  public var policyRate = 1e-3
  /// Nil for the policy's.
  public var backwardRate: Double?
  public var criticRate = 5e-3
  public var logZRate = 0.1
  /// The greatest norm of an estimator's gradient; longer ones are scaled down.
  public var clip: Double?

  public init() {}

  func rate(_ estimator: Estimator) -> Double {
    switch estimator {
    case .forwardPolicy, .stateFlow, .edgeFlow: policyRate
    case .backwardPolicy: backwardRate ?? policyRate
    case .valueForward, .valueBackward: criticRate
    }
  }
}
