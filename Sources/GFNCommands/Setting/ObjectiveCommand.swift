import GFNCore
import GFNLanguage
import GFNParameters

extension CommandSpec {
  static let objective = CommandSpec(
    "objective", group: .setUp, summary: "choose what training minimises",
    positionals: [
      Parameter(
        "kind",
        ObjectiveSettings.Kind.parameterKind, help: "the objective", required: true)
    ],
    options: MethodOptions.objective,
    details: """
      Options that are not given go back to their defaults; the estimators stay. tb, db, subtb, vargrad \
      and moddb train a learned π_B by the same loss; fm has no π_B. db and fm take log R as it is, the \
      others clip it. The log Z that is reported is a parameter (tb, rl, trpo, ppo), log F(s0) (db, \
      subtb, fm), or the last batch's estimate (vargrad); moddb has none. The policy-based objectives \
      descend J_F, less entropy= times the entropies of π_F along the trajectories. critic= and centre= \
      choose the baseline: critic=none leaves the batch's mean advantage, \
      critic=none centre=false no baseline at all. With critic=subeb log Z descends the square of \
      Σ r_t, and the backward step keeps a critic fitted to returns.
      """,
    examples: [
      CommandExample("objective rl lambda=0.5", "a shorter horizon"),
      CommandExample("objective subtb weighting=equal", "all sub-trajectories alike"),
      CommandExample("objective rl critic=none centre=false", "plain REINFORCE"),
      CommandExample(
        "env hypergrid side=8; objective rl critic=subeb entropy=0.01; train 4",
        "an evaluation function and a bonus for entropy"),
    ],
    changesState: true,
    judgeAll: { _, arguments in
      guard let kind = arguments.word("kind").flatMap(ObjectiveSettings.Kind.init) else { return }
      try MethodOptions.check(arguments, kind, nil)
    }
  ) { session, arguments in
    guard let kind = arguments.word("kind").flatMap(ObjectiveSettings.Kind.init) else {
      return .none
    }
    try session.configure(arguments) { configuration in
      configuration.objective = ObjectiveSettings()
      configuration.objective.kind = kind
      MethodOptions.apply(arguments, to: &configuration.objective)
    }
    return .none
  }
}
