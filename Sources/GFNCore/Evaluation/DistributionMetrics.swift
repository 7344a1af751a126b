import Glibc

/// How far a learned terminating distribution P_F is from its target P*.
public struct DistributionMetrics: Sendable, Equatable {
  /// Total variation, `½ Σ |P_F − P*|`.
  public var tv = 0.0
  /// Jensen–Shannon divergence in nats.
  public var jsd = 0.0
  /// `KL(P* ‖ P_F)` and `KL(P_F ‖ P*)` in nats.
  public var klTarget = 0.0
  public var klLearned = 0.0
  /// `E_{P_F}[R]`.
  public var meanReward = 0.0
  /// The paper's mean-reward accuracy, `min(E_{P_F}[R] / E_{P*}[R], 1)`.
  public var accuracy = 0.0

  public init(learned: [Double], target: TargetDistribution) {
    precondition(
      learned.count == target.probabilities.count,
      "\(learned.count) and \(target.probabilities.count) probabilities")
    for (index, p) in learned.enumerated() {
      let q = target.probabilities[index]
      tv += abs(p - q) / 2
      let middle = (p + q) / 2
      if p > 0 {
        jsd += p * log(p / middle) / 2
        klLearned += q > 0 ? p * log(p / q) : .infinity
      }
      if q > 0 {
        jsd += q * log(q / middle) / 2
        klTarget += p > 0 ? q * log(q / p) : .infinity
      }
      meanReward += p * target.rewards[index]
    }
    accuracy = min(meanReward / target.meanReward, 1)
  }
}
