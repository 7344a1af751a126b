/// The squared score of a backward policy against a guide (Niu et al. 2024, arXiv:2408.05885, the form
/// of its Bayesian-network runs): along trajectories sampled backward from terminating states with π_B,
/// the batch mean of
///
/// `(Σ_t [log g(a_t|s_t) − log π_B(b_t|s_{t+1})] + log g(exit|x) − log R(x) + log Z)²`,
///
/// g = π_F or π_G, where π_B alone is trained. It vanishes where π_B is the posterior of g's
/// trajectories and g samples in proportion to R.
package struct BackwardBalance: Objective {
  package init() {}

  package var isBackward: Bool { true }
  package var trainsBackwardPolicy: Bool { true }
  package var isOnPolicy: Bool { true }
  package var stateEstimator: Estimator? { nil }

  package func evaluate(_ steps: StepValues, into gradients: inout StepGradients) {
    gradients.reset(steps.logPB.count)
    let scale = 1 / Double(steps.count)
    for path in 0..<steps.count {
      let entries = steps.entries(path)
      var score = steps.logZ - steps.logReward[path]
      for entry in entries {
        let reward = steps.logPB[entry] - steps.logGuide[entry]
        gradients.rewards[entry] = reward
        score -= reward
      }
      gradients.loss += score * score * scale
      for entry in entries.dropLast() { gradients.logPB[entry] = -2 * score * scale }
    }
  }
}
