import GFNCore

extension CommandSpec {
  static let backward = CommandSpec(
    "backward", group: .setUp, summary: "choose the backward policy and how it is trained",
    positionals: [
      Parameter(
        "kind",
        .enumeration([
          Choice("uniform", "every parent alike"),
          Choice(
            "learned", "a network: by the same loss (tb, db, …) or its own policy gradient (rl)"),
          Choice("guided", "a network trained against a guide (rl)"),
        ]), help: "the backward policy", required: true)
    ],
    options: MethodOptions.backward,
    details: """
      On grids and on bayesnet the guide is π_F, held back from exiting where the reward is low; on \
      sequences it follows the mean reward of the replayed sequences that agree with a partial one.
      """,
    examples: [CommandExample("objective rl; backward learned", "RL-B by its parts")],
    changesState: true
  ) { session, arguments in
    guard let kind = arguments.word("kind").flatMap(BackwardSettings.Kind.init) else {
      return .none
    }
    try MethodOptions.check(arguments, nil, kind)
    try session.configure(arguments) { configuration in
      configuration.backward = BackwardSettings()
      configuration.backward.kind = kind
      MethodOptions.apply(arguments, to: &configuration.backward)
    }
    return .none
  }
}
