import GFNCore

extension CommandSpec {
  static let objective = CommandSpec(
    "objective", group: .setUp, summary: "choose what training minimises",
    positionals: [
      Parameter(
        "kind",
        .enumeration([
          Choice("tb", "trajectory balance (Malkin et al. 2022)"),
          Choice("rl", "policy gradient on policy-dependent rewards (Niu et al. 2024)"),
          Choice("trpo", "the same by trust-region steps"),
        ]), help: "the objective", required: true)
    ],
    options: MethodOptions.objective,
    details: "Options that are not given go back to their defaults; the estimators stay.",
    examples: [CommandExample("objective rl lambda=0.5", "a shorter horizon")],
    changesState: true
  ) { session, arguments in
    guard let kind = arguments.word("kind").flatMap(ObjectiveSettings.Kind.init) else {
      return .none
    }
    try MethodOptions.check(arguments, kind, nil)
    try session.configure(arguments) { configuration in
      configuration.objective = ObjectiveSettings()
      configuration.objective.kind = kind
      MethodOptions.apply(arguments, to: &configuration.objective)
    }
    return .none
  }
}
