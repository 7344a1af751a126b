/// Detailed balance (Bengio et al. 2023, arXiv:2111.09266, section 3): every edge balances by itself,
/// `δ_t = log F(s_t) + log π_F(a_t|s_t) − log F(s_{t+1}) − log π_B(b_t|s_{t+1})`, and
/// `δ_T = log F(x) + log π_F(exit|x) − log R(x)` with log R as it is; the loss is the sum of the squares
/// over each trajectory, mean over trajectories.
package struct DetailedBalance: Objective {
  package init() {}

  package var isBackward: Bool { false }
  package var trainsBackwardPolicy: Bool { true }
  package var stateEstimator: Estimator? { .stateFlow }
  package var needs: StepNeeds { .unclippedRewards }
  package var isOnPolicy: Bool { false }

  package func evaluate(_ steps: StepValues, into gradients: inout StepGradients) {
    gradients.reset(steps.logPF.count)
    let scale = 1 / Double(steps.count)
    for path in 0..<steps.count {
      let entries = steps.entries(path)
      for entry in entries {
        let isExit = entry + 1 == entries.upperBound
        let target =
          isExit ? steps.logReward[path] : steps.value[entry + 1] + steps.logPB[entry]
        let residual = steps.value[entry] + steps.logPF[entry] - target
        let slope = 2 * residual * scale
        gradients.loss += residual * residual * scale
        gradients.logPF[entry] = slope
        gradients.value[entry] += slope
        guard !isExit else { continue }
        gradients.logPB[entry] = -slope
        gradients.value[entry + 1] -= slope
      }
    }
  }
}
