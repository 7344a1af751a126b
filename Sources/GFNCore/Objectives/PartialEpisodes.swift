/// Squared residuals of all partial episodes i → j of a trajectory, weighted geometrically within it
/// (Madan et al. 2023, arXiv:2209.12782):
///
/// `Σ_{i<j} λ^{j−i−1} (q_j − q_i)² / Σ_{i<j} λ^{j−i−1}`
///
/// for n + 1 points q_0 … q_n that are known by the steps `δ_t = q_{t+1} − q_t` between them. Running sums
/// over those make it linear in n, and nothing cancels as it would in sums over q.
struct PartialEpisodes: Sendable, Equatable {
  /// The decay that evaluation functions are fitted with.
  static let forEvaluation = PartialEpisodes(lambda: 0.99)

  var lambda: Double

  /// `scale` times the loss and its derivatives with respect to q_0 … q_{n−1}; q_n is a given.
  /// - Parameters:
  ///   - residuals: δ_t at the entries of one trajectory.
  ///   - slopes: at the same entries; set, not added to.
  /// - Returns: `scale` times the loss.
  func differentiate(
    _ residuals: [Double], _ entries: Range<Int>, scale: Double, into slopes: inout [Double]
  ) -> Double {
    // From the left: Σ_{i<k} of the weights, of weighted differences q_k − q_i and of their squares.
    var weight = 0.0
    var differences = 0.0
    var squares = 0.0
    var total = 0.0
    var loss = 0.0
    for entry in entries {
      slopes[entry] = differences
      let step = residuals[entry]
      let next = 1 + lambda * weight
      squares = next * step * step + lambda * (2 * step * differences + squares)
      differences = next * step + lambda * differences
      weight = next
      total += weight
      loss += squares
    }
    // From the right: Σ_{j>k} of the weights and of weighted differences q_j − q_k.
    let factor = 2 * scale / total
    weight = 0
    differences = 0
    for entry in entries.reversed() {
      weight = 1 + lambda * weight
      differences = weight * residuals[entry] + lambda * differences
      slopes[entry] = factor * (slopes[entry] - differences)
    }
    return scale * loss / total
  }
}
