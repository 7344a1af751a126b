/// One part of a training step: a rollout, an objective on it, and a rule that moves parameters.
struct Phase {
  enum Rule: Equatable {
    case adam
    case trustRegion
    /// By Adam, then again on the same batch, the ratio π/π_old clipped.
    case proximal(ClippedSurrogate, epochs: Int)
  }

  var objective: any Objective
  var rule: Rule
  /// The estimators that it trains, the policy first.
  var trained: [Estimator]
  /// On the same batch, before the objective is evaluated.
  var before: [Phase] = []
  /// What the later epochs of a proximal step train.
  static let policyAlone: [Estimator] = [.forwardPolicy]

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
    case .policyGradient, .trustRegion, .proximalPolicy:
      let forward = phase(PolicyGradient(objective), policyRule)
      guard backward.kind.hasBackwardStep else { return [forward] }
      return [forward]
        + (0..<backward.steps).map { _ in
          switch backward.form {
          case .gradient: phase(BackwardPolicyGradient(objective), .adam)
          case .balance: phase(BackwardBalance(), .adam)
          }
        }
    }
  }

  private var policyRule: Phase.Rule {
    switch objective.kind {
    case .trustRegion: .trustRegion
    case .proximalPolicy:
      .proximal(ClippedSurrogate(clip: objective.ratioClip), epochs: objective.epochs)
    default: .adam
    }
  }

  private func phase(_ objective: any Objective, _ rule: Phase.Rule) -> Phase {
    let isBackward = objective.isBackward
    var trained: [Estimator] = isBackward ? [.backwardPolicy] : [policyEstimator]
    if !isBackward, objective.trainsBackwardPolicy, backward.kind == .learned {
      trained.append(.backwardPolicy)
    }
    if let estimator = objective.stateEstimator { trained.append(estimator) }
    var phase = Phase(objective: objective, rule: rule, trained: trained)
    if !isBackward, backward.kind == .likelihood {
      phase.before = [
        Phase(objective: TrajectoryLikelihood(), rule: .adam, trained: [.backwardPolicy])
      ]
    }
    return phase
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
    if backward.form != .gradient, !isPolicyBased {
      throw CoreError.conflict(
        reason: "objective \(objective.kind.rawValue) has no backward step to be of another form",
        remedy: "choose objective rl, or leave form= out: backward \(backward.kind.rawValue)")
    }
    if backward.kind == .maximumEntropy { try PathCounts.check(environment) }
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
    try validateReplay(in: environment)
  }

  /// Replayed trajectories are off-policy too, and a likelihood wants the policy's own.
  private func validateReplay(in environment: any Environment) throws {
    let replay = exploration.replay
    if replay.isActive, phases.contains(where: \.objective.isOnPolicy) {
      throw CoreError.conflict(
        reason: "objective \(objective.kind.rawValue) is on-policy, replay would bias it",
        remedy: "switch it off with 'explore replay=none', or use objective tb")
    }
    if backward.kind == .likelihood, replay.isActive || exploration.isActive {
      throw CoreError.conflict(
        reason: "backward tlm learns from π_F's own trajectories, exploration and replay bias it",
        remedy: "switch them off with "
          + "'explore epsilon=0 temperature=1 exit_bias=0 replay=none', or use backward learned")
    }
    try replay.validate(in: environment)
  }
}
