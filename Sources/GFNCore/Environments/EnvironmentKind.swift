package import GFNParameters

/// What an environment was made from.
package struct EnvironmentSpecification: Sendable {
  package var kind: String
  package var options: Options
  /// What the kind is, where a person declared it.
  package var declaration: EnvironmentDeclaration?

  package init(
    kind: String, options: Options, declaration: EnvironmentDeclaration? = nil
  ) {
    self.kind = kind
    self.options = options
    self.declaration = declaration
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
  /// Makes one with its own rewards.
  let own: @Sendable (Options, FileReader) throws -> any Environment
  /// It makes something of `reward=` itself, of `rewards=`; its modes are none that a formula could give.
  let hasOwnReward: Bool
  let hasOwnTable: Bool
  /// `rewards=` names a file.
  let takesTable: Bool
  let takesGivenModes: Bool

  /// - Parameters:
  ///   - variables: what formulas of its rewards may name.
  ///   - make: makes it with its own rewards.
  package init(
    name: String, summary: String, parameters: [Parameter], rewardParameters: [String],
    formulasOver variables: [String], details: String,
    make: @escaping @Sendable (Options, FileReader) throws -> any Environment
  ) {
    self.name = name
    self.summary = summary
    let names = Set(parameters.map(\.name))
    hasOwnReward = names.contains("reward")
    hasOwnTable = names.contains("rewards")
    takesGivenModes = !names.contains("modes")
    // Where rewards= is no file, as on graphs, nothing is missing in it.
    takesTable = parameters.first { $0.name == "rewards" }.map { $0.kind.isFile } ?? true
    let takesTable = takesTable
    let given = Self.givenParameters(formulasOver: variables)
      .filter { !names.contains($0.name) && (takesTable || $0.name != "missing") }
    self.parameters = parameters + given
    self.rewardParameters = rewardParameters + given.map(\.name)
    self.details = details
    own = make
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
    default: -12, help: "log R below this counts as this while training")

  static func logClip(_ options: Options) -> Double? {
    options.text("clip") == "none"
      ? nil : options.number("clip") ?? [clip].defaultNumber("clip")
  }
}

/// What an option says, else what the kind of environment declares.
extension Options {
  func number(_ name: String, of kind: EnvironmentKind) -> Double {
    number(name) ?? kind.parameters.defaultNumber(name)
  }

  func integer(_ name: String, of kind: EnvironmentKind) -> Int {
    integer(name) ?? kind.parameters.defaultInteger(name)
  }

  func boolean(_ name: String, of kind: EnvironmentKind) -> Bool {
    boolean(name) ?? kind.parameters.defaultBoolean(name)
  }

  func text(_ name: String, of kind: EnvironmentKind) -> String {
    text(name) ?? kind.parameters.defaultWord(name)
  }
}

extension ParameterKind {
  fileprivate var isFile: Bool { if case .path = self { true } else { false } }
}
