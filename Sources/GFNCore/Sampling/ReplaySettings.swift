/// What of earlier batches off-policy objectives train on again.
package struct ReplaySettings: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case none
    /// Sampled x, each reached by a new trajectory that π_B finds.
    case objects
    /// Whole trajectories, judged by the present policies.
    case trajectories
  }

  package enum Priority: String, Sendable, CaseIterable {
    case uniform
    /// Half of the draws from the tenth with the greatest rewards (Shen et al. 2023,
    /// arXiv:2305.07170, prioritised replay training), found among 1024 drawn at random where there are
    /// more.
    case reward
  }

  package var kind = Kind.none
  /// How many are kept; beyond, the oldest goes.
  package var capacity = 100_000
  /// The share of each batch that is replayed, below 1.
  package var fraction = 0.5
  package var priority = Priority.uniform

  package init() {}

  package var isActive: Bool { kind != .none }

  /// A GiB of cells or actions.
  private static let mostNumbers = 1 << 28

  /// Numbers that one element takes at most.
  func numbers(in environment: any Environment) -> Int {
    max(1, kind == .trajectories ? environment.maximumLength : environment.stateWidth)
  }

  /// - Throws: `CoreError.tooLarge` where a full buffer would not fit.
  func validate(in environment: any Environment) throws {
    guard isActive else { return }
    let fitting = Self.mostNumbers / numbers(in: environment)
    guard capacity > fitting else { return }
    throw CoreError.tooLarge(
      what: "a replay buffer of \(capacity) \(kind.rawValue)", size: "more than a GiB",
      remedy: fitting > 0 ? "explore capacity=\(fitting) fits" : "use replay=objects")
  }
}
