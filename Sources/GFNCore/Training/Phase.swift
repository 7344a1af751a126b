/// One part of a training step: a rollout, an objective on it, and a rule that moves parameters.
struct Phase {
  enum Rule {
    case adam
    case trustRegion
  }

  var objective: any Objective
  var rule: Rule
  /// The estimators that it trains, the policy first.
  var trained: [Estimator]

  var stateEstimator: Estimator? { objective.stateEstimator }
}

extension Configuration {
  /// The method as a list of phases.
  var phases: [Phase] {
    switch objective.kind {
    case .trajectoryBalance:
      return [phase(TrajectoryBalance(), .adam)]
    case .detailedBalance:
      return [phase(DetailedBalance(), .adam)]
    case .subTrajectoryBalance:
      return [
        phase(
          SubTrajectoryBalance(lambda: objective.lambda, weighting: objective.weighting), .adam)
      ]
    case .flowMatching:
      return [phase(FlowMatching(), .adam)]
    case .logPartitionVariance:
      return [phase(LogPartitionVariance(), .adam)]
    case .modifiedDetailedBalance:
      return [phase(ModifiedDetailedBalance(), .adam)]
    case .policyGradient, .trustRegion:
      let critic = objective.usesCritic
      let forward = phase(
        PolicyGradient(lambda: objective.lambda, usesCritic: critic),
        objective.kind == .trustRegion ? .trustRegion : .adam)
      guard backward.kind.isLearned else { return [forward] }
      return [forward]
        + (0..<backward.steps).map { _ in
          phase(BackwardPolicyGradient(usesCritic: critic), .adam)
        }
    }
  }

  private func phase(_ objective: any Objective, _ rule: Phase.Rule) -> Phase {
    let isBackward = objective.isBackward
    var trained: [Estimator] = isBackward ? [.backwardPolicy] : [policyEstimator]
    if !isBackward, objective.trainsBackwardPolicy, backward.kind.isLearned {
      trained.append(.backwardPolicy)
    }
    if let estimator = objective.stateEstimator { trained.append(estimator) }
    return Phase(objective: objective, rule: rule, trained: trained)
  }

  /// The estimators that training needs.
  public var estimators: [Estimator] {
    let phases = phases
    return Estimator.allCases.filter { estimator in
      switch estimator {
      case .forwardPolicy: policyEstimator == .forwardPolicy
      case .backwardPolicy: backward.kind.isLearned
      case .valueForward, .valueBackward, .stateFlow, .edgeFlow:
        phases.contains { $0.trained.contains(estimator) }
      }
    }
  }

  /// - Throws: `CoreError.conflict` when the parts do not go together.
  public func validate(in environment: any Environment) throws {
    let isPolicyBased = objective.kind.isPolicyBased
    try validateFlows(in: environment)
    if backward.kind == .guided {
      guard isPolicyBased else {
        throw CoreError.conflict(
          reason: "a guided backward policy belongs to the policy-gradient objectives",
          remedy: "choose objective rl, or backward learned")
      }
      _ = try Guide(environment, backward)
    }
    if exploration.isActive, phases.contains(where: \.objective.isOnPolicy) {
      throw CoreError.conflict(
        reason: "objective \(objective.kind.rawValue) is on-policy, exploration would bias it",
        remedy:
          "switch it off with 'explore epsilon=0 temperature=1 exit_bias=0', or use objective tb")
    }
  }
}
