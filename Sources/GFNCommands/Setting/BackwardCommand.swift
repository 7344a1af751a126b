import GFNCore
import GFNLanguage
import GFNParameters

extension CommandSpec {
  static let backward = CommandSpec(
    "backward", group: .setUp, summary: "choose the backward policy and how it is trained",
    positionals: [
      Parameter(
        "kind",
        BackwardSettings.Kind.parameterKind, help: "the backward policy", required: true)
    ],
    options: MethodOptions.backward,
    details: """
      maxent gives a parent the share n(parent)/n(s) of the action paths to s: from a formula on grids \
      and sequences, elsewhere by counting over at most 2^24 states. tlm (Gritsaev et al. 2024) takes a \
      step on each batch before the forward step, which then holds π_B fixed; it refuses exploration \
      and replay. form=balance descends the square of \
      Σ (log π_G − log π_B) + log π_G(exit|x) − log R(x) + log Z (with learned, π_F in place of π_G) \
      and has no critic. On grids and on bayesnet the guide is π_F, held back from exiting where the \
      reward is low; elsewhere it follows the mean reward of the replayed objects that the step can lead to.
      """,
    examples: [
      CommandExample("objective rl; backward learned", "RL-B by its parts"),
      CommandExample("objective rl; backward guided form=balance", "by the squared score"),
      CommandExample("env hypergrid side=8; backward maxent; train 4", "with trajectory balance"),
    ],
    changesState: true,
    judgeAll: { _, arguments in
      guard let kind = arguments.word("kind").flatMap(BackwardSettings.Kind.init) else { return }
      try MethodOptions.check(arguments, nil, kind)
    }
  ) { session, arguments in
    guard let kind = arguments.word("kind").flatMap(BackwardSettings.Kind.init) else {
      return .none
    }
    try session.configure(arguments) { configuration in
      configuration.backward = BackwardSettings()
      configuration.backward.kind = kind
      MethodOptions.apply(arguments, to: &configuration.backward)
    }
    return .none
  }
}
