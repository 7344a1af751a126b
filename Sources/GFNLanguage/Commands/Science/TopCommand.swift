import GFNCore

extension CommandSpec {
  static let top = CommandSpec(
    "top", group: .look, summary: "list the N objects with the greatest reward, error, …",
    positionals: [Parameter("N", .integer(1...1_000_000), default: "10", help: "how many")],
    options: [
      Parameter(
        "by",
        .enumeration([
          Choice("reward", "R(x)"), Choice("error", "|P_F − P*|"),
          Choice("target", "P*(x)"), Choice("learned", "P_F(x)"),
        ]), default: "reward", help: "what to sort by, greatest first")
    ],
    examples: [CommandExample("env hypergrid side=8; top 3 by=error", "where it is wrong")],
    result: .table(columns: ["x", "reward", "target", "learned", "error"])
  ) { session, arguments in
    let (environment, _) = try session.experiment(arguments)
    let target = try session.core(arguments) {
      try TargetDistribution(environment, session.workbench.pool)
    }
    let learned = try session.exactDistribution(arguments).terminating
    let order = arguments.word("by") ?? "reward"
    func key(_ index: Int) -> Double {
      switch order {
      case "error": abs(learned[index] - target.probabilities[index])
      case "learned": learned[index]
      case "target": target.probabilities[index]
      default: target.rewards[index]
      }
    }
    let keys = learned.indices.map(key)
    let best = keys.indices.sorted { (-keys[$0], $0) < (-keys[$1], $1) }
      .prefix(arguments.integer("N") ?? 10)
    return .table(
      Table(
        columns: [
          Column("x"), Column("reward"), Column("target"), Column("learned"), Column("error"),
        ],
        rows: best.map { index in
          let x = environment.terminatingState(at: index)
          // Not the target's reward, which has been through a logarithm.
          return [
            .text(environment.text(x)), .number(environment.reward(x)),
            .number(target.probabilities[index]),
            .number(learned[index]), .number(learned[index] - target.probabilities[index]),
          ]
        }))
  }
}
