/// Trajectory balance (Malkin et al. 2022, arXiv:2201.13259, eq. 14): the batch mean of
/// `(log Z + log P_F(τ) − log R(x) − log P_B(τ|x))²`.
public struct TrajectoryBalance: Objective {
  public init() {}

  public var isBackward: Bool { false }
  public var trainsBackwardPolicy: Bool { true }
  public var stateEstimator: Estimator? { nil }
  public var isOnPolicy: Bool { false }

  public func evaluate(_ steps: StepValues, into gradients: inout StepGradients) {
    gradients.reset(steps.logPF.count)
    let scale = 1 / Double(steps.count)
    for path in 0..<steps.count {
      let entries = steps.entries(path)
      var residual = steps.logZ - steps.logReward[path]
      for entry in entries { residual += steps.logPF[entry] - steps.logPB[entry] }
      gradients.loss += residual * residual * scale
      gradients.logZ += 2 * residual * scale
      for entry in entries {
        gradients.logPF[entry] = 2 * residual * scale
        gradients.logPB[entry] = -2 * residual * scale
      }
      gradients.logPB[entries.upperBound - 1] = 0
    }
  }
}
