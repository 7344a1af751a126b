/// Squared residuals of all partial episodes i → j of a trajectory, weighted geometrically (Madan et al.
/// 2023, arXiv:2209.12782):
///
/// `Σ_{i<j} λ^{j−i−1} (q_j − q_i)²`
///
/// for n + 1 points q_0 … q_n that are known by the steps `δ_t = q_{t+1} − q_t` between them. Running sums
/// over those make it linear in n, and nothing cancels as it would in sums over q.
struct PartialEpisodes: Sendable, Equatable {
  /// The decay that evaluation functions are fitted with.
  static let forEvaluation = PartialEpisodes(lambda: 0.99)

  var lambda: Double

  /// `Σ_{i<j} λ^{j−i−1}` over a trajectory of so many steps.
  func weight(steps: Int) -> Double {
    var weight = 0.0
    var total = 0.0
    for _ in 0..<steps {
      weight = 1 + lambda * weight
      total += weight
    }
    return total
  }

  /// `scale` times the sum, and its derivatives with respect to q_0 … q_{n−1}. That with respect to q_n is
  /// the negative of their sum: only differences count.
  /// - Parameters:
  ///   - residuals: δ_t at the entries of one trajectory.
  ///   - slopes: at the same entries; set, not added to.
  /// - Returns: `scale` times the sum.
  func differentiate(
    _ residuals: [Double], _ entries: Range<Int>, scale: Double, into slopes: inout [Double]
  ) -> Double {
    // From the left: Σ_{i<k} of the weights, of weighted differences q_k − q_i and of their squares.
    var weight = 0.0
    var differences = 0.0
    var squares = 0.0
    var loss = 0.0
    for entry in entries {
      slopes[entry] = differences
      let step = residuals[entry]
      let next = 1 + lambda * weight
      squares = next * step * step + lambda * (2 * step * differences + squares)
      differences = next * step + lambda * differences
      weight = next
      loss += squares
    }
    // From the right: Σ_{j>k} of the weights and of weighted differences q_j − q_k.
    weight = 0
    differences = 0
    for entry in entries.reversed() {
      weight = 1 + lambda * weight
      differences = weight * residuals[entry] + lambda * differences
      slopes[entry] = 2 * scale * (slopes[entry] - differences)
    }
    return scale * loss
  }
}
