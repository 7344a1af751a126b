/// Modified detailed balance (Deleu et al. 2022, arXiv:2202.13903, eq. 6), for environments where every
/// state can stop: `F(s) = R(s) / π_F(exit|s)` takes the flow out of detailed balance. The loss is the
/// square of
/// `log R(s) + log π_F(a|s) + log π_F(exit|s') − log R(s') − log π_B(b|s') − log π_F(exit|s)`,
/// mean over the transitions of the batch that are no exits; 0 where there are none.
package struct ModifiedDetailedBalance: Objective {
  package init() {}

  package var isBackward: Bool { false }
  package var trainsBackwardPolicy: Bool { true }
  package var stateEstimator: Estimator? { nil }
  package var needs: StepNeeds { [.exits, .stateRewards] }
  package var isOnPolicy: Bool { false }

  package func evaluate(_ steps: StepValues, into gradients: inout StepGradients) {
    gradients.reset(steps.logPF.count, needs)
    let transitions = steps.logPF.count - steps.count
    guard transitions > 0 else { return }
    let scale = 1 / Double(transitions)
    for path in 0..<steps.count {
      for entry in steps.entries(path).dropLast() {
        let residual =
          steps.stateLogReward[entry] - steps.stateLogReward[entry + 1]
          + steps.logPF[entry] - steps.logPB[entry]
          + steps.exitLogPF[entry + 1] - steps.exitLogPF[entry]
        let slope = 2 * residual * scale
        gradients.loss += residual * residual * scale
        gradients.logPF[entry] = slope
        gradients.logPB[entry] = -slope
        gradients.exitLogPF[entry + 1] += slope
        gradients.exitLogPF[entry] -= slope
      }
    }
  }
}
