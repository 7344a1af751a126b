import GFNCore
import GFNLanguage
import GFNParameters

extension CommandSpec {
  static let optimizer = CommandSpec(
    "optimizer", group: .setUp, summary: "set learning rates and the gradient clip",
    options: [
      Parameter(
        "lr", .number(.positive), default: .number(OptimizerSettings().policyRate),
        help: "rate of the policies"),
      Parameter("lr_backward", .number(.positive), default: .described("lr"), help: "rate of π_B"),
      Parameter(
        "lr_critic", .number(.positive), default: .number(OptimizerSettings().criticRate),
        help: "rate of the critics"),
      Parameter(
        "lr_z", .number(.positive), default: .number(OptimizerSettings().logZRate),
        help: "rate of log Z"),
      Parameter(
        "clip", .either([.enumeration([Choice("none", "never")]), .number(.positive)]),
        default: "none", help: "the greatest norm of a gradient"),
    ],
    details: "Adam with β 0.9, 0.999 and ε 1e-8. Options that are not given stay.",
    examples: [CommandExample("optimizer lr=1e-3 clip=10", "with a clip")], changesState: true
  ) { session, arguments in
    try session.configure(arguments) { configuration in
      if let rate = arguments.number("lr") { configuration.optimizer.policyRate = rate }
      if let rate = arguments.number("lr_backward") { configuration.optimizer.backwardRate = rate }
      if let rate = arguments.number("lr_critic") { configuration.optimizer.criticRate = rate }
      if let rate = arguments.number("lr_z") { configuration.optimizer.logZRate = rate }
      if arguments.has("clip") { configuration.optimizer.clip = arguments.number("clip") }
    }
    return .none
  }
}
