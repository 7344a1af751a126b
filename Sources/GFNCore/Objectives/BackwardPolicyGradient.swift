/// The backward policy gradient (Niu et al. 2024, arXiv:2408.05885, eqs. 11–14): along trajectories
/// sampled backward from terminating states with π_B,
/// `r_t = log π_B(b_t|s_{t+1}) − log g(a_t|s_t)` with the guide g held constant (g = π_F couples the
/// two policies, RL-B; g = π_G guides, RL-G); advantages with λ = 1, centred; V_B(s0) = 0.
///
/// The reward, advantage and target of the step s_{t+1} → s_t stand at entry t; the critic's gradient
/// stands at the entry of s_{t+1}.
package struct BackwardPolicyGradient: Objective {
  package var usesCritic: Bool

  package var isCentred = true
  package var isScaled = false

  /// Its critic is always fitted to returns: no source gives it another.
  init(_ settings: ObjectiveSettings) {
    usesCritic = settings.usesCritic
    isCentred = settings.centresAdvantages
    isScaled = settings.scalesAdvantages
  }

  package var isBackward: Bool { true }
  package var trainsBackwardPolicy: Bool { true }
  package var isOnPolicy: Bool { true }
  package var stateEstimator: Estimator? { usesCritic ? .valueBackward : nil }

  package func evaluate(_ steps: StepValues, into gradients: inout StepGradients) {
    gradients.reset(steps.logPB.count)
    let scale = 1 / Double(steps.count)
    var criticLoss = 0.0
    var total = 0.0
    for path in 0..<steps.count {
      var target = 0.0
      let entries = steps.entries(path)
      for entry in entries.dropLast() {
        let reward = steps.logPB[entry] - steps.logGuide[entry]
        target += reward
        let value = usesCritic ? steps.value[entry + 1] : 0
        gradients.rewards[entry] = reward
        gradients.valueTargets[entry] = target
        gradients.advantages[entry] = target - value
        gradients.value[entry + 1] = usesCritic ? 2 * (value - target) * scale : 0
        criticLoss += (value - target) * (value - target) * scale
      }
      total += target * scale
    }
    gradients.loss = total
    gradients.criticLoss = usesCritic ? criticLoss : nil
    gradients.shapeAdvantages(steps, withoutEnds: true, centres: isCentred, scales: isScaled)
    for entry in gradients.advantages.indices {
      gradients.logPB[entry] = gradients.advantages[entry] * scale
    }
  }
}
