import GFNCore
import GFNLanguage
import GFNParameters
import OrderedCollections

extension CommandSpec {
  static let trajectories = CommandSpec(
    "trajectories", group: .keep, summary: "load or save the batch that 'gradient' looks at",
    variants: [
      CommandVariant(
        "load", summary: "read trajectories and make them the current batch",
        positionals: [Parameter("FILE", .path(.read), help: "a JSON file", required: true)]),
      CommandVariant(
        "save", summary: "sample trajectories and write them",
        positionals: [
          Parameter("FILE", .path(.write), help: "a JSON file", required: true),
          Parameter("N", .integer(1...1_000_000), default: 128, help: "how many"),
        ]),
      CommandVariant("forget", summary: "let 'gradient' sample again"),
    ],
    details: """
      The file holds forward_trajectories and backward_trajectories, each a list of records with \
      states and actions: forward from s0, exit the last action; backward from x to s0.
      """,
    examples: [CommandExample("env hypergrid side=8; trajectories save t.json 4", "four of them")],
    result: .record(["forward", "backward"])
  ) { session, arguments in
    let (environment, state) = try session.experiment(arguments)
    switch arguments.variant {
    case "load":
      guard let path = arguments.path("FILE") else { return .none }
      let bytes = try session.files.read(path, at: arguments.span(of: "FILE"))
      let file = try session.core(arguments) { try TrajectoryFile(bytes, path: path) }
      // Refused here rather than at the next 'gradient'.
      for batch in file.batches.values {
        try session.core(arguments) { try batch.validate(in: environment) }
      }
      session.workbench.batches = file.batches
    case "save":
      guard let path = arguments.path("FILE") else { return .none }
      let file = try session.core(arguments) {
        let trainer = try Trainer(environment, state, session.workbench.pool)
        let count = arguments.integer(orDefault: "N")
        var stream = session.workbench.nextLook()
        var batches = [
          false: try trainer.trajectories(
            state, count: count, isBackward: false, from: &stream)
        ]
        if trainer.hasBackwardPhase {
          batches[true] = try trainer.trajectories(
            state, count: count, isBackward: true, from: &stream)
        }
        return TrajectoryFile(batches)
      }
      try session.files.write(
        path, file.encoded(), overwriting: arguments.overwrites,
        at: arguments.span(of: "FILE"))
      return .record(file.record)
    case "forget": session.workbench.batches = [:]
    default:
      throw arguments.error(
        "missing-argument", "load, save or forget?", fix: "write 'trajectories load FILE'")
    }
    return .record(TrajectoryFile(session.workbench.batches).record)
  }
}

extension TrajectoryFile {
  fileprivate var record: Record {
    Record([
      "forward": .number(Double(batches[false]?.trajectories.count ?? 0)),
      "backward": .number(Double(batches[true]?.trajectories.count ?? 0)),
    ])
  }
}
