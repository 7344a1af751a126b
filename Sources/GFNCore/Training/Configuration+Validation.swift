/// What goes together: every rule that a configuration has to keep, whichever command sets it.
extension Configuration {
  /// - Throws: `CoreError.conflict` when the parts do not go together, `.tooLarge` when one of them does not
  ///   fit the environment.
  package func validate(in environment: any Environment) throws {
    try validateObjective(in: environment)
    try validateBackward(in: environment)
    try validateSampling(in: environment)
  }

  private func validateObjective(in environment: any Environment) throws {
    guard objective.kind == .modifiedDetailedBalance, !environment.everyStateTerminates else {
      return
    }
    throw CoreError.conflict(
      reason: "objective moddb needs an environment where every state can stop, and in "
        + "\(environment.specification.kind) not every one can",
      remedy: "choose objective db")
  }

  private func validateBackward(in environment: any Environment) throws {
    if objective.kind == .flowMatching, backward.kind != .uniform {
      throw CoreError.conflict(
        reason: "flow matching has no backward policy to learn or to choose",
        remedy: "let it be uniform: method FM sets both")
    }
    if backward.form != .gradient, !objective.kind.isPolicyBased {
      throw CoreError.conflict(
        reason: "objective \(objective.kind.rawValue) has no backward step to be of another form",
        remedy: "choose objective rl, or leave form= out: backward \(backward.kind.rawValue)")
    }
    if backward.kind == .maximumEntropy { try PathCounts.check(environment) }
    if backward.kind == .guided {
      guard objective.kind.isPolicyBased else {
        throw CoreError.conflict(
          reason: "a guided backward policy belongs to the policy-gradient objectives",
          remedy: "choose objective rl, or backward learned")
      }
      _ = try Guide(environment, backward)
    }
  }

  /// Replayed trajectories are off-policy too, and a likelihood wants the policy's own.
  private func validateSampling(in environment: any Environment) throws {
    let replay = exploration.replay
    let isOnPolicy = phases.contains(where: \.objective.isOnPolicy)
    if isOnPolicy, exploration.isActive || replay.isActive {
      let options =
        (exploration.isActive ? ["epsilon=0 temperature=1 exit_bias=0"] : [])
        + (replay.isActive ? ["replay=none"] : [])
      throw CoreError.conflict(
        reason: "objective \(objective.kind.rawValue) is on-policy, "
          + "\(exploration.isActive ? "exploration" : "replay") would bias it",
        remedy:
          "switch it off with 'explore \(options.joined(separator: " "))', or use objective tb")
    }
    if backward.kind == .likelihood, replay.isActive || exploration.isActive {
      throw CoreError.conflict(
        reason: "backward tlm learns from π_F's own trajectories, exploration and replay bias it",
        remedy: "switch them off with "
          + "'explore epsilon=0 temperature=1 exit_bias=0 replay=none', or use backward learned")
    }
    try replay.validate(in: environment)
  }
}

extension Environment {
  /// Exit is allowed everywhere.
  var everyStateTerminates: Bool {
    // Where nothing can be counted, s0 decides: it is the first that could not.
    enumeration.map { $0.states == $0.terminating } ?? (forwardMask(initialState()).last == true)
  }
}
