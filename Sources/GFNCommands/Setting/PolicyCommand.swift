import GFNCore
import GFNLanguage
import GFNParameters

extension CommandSpec {
  static let policy = network(
    "policy", "shape the policies",
    "Four hidden layers of 256 ReLU units unless said otherwise. With another shape training starts anew, as "
      + "after 'reset'.",
    CommandExample("env hypergrid side=8; policy tabular", "exact small lessons"),
    { $0.policy }, { $0.policy = $1 })

  static func network(
    _ name: String, _ summary: String, _ details: String, _ example: CommandExample,
    _ settings: @escaping @Sendable (inout Configuration) -> NetworkSettings,
    _ set: @escaping @Sendable (inout Configuration, NetworkSettings) -> Void
  ) -> CommandSpec {
    CommandSpec(
      name, group: .setUp, summary: summary, positionals: [networkKind], options: networkOptions,
      details: details, examples: [example],
      changesState: true
    ) { session, arguments in
      if arguments.word("kind") == "tabular" {
        for option in ["layers", "hidden"] where arguments.has(option) {
          throw arguments.error(
            "option", "a table has no \(option)", fix: "leave it out, or use a network",
            at: option)
        }
      }
      try session.configure(arguments) { configuration in
        var network = settings(&configuration)
        network.isTabular = arguments.word("kind") == "tabular"
        if let layers = arguments.integer("layers") { network.layers = layers }
        if let hidden = arguments.integer("hidden") { network.hidden = hidden }
        set(&configuration, network)
      }
      return .none
    }
  }

  private static let networkOptions = [
    Parameter("layers", .integer(0...32), help: "hidden layers"),
    Parameter("hidden", .integer(1...8192), help: "units in a hidden layer"),
  ]

  private static let networkKind = Parameter(
    "kind",
    .enumeration([
      Choice("network", "a multilayer perceptron on the k-hot state"),
      Choice("tabular", "one row of numbers a state, and a bias that they share"),
    ]), default: "network", help: "what the estimator is")
}
