/// The forward policy gradient (Niu et al. 2024, arXiv:2408.05885, eqs. 5–10): REINFORCE with
/// λ-advantages on the policy-dependent rewards
/// `r_t = log π_F(a_t|s_t) − log π_B(b_t|s_{t+1})`, `r_T = log π_F(exit|x) − log R(x) + log Z`,
/// which are costs: J_F = E[Σ r_t] is minimised, less `c Σ_t H(π_F(·|s_t))` where an entropy bonus is
/// asked for. π_B stands fixed.
package struct PolicyGradient: Objective {
  package var lambda: Double
  package var critic: ObjectiveSettings.Critic
  /// Subtracts the batch's mean advantage, which biases the gradient by O(1/B).
  package var isCentred: Bool
  /// Divides by the advantages' standard deviation.
  package var isScaled = false
  /// The bonus' coefficient c.
  package var entropy = 0.0

  package init(lambda: Double = 0.99, usesCritic: Bool = true, isCentred: Bool = true) {
    self.lambda = lambda
    critic = usesCritic ? .monteCarlo : .absent
    self.isCentred = isCentred
  }

  init(_ settings: ObjectiveSettings) {
    lambda = settings.lambda
    critic = settings.critic
    isCentred = settings.centresAdvantages
    isScaled = settings.scalesAdvantages
    entropy = settings.entropy
  }

  package var isBackward: Bool { false }
  package var trainsBackwardPolicy: Bool { false }
  package var isOnPolicy: Bool { true }
  package var stateEstimator: Estimator? { critic == .absent ? nil : .valueForward }
  package var needs: StepNeeds { entropy == 0 ? [] : .entropy }

  package func evaluate(_ steps: StepValues, into gradients: inout StepGradients) {
    gradients.reset(steps.logPF.count, needs)
    for path in 0..<steps.count {
      let entries = steps.entries(path)
      for entry in entries {
        gradients.rewards[entry] = steps.logPF[entry] - steps.logPB[entry]
      }
      gradients.rewards[entries.upperBound - 1] += steps.logZ - steps.logReward[path]
    }
    let total = gradients.rewards.reduce(0, +) / Double(steps.count)
    gradients.loss = total
    gradients.jF = total
    gradients.logZ = total
    if critic == .partialEpisodes { fitPartialEpisodes(steps, &gradients) }
    estimateAdvantages(steps, &gradients)
    gradients.shapeAdvantages(steps, withoutEnds: false, centres: isCentred, scales: isScaled)
    let scale = 1 / Double(steps.count)
    for entry in gradients.advantages.indices {
      gradients.logPF[entry] = gradients.advantages[entry] * scale
    }
    guard entropy != 0 else { return }
    for entry in gradients.entropy.indices {
      gradients.entropy[entry] = -entropy * scale
      gradients.loss -= entropy * scale * steps.entropy[entry]
    }
  }

  /// The evaluation balance on partial episodes (Niu, Wu & Qian 2026, arXiv:2603.01047): E = −V takes the
  /// place of log F in the sub-trajectory balance loss and `log R(x) − log Z` stands at sf, so that a
  /// partial episode's residual is `Σ_{i≤t<j} r_t + V(s_j) − V(s_i)`, V(sf) = 0. log Z descends the
  /// square of the longest one without E, `(Σ_t r_t)²`: its gradient is twice the mean of
  /// `(Σ_t r_t) · ∂(Σ_t r_t)/∂log Z`, and that derivative is 1.
  private func fitPartialEpisodes(_ steps: StepValues, _ gradients: inout StepGradients) {
    let episodes = PartialEpisodes.forEvaluation
    let scale = 1 / Double(steps.count)
    var loss = 0.0
    for path in 0..<steps.count {
      let entries = steps.entries(path)
      for entry in entries {
        let next = entry + 1 < entries.upperBound ? steps.value[entry + 1] : 0
        // The advantages come later; until then their room holds the one-step residuals.
        gradients.advantages[entry] = gradients.rewards[entry] + next - steps.value[entry]
      }
      loss += episodes.differentiate(
        gradients.advantages, entries, scale: scale / episodes.weight(steps: entries.count),
        into: &gradients.value)
    }
    gradients.criticLoss = loss
    gradients.logZ *= 2
  }

  /// `A_t = Σ_l λ^l δ_{t+l}` with `δ_t = r_t + V(s_{t+1}) − V(s_t)` and V(sf) = 0; the targets of a
  /// Monte-Carlo critic are the returns.
  private func estimateAdvantages(_ steps: StepValues, _ gradients: inout StepGradients) {
    let scale = 1 / Double(steps.count)
    var criticLoss = 0.0
    for path in 0..<steps.count {
      var advantage = 0.0
      var target = 0.0
      var nextValue = 0.0
      for entry in steps.entries(path).reversed() {
        let reward = gradients.rewards[entry]
        let value = critic == .absent ? 0 : steps.value[entry]
        advantage = reward + nextValue - value + lambda * advantage
        target += reward
        nextValue = value
        gradients.advantages[entry] = advantage
        gradients.valueTargets[entry] = target
        guard critic == .monteCarlo else { continue }
        gradients.value[entry] = 2 * (value - target) * scale
        criticLoss += (value - target) * (value - target) * scale
      }
    }
    if critic == .monteCarlo { gradients.criticLoss = criticLoss }
  }
}
