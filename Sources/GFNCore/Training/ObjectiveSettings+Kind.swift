/// Where the log Z that a method reports comes from.
public enum LogZSource: Sendable {
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
  public var isPolicyBased: Bool {
    self == .policyGradient || self == .trustRegion || self == .proximalPolicy
  }

  public var logZSource: LogZSource {
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
  public var lambda: Double {
    get { givenLambda ?? kind.lambda }
    set { givenLambda = newValue }
  }
}

extension Configuration {
  /// The estimator whose masked softmax is π_F.
  public var policyEstimator: Estimator {
    objective.kind == .flowMatching ? .edgeFlow : .forwardPolicy
  }

  /// - Throws: `CoreError.conflict` when a value-based objective does not go with the rest.
  func validateFlows(in environment: any Environment) throws {
    if objective.kind == .flowMatching, backward.kind != .uniform {
      throw CoreError.conflict(
        reason: "flow matching has no backward policy to learn or to choose",
        remedy: "let it be uniform: method FM sets both")
    }
    if objective.kind == .modifiedDetailedBalance, !environment.everyStateTerminates {
      throw CoreError.conflict(
        reason: "objective moddb needs an environment where every state can stop, and in "
          + "\(environment.specification.kind) not every one can",
        remedy: "choose objective db")
    }
  }
}

extension Environment {
  /// Exit is allowed everywhere.
  var everyStateTerminates: Bool {
    // Where nothing can be counted, s0 decides: it is the first that could not.
    enumeration.map { $0.states == $0.terminating } ?? (forwardMask(initialState()).last == true)
  }
}
