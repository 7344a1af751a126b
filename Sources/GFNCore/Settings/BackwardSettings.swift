import GFNParameters

package struct BackwardSettings: Sendable, Equatable {
  package enum Kind: String, WordSetting {
    case uniform
    case learned
    case guided
    /// Fixed: every action path from s0 to a state alike.
    case maximumEntropy = "maxent"
    /// Learned by the likelihood of π_F's trajectories.
    case likelihood = "tlm"

    package var help: String {
      switch self {
      case .uniform: "every parent alike"
      case .learned: "a network: by the same loss (tb, db, …) or its own policy gradient (rl)"
      case .guided: "a network trained against a guide (rl)"
      case .maximumEntropy: "every path from s0 to a state alike (fixed)"
      case .likelihood: "a network: by the likelihood of π_F's trajectories"
      }
    }

    /// π_B is a network.
    var isLearned: Bool { self != .uniform && self != .maximumEntropy }
    /// π_B is trained on trajectories of its own, sampled backward, in the policy-based methods.
    var hasBackwardStep: Bool { self == .learned || self == .guided }
  }

  /// What the backward step of a policy-based method descends.
  package enum Form: String, WordSetting {
    /// The policy gradient on π_B's own rewards.
    case gradient
    /// The squared score.
    case balance

    package var help: String {
      switch self {
      case .gradient: "the policy gradient on π_B's own rewards"
      case .balance: "the squared score: the balance of guide, π_B, R and log Z"
      }
    }
  }

  package var kind = Kind.uniform
  /// Reward (log R where R is an exponential) at or below which the guide holds π_F back from exiting; nil
  /// for the environment's own.
  package var threshold: Double?
  /// Where it is held back, its exit logit is at most the logarithm of this; nil for the environment's own.
  package var floor: Double?
  /// Backward steps after each forward step.
  package var steps = 1
  package var form = Form.gradient

  package init() {}
}
