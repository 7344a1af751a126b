import GFNParameters

/// What of earlier batches off-policy objectives train on again.
package struct ReplaySettings: Sendable, Equatable {
  package enum Kind: String, WordSetting {
    case none
    /// Sampled x, each reached by a new trajectory that π_B finds.
    case objects
    /// Whole trajectories, judged by the present policies.
    case trajectories

    package var help: String {
      switch self {
      case .none: "every batch is fresh"
      case .objects: "earlier x, each by a new path that π_B finds"
      case .trajectories: "earlier trajectories, judged by the present policies"
      }
    }
  }

  package enum Priority: String, WordSetting {
    case uniform
    /// Half of the draws from the tenth with the greatest rewards (Shen et al. 2023,
    /// arXiv:2305.07170, prioritised replay training), found among 1024 drawn at random where there are
    /// more.
    case reward

    package var help: String {
      switch self {
      case .uniform: "each alike"
      case .reward: "half from the tenth with the greatest rewards (as Shen et al. 2023)"
      }
    }
  }

  package var kind = Kind.none
  /// How many are kept; beyond, the oldest goes.
  package var capacity = 100_000
  /// The share of each batch that is replayed, below 1.
  package var fraction = 0.5
  package var priority = Priority.uniform

  package init() {}

  package var isActive: Bool { kind != .none }
}
