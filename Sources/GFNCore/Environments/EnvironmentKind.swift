/// What an environment was made from.
package struct EnvironmentSpecification: Sendable {
  package var kind: String
  package var options: Options

  package init(kind: String, options: Options) {
    self.kind = kind
    self.options = options
  }

  /// `sequence mode=fill`: what it is, without its numbers and files.
  var summary: String {
    ([kind] + (options["mode"].map { ["mode=\($0.source)"] } ?? [])).joined(separator: " ")
  }

  /// `hypergrid dim=2 side=64 r0=0.001`.
  package var text: String {
    ([kind] + options.entries.map { "\($0.name)=\($0.value.source)" }).joined(separator: " ")
  }
}

/// One row of the registry: how an environment is called, what it takes, and how it is made.
package struct EnvironmentKind: Sendable {
  package var name: String
  package var summary: String
  package var parameters: [Parameter]
  /// The names of the parameters that change the reward alone, so that `reward` may set them.
  package var rewardParameters: [String]
  package var details: String
  package var make: @Sendable (Options, FileReader) throws -> any Environment

  package init(
    name: String, summary: String, parameters: [Parameter], rewardParameters: [String],
    details: String,
    make: @escaping @Sendable (Options, FileReader) throws -> any Environment
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.rewardParameters = rewardParameters
    self.details = details
    self.make = make
  }

  /// All environments, in the order in which they are listed.
  package static let all: [EnvironmentKind] = [
    .hypergrid, .sequence, .bitsequence, .graph, .perfectTree, .set, .bayesnet,
  ]

  package static func named(_ name: String) -> EnvironmentKind? {
    all.first { $0.name == name.lowercased() }
  }

  /// The parameter `clip`, which every environment has.
  static let clip = Parameter(
    "clip", .either([.number(.any), .enumeration([Choice("none", "never clip")])]),
    default: "-12", help: "log R below this counts as this while training")

  static func logClip(_ options: Options) -> Double? {
    options.text("clip") == "none" ? nil : options.number("clip") ?? -12
  }
}
