import GFNCore
import GFNLanguage
import GFNParameters
import OrderedCollections

extension CommandSpec {
  static let inspect = CommandSpec(
    "inspect", aliases: ["state"], group: .look, summary: "show one state: actions, policies, flow",
    positionals: [
      Parameter("STATE", .state, help: "a state, as (3, 5), AC__TG or \"0>1 1>2\"", required: true)
    ],
    details: """
      Children with π_F of going there and π_B of coming back; parents with π_B of going there and π_F \
      of coming back. visiting is the exact probability that a trajectory passes through the state (up to \
      65,536 states); log_flow is the learned log F(s) where the objective has one (db, subtb, fm), else \
      log Z + log visiting with the learned log Z.
      """,
    examples: [CommandExample("env hypergrid side=8; inspect (3, 5)", "inside the grid")],
    result: .table(
      columns: ["direction", "action", "state", "pf", "pb"],
      fields: ["state", "terminating", "reward", "log_reward", "v", "visiting", "log_flow"])
  ) { session, arguments in
    let (environment, state) = try session.experiment(arguments)
    guard let cells = try session.cells("STATE", arguments, in: environment) else { return .none }
    let look = try session.core(arguments) {
      try Look(environment, state, session.workbench.pool).inspect(cells)
    }
    let terminates = environment.forwardMask(cells)[environment.exitAction]
    var visiting = Double.nan
    if (environment.enumeration?.states ?? .max) <= 65_536 {
      visiting = try session.exactDistribution(arguments).visiting[environment.index(cells)]
    }
    var logFlow = look.logFlow
    if logFlow.isNaN {
      logFlow =
        try session.core(arguments) {
          try state.reportedLogZ(in: environment, session.workbench.pool)
        } + logarithm(visiting)
    }
    let edges =
      look.children.map { ("child", environment.name(ofForward: $0.action), $0) }
      + look.parents.map { ("parent", environment.name(ofBackward: $0.action), $0) }
    return .table(
      Table(
        columns: [
          Column("direction"), Column("action"), Column("state"), Column("pf", .fixed(4)),
          Column("pb", .fixed(4)),
        ],
        rows: edges.map { direction, action, edge in
          [
            .text(direction), .text(action), .text(edge.neighbour.map(environment.text) ?? "end"),
            .number(edge.pF), .number(edge.pB),
          ]
        },
        fields: [
          "state": .text(environment.text(cells)), "terminating": .boolean(terminates),
          environment.rewardColumn.name: terminates ? environment.rewardValue(cells) : .none,
          "v": look.value.orNone, "visiting": visiting.orNone,
          "log_flow": logFlow.orNone,
        ]))
  }
}
