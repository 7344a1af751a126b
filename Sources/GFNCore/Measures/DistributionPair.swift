import Glibc

/// A learned terminating distribution P_F beside its target P*, and how far apart they are.
package struct DistributionPair: Sendable {
  /// In terminating-index order.
  package let learned: [Double]
  package let target: TargetDistribution
  private let pool: ThreadPool

  package init(learned: [Double], target: TargetDistribution, _ pool: ThreadPool = .single) {
    precondition(
      learned.count == target.probabilities.count,
      "\(learned.count) and \(target.probabilities.count) probabilities")
    self.learned = learned
    self.target = target
    self.pool = pool
  }

  /// Total variation, `½ Σ |P_F − P*|`.
  package var tv: Double { sum { sum, p, q, _ in sum += abs(p - q) / 2 } }

  /// Jensen–Shannon divergence in nats.
  package var jsd: Double {
    sum { sum, p, q, _ in
      let middle = (p + q) / 2
      if p > 0 { sum += p * log(p / middle) / 2 }
      if q > 0 { sum += q * log(q / middle) / 2 }
    }
  }

  /// Hellinger distance, `√(½ Σ (√P_F − √P*)²)`, in 0...1.
  package var hellinger: Double {
    let squares = sum { sum, p, q, _ in
      let difference = p.squareRoot() - q.squareRoot()
      sum += difference * difference / 2
    }
    return squares.squareRoot()
  }

  /// `KL(P* ‖ P_F)` in nats.
  package var klTarget: Double {
    sum { sum, p, q, _ in if q > 0 { sum += p > 0 ? q * log(q / p) : .infinity } }
  }

  /// `KL(P_F ‖ P*)` in nats.
  package var klLearned: Double {
    sum { sum, p, q, index in
      guard p > 0 else { return }
      sum += q > 0 ? p * log(p / q) : p * (log(p) - target.logProbability(index))
    }
  }

  /// `E_{P_F}[R]`.
  package var meanReward: Double {
    sum { sum, p, _, index in if p > 0 { sum += p * target.rewards[index] } }
  }

  /// `E_{P_F}[log R]` where R is an exponential; else 0.
  package var meanLogReward: Double {
    guard !target.logRewards.isEmpty else { return 0 }
    return sum { sum, p, _, index in if p > 0 { sum += p * target.logRewards[index] } }
  }

  /// The paper's mean-reward accuracy, `min(E_{P_F}[R] / E_{P*}[R], 1)`.
  package var accuracy: Double {
    // R is proportional to P*, which does not overflow.
    let expected = sum { sum, p, q, _ in sum += p * q }
    let ideal = sum { sum, _, q, _ in sum += q * q }
    return min(expected / ideal, 1)
  }

  /// Sums over the states, block by block, so that the bits do not depend on the number of threads.
  /// - Parameter add: adds what a state contributes: the sum, P_F, P*, the terminating index.
  @inline(__always)
  private func sum(_ add: (inout Double, Double, Double, Int) -> Void) -> Double {
    let size = TargetDistribution.blockSize
    let blocks = blockCount(learned.indices, size)
    var partial = [Double](repeating: 0, count: blocks)
    partial.withUnsafeMutableBufferPointer { partial in
      pool.run(blocks: blocks) { number in
        var sum = 0.0
        for index in block(number, of: learned.indices, size) {
          add(&sum, learned[index], target.probabilities[index], index)
        }
        partial[number] = sum
      }
    }
    return partial.reduce(0, +)
  }
}
