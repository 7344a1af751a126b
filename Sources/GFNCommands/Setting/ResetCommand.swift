import GFNCore
import GFNLanguage

extension CommandSpec {
  static let reset = CommandSpec(
    "reset", group: .setUp, summary: "start training anew from the seed",
    details: "Estimators, optimisers, streams and discoveries; the configuration stays.",
    examples: [CommandExample("env hypergrid side=8; train 10; reset", "as after env")],
    changesState: true
  ) { session, arguments in
    _ = try session.experiment(arguments)
    try session.core(arguments) { try session.workbench.reset() }
    return .none
  }
}
