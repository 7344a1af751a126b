/// The forward policy gradient (Niu et al. 2024, arXiv:2408.05885, eqs. 5–10): REINFORCE with
/// λ-advantages on the policy-dependent rewards
/// `r_t = log π_F(a_t|s_t) − log π_B(b_t|s_{t+1})`, `r_T = log π_F(exit|x) − log R(x) + log Z`,
/// which are costs: J_F = E[Σ r_t] is minimised. π_B stands fixed.
public struct PolicyGradient: Objective {
  public var lambda: Double
  public var usesCritic: Bool
  /// Subtracts the batch's mean advantage, which biases the gradient by O(1/B).
  public var isCentred: Bool

  public init(lambda: Double = 0.99, usesCritic: Bool = true, isCentred: Bool = true) {
    self.lambda = lambda
    self.usesCritic = usesCritic
    self.isCentred = isCentred
  }

  public var isBackward: Bool { false }
  public var trainsBackwardPolicy: Bool { false }
  public var isOnPolicy: Bool { true }
  public var stateEstimator: Estimator? { usesCritic ? .valueForward : nil }

  public func evaluate(_ steps: StepValues, into gradients: inout StepGradients) {
    gradients.reset(steps.logPF.count)
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
    estimateAdvantages(steps, &gradients)
    let scale = 1 / Double(steps.count)
    for entry in gradients.advantages.indices {
      gradients.logPF[entry] = gradients.advantages[entry] * scale
    }
  }

  /// `A_t = Σ_l λ^l δ_{t+l}` with `δ_t = r_t + V(s_{t+1}) − V(s_t)` and V(sf) = 0, centred over all
  /// entries; critic targets are the Monte-Carlo returns.
  private func estimateAdvantages(_ steps: StepValues, _ gradients: inout StepGradients) {
    let scale = 1 / Double(steps.count)
    var criticLoss = 0.0
    for path in 0..<steps.count {
      var advantage = 0.0
      var target = 0.0
      var nextValue = 0.0
      for entry in steps.entries(path).reversed() {
        let reward = gradients.rewards[entry]
        let value = usesCritic ? steps.value[entry] : 0
        advantage = reward + nextValue - value + lambda * advantage
        target += reward
        nextValue = value
        gradients.advantages[entry] = advantage
        gradients.valueTargets[entry] = target
        gradients.value[entry] = usesCritic ? 2 * (value - target) * scale : 0
        criticLoss += (value - target) * (value - target) * scale
      }
    }
    gradients.criticLoss = usesCritic ? criticLoss : nil
    if isCentred { gradients.centreAdvantages(steps, withoutEnds: false) }
  }
}
