import GFNCore
import GFNLanguage
import GFNParameters
import OrderedCollections

extension CommandSpec {
  static let trace = CommandSpec(
    "trace", group: .look, summary: "show one trajectory step by step",
    options: [
      Parameter("end", .state, help: "sample it backward with π_B from this object"),
      Parameter(
        "path", .list(.any), help: "these actions, by number or name, exit left out"),
      Parameter("seed", .integer(0...(1 << 53)), help: "sample it from this seed"),
    ],
    details: """
      pf lists π_F of the allowed actions, r the policy-dependent reward r_t, v the critic and \
      advantage the λ-advantage of this trajectory alone, not centred; log_flow is the learned log F(s), \
      where the objective has one.
      """,
    examples: [
      CommandExample("env hypergrid side=8; method RL-U; trace seed=1", "a sampled one"),
      CommandExample("env hypergrid side=8; trace end=(2, 1)", "one that ends there"),
    ],
    result: .table(
      columns: [
        "t", "state", "pf", "action", "log_pf", "log_pb", "r", "v", "advantage", "log_flow",
      ],
      fields: ["path", "log_pf", "log_pb", "log_reward", "log_z", "total"])
  ) { session, arguments in
    let (environment, state) = try session.experiment(arguments)
    guard ["end", "path", "seed"].filter(arguments.has).count <= 1 else {
      throw arguments.error("option", "end=, path= and seed= exclude each other", fix: "give one")
    }
    var path = Look.Path.sampled
    if let cells = try session.cells("end", arguments, in: environment) {
      guard environment.forwardMask(cells)[environment.exitAction] else {
        throw arguments.error(
          "state", "'\(environment.text(cells))' does not terminate", at: "end")
      }
      path = .end(cells)
    } else if arguments.has("path") {
      path = .actions(try actions(arguments, in: environment))
    }
    var stream =
      arguments.integer("seed").map { RandomStream(seed: UInt64($0), .looking) }
      ?? session.workbench.nextLook()
    let trace = try session.core(arguments) {
      try Look(environment, state, session.workbench.pool).trace(path, from: &stream)
    }
    return .table(table(trace, environment))
  }

  private static func actions(
    _ arguments: Arguments, in environment: any Environment
  ) throws -> [Int] {
    let names = (0..<environment.exitAction).map(environment.name(ofForward:))
    return try (arguments.list("path") ?? []).map { value in
      if case .number(let number, _) = value, let action = Int(exactly: number) { return action }
      if case .text(let word) = value, let action = names.firstIndex(of: word) { return action }
      throw arguments.error(
        "state", "there is no action \(value.literal ?? "")",
        fix:
          "actions are \(names.prefix(8).joined(separator: ", "))\(names.count > 8 ? ", …" : "")",
        at: "path")
    }
  }

  private static func table(_ trace: Look.Trace, _ environment: any Environment) -> Table {
    let total = NumberFormat.fixed(4).string
    let hasFlow = trace.steps.contains { !$0.logFlow.isNaN }
    return Table(
      columns: [
        Column("t"), Column("state"), Column("pf", .fixed(3)), Column("action"),
        Column("log_pf", .fixed(4)), Column("log_pb", .fixed(4)), Column("r", .fixed(4)),
        Column("v", .fixed(4)), Column("advantage", .fixed(4)),
      ] + (hasFlow ? [Column("log_flow", .fixed(4))] : []),
      rows: trace.steps.enumerated().map { t, step in
        let allowed = step.probabilities.indices.filter {
          environment.forwardMask(step.state)[$0]
        }
        return [
          .number(Double(t)), .text(environment.text(step.state)),
          .list(allowed.map { .number(step.probabilities[$0]) }),
          .text(environment.name(ofForward: step.action)), .number(step.logPF),
          .number(step.logPB), step.reward.orNone, step.value.orNone, step.advantage.orNone,
        ] + (hasFlow ? [step.logFlow.orNone] : [])
      },
      fields: [
        "path": .list(trace.steps.map { .text(environment.text($0.state)) }),
        "log_pf": .number(trace.logPF), "log_pb": .number(trace.logPB),
        "log_reward": .number(trace.logReward), "log_z": trace.logZ.orNone,
        "total": trace.total.orNone,
      ],
      notes: trace.logZ.isNaN
        ? []
        : [
          "Σ r_t = log P_F − log P_B − log R + log Z = \(total(trace.logPF)) − (\(total(trace.logPB))) "
            + "− (\(total(trace.logReward))) + (\(total(trace.logZ))) = \(total(trace.total))"
        ])
  }
}
