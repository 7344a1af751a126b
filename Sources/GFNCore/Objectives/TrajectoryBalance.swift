/// Trajectory balance (Malkin et al. 2022, arXiv:2201.13259, eq. 14): the batch mean of
/// `(log Z + log P_F(τ) − log R(x) − log P_B(τ|x))²`.
package struct TrajectoryBalance: Objective {
  package init() {}

  package var isBackward: Bool { false }
  package var trainsBackwardPolicy: Bool { true }
  package var stateEstimator: Estimator? { nil }
  package var isOnPolicy: Bool { false }

  package func evaluate(_ steps: StepValues, into gradients: inout StepGradients) {
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
