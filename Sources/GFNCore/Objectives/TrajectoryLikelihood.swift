/// Trajectory likelihood maximisation (Gritsaev et al. 2024, arXiv:2410.15474): the batch
/// mean of `−Σ_t log π_B(b_t|s_{t+1})` over trajectories sampled with π_F. Its minimum is the posterior of
/// π_F's trajectories given their ends.
///
/// π_B takes its step first, and the forward objective then sees the new π_B, held fixed, on the same
/// batch. The paper's target network and the decay of π_B's rate are left out.
package struct TrajectoryLikelihood: Objective {
  package init() {}

  package var isBackward: Bool { false }
  package var trainsBackwardPolicy: Bool { true }
  package var isOnPolicy: Bool { true }
  package var stateEstimator: Estimator? { nil }

  package func evaluate(_ steps: StepValues, into gradients: inout StepGradients) {
    gradients.reset(steps.logPB.count)
    let scale = 1 / Double(steps.count)
    for path in 0..<steps.count {
      for entry in steps.entries(path).dropLast() {
        gradients.loss -= steps.logPB[entry] * scale
        gradients.logPB[entry] = -scale
      }
    }
  }
}
