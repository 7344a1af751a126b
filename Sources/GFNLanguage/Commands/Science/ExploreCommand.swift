import GFNCore

extension CommandSpec {
  static let explore = CommandSpec(
    "explore", group: .setUp, summary: "sample off-policy, for objectives that allow it",
    options: [
      Parameter(
        "epsilon", .number(.unit), default: "0", help: "probability of a uniform action, now"),
      Parameter(
        "decay", .number(.unit), default: "0.99",
        help: "factor of epsilon from step to step, counted from this command"),
      Parameter("temperature", .number(.positive), default: "1", help: "divides log π_F"),
      Parameter(
        "exit_bias", .number(.any), default: "0", help: "added to the exit action's log π_F"),
    ],
    details: "The policy-gradient objectives are on-policy and refuse it. Options not given stay.",
    examples: [CommandExample("method TB-U; explore epsilon=0.1 decay=0.999", "for TB")],
    changesState: true
  ) { session, arguments in
    try session.configure(arguments) { configuration in
      if let value = arguments.number("epsilon") { configuration.exploration.epsilon = value }
      if let value = arguments.number("decay") { configuration.exploration.decay = value }
      if let value = arguments.number("temperature") {
        configuration.exploration.temperature = value
      }
      if let value = arguments.number("exit_bias") { configuration.exploration.exitBias = value }
    }
    return .none
  }
}
