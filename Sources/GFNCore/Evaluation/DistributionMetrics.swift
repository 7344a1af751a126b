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

  public init(
    learned: [Double], target: TargetDistribution, _ pool: ThreadPool = .single
  ) {
    precondition(
      learned.count == target.probabilities.count,
      "\(learned.count) and \(target.probabilities.count) probabilities")
    let size = TargetDistribution.blockSize
    let blocks = blockCount(learned.indices, size)
    var partial = [DistributionMetrics](repeating: DistributionMetrics(), count: blocks)
    partial.withUnsafeMutableBufferPointer { partial in
      pool.run(blocks: blocks) { number in
        partial[number] = DistributionMetrics(
          learned, target, block(number, of: learned.indices, size))
      }
    }
    for part in partial {
      tv += part.tv
      jsd += part.jsd
      klTarget += part.klTarget
      klLearned += part.klLearned
      meanReward += part.meanReward
    }
    accuracy = min(meanReward / target.meanReward, 1)
  }

  private init() {}

  /// What some of the states contribute to the sums.
  private init(_ learned: [Double], _ target: TargetDistribution, _ states: Range<Int>) {
    for index in states {
      let p = learned[index]
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
  }
}
