import GFNCore
import GFNLanguage
import GFNParameters
import OrderedCollections

extension CommandSpec {
  static let show = CommandSpec(
    "show", group: .setUp, summary: "show the configuration as a script that rebuilds it",
    details: "As a value: its fields, step among them. Snapshots are listed with what they hold.",
    examples: [CommandExample("env hypergrid side=8; show", "what is set")],
    result: .record([
      "environment", "method", "objective", "backward", "policy", "critic", "step", "seed", "log_z",
    ])
  ) { session, arguments in
    let workbench = session.workbench
    let configuration = workbench.configuration
    let training = workbench.training
    let logZ = try workbench.environment.flatMap { environment in
      try training.map { training in
        try session.core(arguments) {
          try training.reportedLogZ(in: environment, workbench.pool)
        }
      }
    }
    return .record(
      Record(
        [
          "environment": workbench.environment.map { .text($0.specification.text) } ?? .none,
          "method": MethodName.of(configuration).map { .text($0.name) } ?? .none,
          "objective": .text(configuration.objective.kind.rawValue),
          "backward": .text(configuration.backward.kind.rawValue),
          "policy": .text(configuration.policy.source),
          "critic": .text(configuration.critic.source),
          "step": .number(Double(training?.step ?? 0)),
          "seed": .number(Double(workbench.seed)),
          "log_z": logZ?.orNone ?? .none,
        ],
        display: workbench.script
          + (training.map { $0.step > 0 ? "\n# \(counted($0.step, "step")) trained" : "" } ?? "")
          + session.snapshotSizes.map { "\n# snapshot \($0.name): \(Memory.text($0.bytes))" }
          .joined()))
  }
}
