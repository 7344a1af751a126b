/// Where the log Z that a method reports comes from.
package enum LogZSource: Sendable {
  /// A parameter that is trained.
  case parameter
  /// log F(s0).
  case stateFlow
  /// The logarithm of the sum of s0's edge flows.
  case edgeFlow
  /// The batch mean of log R + log P_B − log P_F.
  case batch
  case none
}

extension ObjectiveSettings.Kind {
  /// It minimises J_F by policy gradients.
  package var isPolicyBased: Bool {
    self == .policyGradient || self == .trustRegion || self == .proximalPolicy
  }

  package var logZSource: LogZSource {
    switch self {
    case .trajectoryBalance, .policyGradient, .trustRegion, .proximalPolicy: .parameter
    case .detailedBalance, .subTrajectoryBalance: .stateFlow
    case .flowMatching: .edgeFlow
    case .logPartitionVariance: .batch
    case .modifiedDetailedBalance: .none
    }
  }

  /// λ where none is given.
  var lambda: Double { self == .subTrajectoryBalance ? 0.9 : 0.99 }
}

extension ObjectiveSettings {
  /// Decay of λ-advantages, or of the weights of longer sub-trajectories.
  package var lambda: Double {
    get { givenLambda ?? kind.lambda }
    set { givenLambda = newValue }
  }
}

extension Configuration {
  /// The estimator whose masked softmax is π_F.
  package var policyEstimator: Estimator {
    objective.kind == .flowMatching ? .edgeFlow : .forwardPolicy
  }
}
