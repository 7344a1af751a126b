/// A theorem of policy-based training that can be checked on an enumerable environment.
package enum Identity: String, Sendable, CaseIterable {
  /// `∇ ½ E_{P_F}[L_TB] = ∇ J_F`
  case gradient
  /// `J_F + log Z* − log Z = KL(P_F(τ) ‖ P_B P*) ≥ KL(P_F(x) ‖ P*) ≥ 2 TV²`
  case kl
  /// `J_F(π') − J_F(π) = E_{P_F'}[Σ_t A_F + KL(π' ‖ π)]`
  case difference
  /// The sampled policy gradient with λ = 1 and no centring is unbiased, whatever V.
  case variance
  /// `V_F(s) = log Z − log F(s)` at balance.
  case balance
}

/// Two sides of an identity as numbers, and what they say of it.
package struct IdentityCheck: Sendable, Equatable {
  package enum Relation: Sendable {
    case equal
    case atLeast
    /// A number to look at, of which nothing is claimed.
    case figure
  }

  package var identity: Identity
  package var quantity: String
  package var left: Double
  package var right: Double
  package var difference: Double
  package var tolerance: Double
  package var relation: Relation

  /// Sums over up to millions of edges in Float64 are good to about 1e-12 of their terms; a mistake in an
  /// identity shows in the first digits.
  private static let precision = 1e-9

  /// - Parameters:
  ///   - difference: where it is not `left − right`, as the norm of a difference of vectors.
  ///   - tolerance: where it is not that of sums in Float64.
  init(
    _ identity: Identity, _ quantity: String, _ left: Double, _ right: Double,
    _ relation: Relation = .equal, difference: Double? = nil, tolerance: Double? = nil
  ) {
    self.identity = identity
    self.quantity = quantity
    self.left = left
    self.right = right
    self.relation = relation
    self.difference = difference ?? left - right
    self.tolerance = tolerance ?? Self.precision * max(1, abs(left), abs(right))
  }

  /// Nil for a figure. A number that is undefined confirms nothing.
  package var holds: Bool? {
    switch relation {
    case .equal: abs(difference) <= tolerance
    case .atLeast: difference >= -tolerance
    case .figure: nil
    }
  }
}
