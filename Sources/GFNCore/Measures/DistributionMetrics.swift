import Glibc

/// How far a learned terminating distribution P_F is from its target P*.
package struct DistributionMetrics: Sendable, Equatable {
  /// Total variation, `½ Σ |P_F − P*|`.
  package var tv = 0.0
  /// Jensen–Shannon divergence in nats.
  package var jsd = 0.0
  /// `KL(P* ‖ P_F)` and `KL(P_F ‖ P*)` in nats.
  package var klTarget = 0.0
  package var klLearned = 0.0
  /// `E_{P_F}[R]`.
  package var meanReward = 0.0
  /// `E_{P_F}[log R]` where R is an exponential; else 0.
  package var meanLogReward = 0.0
  /// The paper's mean-reward accuracy, `min(E_{P_F}[R] / E_{P*}[R], 1)`.
  package var accuracy = 0.0

  package init(
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
    var expected = 0.0
    var ideal = 0.0
    for part in partial {
      tv += part.tv
      jsd += part.jsd
      klTarget += part.klTarget
      klLearned += part.klLearned
      meanReward += part.meanReward
      meanLogReward += part.meanLogReward
      expected += part.accuracy
      ideal += part.ideal
    }
    // R is proportional to P*, which does not overflow.
    accuracy = min(expected / ideal, 1)
  }

  private init() {}

  /// Σ P*², which Σ P_F P* is of the mean rewards' ratio.
  private var ideal = 0.0

  /// What some of the states contribute to the sums; to `accuracy` Σ P_F P*.
  private init(_ learned: [Double], _ target: TargetDistribution, _ states: Range<Int>) {
    let isExponential = !target.logRewards.isEmpty
    for index in states {
      let p = learned[index]
      let q = target.probabilities[index]
      tv += abs(p - q) / 2
      let middle = (p + q) / 2
      if p > 0 {
        jsd += p * log(p / middle) / 2
        klLearned += q > 0 ? p * log(p / q) : p * (log(p) - target.logProbability(index))
      }
      if q > 0 {
        jsd += q * log(q / middle) / 2
        klTarget += p > 0 ? q * log(q / p) : .infinity
      }
      if p > 0 {
        meanReward += p * target.rewards[index]
        meanLogReward += isExponential ? p * target.logRewards[index] : 0
      }
      accuracy += p * q
      ideal += q * q
    }
  }
}
