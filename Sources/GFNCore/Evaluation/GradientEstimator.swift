/// A way of estimating ∇J_F with respect to the forward policy from a batch.
public struct GradientEstimator: Sendable {
  /// What is subtracted from the costs still to come.
  public enum Baseline: String, Sendable, CaseIterable {
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

  public var kind: ObjectiveSettings.Kind
  /// Nil where the objective has none.
  public var lambda: Double?
  public var baseline: Baseline?
  let objective: any Objective
  /// Of the objective's gradient.
  let scale: Double
  /// Its mean is ∇J_F, up to what centring, λ and V bring in.
  let estimatesJF: Bool

  /// The policy gradient as it is trained, or without centring.
  public init(policyGradient lambda: Double, _ baseline: Baseline, isCentred: Bool = true) {
    kind = .policyGradient
    self.lambda = lambda
    self.baseline = baseline
    objective = PolicyGradient(
      lambda: lambda, usesCritic: baseline != .none, isCentred: isCentred)
    scale = 1
    estimatesJF = true
  }

  /// Trajectory balance: half its gradient has the mean ∇J_F (see `Identities.gradient`).
  public static var trajectoryBalance: GradientEstimator {
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
  /// The objectives that estimate ∇J_F, as far as they differ: a trust-region step starts from the policy
  /// gradient itself.
  public static var kinds: [ObjectiveSettings.Kind] {
    ObjectiveSettings.Kind.allCases.filter { !estimators($0, lambdas: [1], []).isEmpty }
  }

  /// The estimators of one objective: of the policy gradient one without a baseline (λ = 1, as smaller λ
  /// leave costs out that nothing stands in for), and each of `baselines` with every λ.
  public static func estimators(
    _ kind: ObjectiveSettings.Kind, lambdas: [Double], _ baselines: [Baseline]
  ) -> [GradientEstimator] {
    switch kind {
    case .trajectoryBalance:
      [trajectoryBalance]
    case .policyGradient:
      [GradientEstimator(policyGradient: 1, .none)]
        + baselines.flatMap { baseline in
          lambdas.map { GradientEstimator(policyGradient: $0, baseline) }
        }
    default: []
    }
  }
}
