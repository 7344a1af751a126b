import GFNCore
import GFNLanguage
import GFNParameters

extension CommandSpec {
  static let method = CommandSpec(
    "method", group: .setUp, summary: "choose objective and coupling in one, by the paper's name",
    positionals: [
      Parameter(
        "name", .enumeration(MethodName.all.map { Choice($0.name, $0.summary) }),
        help: "the paper's name", required: true)
    ],
    options: MethodOptions.objective + MethodOptions.backward,
    details: """
      The letters before the dash name the objective (TB, DB and SubTB: trajectory, detailed and \
      sub-trajectory balance, VarGrad: log-partition variance, ModDB: modified detailed balance, RL: \
      policy gradient, PPO: proximal policy steps; FM alone is flow matching), the letter after it the \
      backward policy: U uniform, B learned, G guided, TLM learned by likelihood; RL-T is the \
      trust-region policy gradient with a uniform one. Options that are not given go back to their \
      defaults. The \
      forward policy stays as it is.
      """,
    examples: [
      CommandExample("method RL-G", "policy gradient with a guided backward policy"),
      CommandExample("method RL-U lambda=0.9", "another decay of the advantages"),
      CommandExample(
        "env hypergrid side=8; method PPO-B epochs=2 scale=true; train 4", "proximal policy steps"),
    ],
    changesState: true,
    judgeAll: { _, arguments in
      guard let method = arguments.word("name").flatMap(MethodName.named) else { return }
      try MethodOptions.check(arguments, method.objective, method.backward)
    }
  ) { session, arguments in
    guard let method = arguments.word("name").flatMap(MethodName.named) else { return .none }
    try session.configure(arguments) { configuration in
      configuration.objective = ObjectiveSettings()
      configuration.backward = BackwardSettings()
      configuration.objective.kind = method.objective
      configuration.backward.kind = method.backward
      MethodOptions.apply(arguments, to: &configuration.objective)
      MethodOptions.apply(arguments, to: &configuration.backward)
    }
    return .none
  }
}
