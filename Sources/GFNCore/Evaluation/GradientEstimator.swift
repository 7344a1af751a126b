/// A way of estimating ∇J_F with respect to the forward policy from a batch.
package struct GradientEstimator: Sendable {
  /// What is subtracted from the costs still to come.
  package enum Baseline: String, Sendable, CaseIterable {
    case none
    /// The learned V.
    case critic
    /// V_F by backward induction.
    case exact
    /// Any numbers in ±1, one a state.
    case arbitrary

    var words: String {
      switch self {
      case .none: "no baseline"
      case .critic: "the critic"
      case .exact: "exact V_F"
      case .arbitrary: "an arbitrary V"
      }
    }
  }

  package var kind: ObjectiveSettings.Kind
  /// Nil where the objective has none.
  package var lambda: Double?
  package var baseline: Baseline?
  let objective: any Objective
  /// Of the objective's gradient.
  let scale: Double
  /// Its mean is ∇J_F, up to what centring, λ and V bring in.
  let estimatesJF: Bool

  /// The policy gradient as it is trained, or without centring.
  package init(policyGradient lambda: Double, _ baseline: Baseline, isCentred: Bool = true) {
    kind = .policyGradient
    self.lambda = lambda
    self.baseline = baseline
    objective = PolicyGradient(
      lambda: lambda, usesCritic: baseline != .none, isCentred: isCentred)
    scale = 1
    estimatesJF = true
  }

  /// Trajectory balance: half its gradient has the mean ∇J_F (see `Identities.gradient`).
  package static var trajectoryBalance: GradientEstimator {
    GradientEstimator(
      .trajectoryBalance, TrajectoryBalance(), scale: 0.5, estimatesJF: true)
  }

  /// An objective that reads nothing but policies, rewards and log Z.
  init(
    _ kind: ObjectiveSettings.Kind, _ objective: any Objective, scale: Double, estimatesJF: Bool
  ) {
    self.kind = kind
    self.objective = objective
    self.scale = scale
    self.estimatesJF = estimatesJF
  }
}

extension GradientEstimator {
  /// The objectives that can be set beside each other on one batch: those that read nothing but the
  /// policies, log F(s) and clipped rewards. Trust-region and proximal steps start from the policy
  /// gradient itself.
  package static var kinds: [ObjectiveSettings.Kind] {
    ObjectiveSettings.Kind.allCases.filter { kind in
      var configuration = Configuration()
      configuration.objective.kind = kind
      let objective = configuration.phases.first { !$0.objective.isBackward }?.objective
      let isRepeated = kind.isPolicyBased && kind != .policyGradient
      return !isRepeated && objective?.needs.isEmpty == true
    }
  }

  /// Those whose estimators have the mean ∇J_F.
  package static var kindsOfJF: [ObjectiveSettings.Kind] { [.trajectoryBalance, .policyGradient] }

  /// The estimators of one objective: of the policy gradient one without a baseline (λ = 1, as smaller λ
  /// leave costs out that nothing stands in for), and each of `baselines` with every λ. Objectives whose
  /// gradient is for something else than J_F come as they are.
  /// - Parameter configuration: gives other objectives their settings.
  package static func estimators(
    _ kind: ObjectiveSettings.Kind, lambdas: [Double], _ baselines: [Baseline],
    in configuration: Configuration
  ) -> [GradientEstimator] {
    switch kind {
    case .trajectoryBalance: return [trajectoryBalance]
    case .policyGradient:
      return [GradientEstimator(policyGradient: 1, .none)]
        + baselines.flatMap { baseline in
          lambdas.map { GradientEstimator(policyGradient: $0, baseline) }
        }
    default:
      var configuration = configuration
      configuration.objective.kind = kind
      return configuration.phases.first { !$0.objective.isBackward }.map {
        [GradientEstimator(kind, $0.objective, scale: 1, estimatesJF: false)]
      } ?? []
    }
  }
}
