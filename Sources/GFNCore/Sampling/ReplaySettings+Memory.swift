extension ReplaySettings {
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
