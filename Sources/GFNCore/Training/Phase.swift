/// One part of a training step: a rollout, an objective on it, and a rule that moves parameters.
struct Phase {
  enum Rule {
    case adam
    case trustRegion
  }

  var objective: any Objective
  var rule: Rule
}

extension Configuration {
  /// The method as a list of phases.
  var phases: [Phase] {
    let critic = objective.usesCritic
    switch objective.kind {
    case .trajectoryBalance:
      return [Phase(objective: TrajectoryBalance(), rule: .adam)]
    case .policyGradient, .trustRegion:
      let forward = Phase(
        objective: PolicyGradient(lambda: objective.lambda, usesCritic: critic),
        rule: objective.kind == .trustRegion ? .trustRegion : .adam)
      guard backward.kind != .uniform else { return [forward] }
      return [forward]
        + (0..<backward.steps).map { _ in
          Phase(objective: BackwardPolicyGradient(usesCritic: critic), rule: .adam)
        }
    }
  }

  /// The estimators that training needs.
  public var estimators: [Estimator] {
    let phases = phases
    return Estimator.allCases.filter { estimator in
      switch estimator {
      case .forwardPolicy: true
      case .backwardPolicy: backward.kind != .uniform
      case .valueForward: phases.contains { !$0.objective.isBackward && $0.objective.usesCritic }
      case .valueBackward: phases.contains { $0.objective.isBackward && $0.objective.usesCritic }
      case .stateFlow, .edgeFlow: false
      }
    }
  }

  /// - Throws: `CoreError.conflict` when the parts do not go together.
  public func validate(in environment: any Environment) throws {
    let isPolicyBased = objective.kind != .trajectoryBalance
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
