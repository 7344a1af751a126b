import Glibc

/// The clipped surrogate of proximal policy optimisation (Schulman et al. 2017, arXiv:1707.06347, eq. 7)
/// for costs, where the greater of the two bounds is the pessimistic one:
///
/// `Σ_t max(ρ_t A_t, clip(ρ_t, 1 − ε, 1 + ε) A_t)`, `ρ_t = π(a_t|s_t)/π_old(a_t|s_t)`.
///
/// Advantages are those of the sampling parameters throughout, as the trust region takes them. At ρ = 1
/// the gradient is the policy gradient.
struct ClippedSurrogate: Sendable, Equatable {
  /// ε
  var clip: Double

  /// The derivative with respect to log π at log ρ: `ρ A` where the ratio's own term is the greater,
  /// 0 where the clipped one is, which does not depend on π.
  func slope(logRatio: Double, advantage: Double) -> Double {
    let ratio = exp(logRatio)
    let isClipped = advantage > 0 ? ratio < 1 - clip : ratio > 1 + clip
    return isClipped ? 0 : ratio * advantage
  }

  func value(logRatio: Double, advantage: Double) -> Double {
    let ratio = exp(logRatio)
    return max(ratio * advantage, min(max(ratio, 1 - clip), 1 + clip) * advantage)
  }
}
