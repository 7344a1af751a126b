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
  package var estimators: [Estimator] {
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
}
