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
  private let own: @Sendable (Options, FileReader) throws -> any Environment
  /// It makes something of `reward=` itself, of `rewards=`; its modes are none that a formula could give.
  let hasOwnReward: Bool
  let hasOwnTable: Bool
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
    let takesFile = parameters.first { $0.name == "rewards" }.map { $0.kind.isFile } ?? true
    let given = GivenRewards.parameters(formulasOver: variables)
      .filter { !names.contains($0.name) && (takesFile || $0.name != "missing") }
    self.parameters = parameters + given
    self.rewardParameters = rewardParameters + given.map(\.name)
    self.details = details
    own = make
  }

  /// Makes one with these options.
  /// - Throws: `CoreError`.
  package func make(_ options: Options, _ reader: FileReader) throws -> any Environment {
    try GivenRewards.make(options, reader, self, own: own)
  }

  /// What a change of the reward leaves of earlier options: another source takes the place of the one there
  /// was, with all that belonged to it.
  package static func rewardOptions(_ options: Options, changing names: [String]) -> Options {
    guard let source = GivenRewards.sources.first(where: names.contains) else { return options }
    var options = options
    for other in GivenRewards.sources {
      if other != source { options[other] = nil }
      for name in GivenRewards.companions[other] ?? [] where !names.contains(name) {
        // Of a table that takes the place of another, the settings stay.
        if other != source { options[name] = nil }
      }
    }
    return options
  }

  /// All environments, in the order in which they are listed.
  package static let all: [EnvironmentKind] = [
    .hypergrid, .sequence, .bitsequence, .graph, .perfectTree, .set, .bayesnet,
  ]

  /// The kind of an environment that was made.
  package static func of(_ specification: EnvironmentSpecification) -> EnvironmentKind? {
    specification.declaration.map(declared) ?? named(specification.kind)
  }

  package static func named(_ name: String) -> EnvironmentKind? {
    all.first { $0.name == name.lowercased() }
  }

  /// The parameter `clip`, which every environment has.
  static let clip = Parameter(
    "clip", .either([.number(.any), .enumeration([Choice("none", "never clip")])]),
    default: -12, help: "log R below this counts as this while training")

  /// The kind that a declaration makes.
  package static func declared(_ declaration: EnvironmentDeclaration) -> EnvironmentKind {
    let cells = declaration.cells.map(\.name)
    let own = declaration.parameters.map { parameter in
      let help = "a parameter of '\(declaration.name)'"
      switch parameter.standard {
      case .number(let number):
        return Parameter(parameter.name, .number(.any), default: .number(number), help: help)
      case .boolean(let flag):
        return Parameter(parameter.name, .boolean, default: .boolean(flag), help: help)
      case .numbers(let list):
        return Parameter(
          parameter.name, .list(.number(.any)),
          default: .described("[\(list.map(formatted).joined(separator: ", "))]"), help: help)
      case .text(let text):
        return Parameter(parameter.name, .text, default: .described(quoted(text)), help: help)
      }
    }
    let names = cells + declaration.parameters.map(\.name)
    return EnvironmentKind(
      name: declaration.name,
      summary: declaration.summary.isEmpty ? "declared here" : declaration.summary,
      parameters: own + [
        Parameter(
          "reward", .formula(variables: names),
          default: declaration.reward.map { .described($0.tree.source) },
          help: "another reward, a formula of its cells and parameters"),
        Parameter(
          "modes", .formula(variables: names),
          default: declaration.modes.map { .described($0.source) },
          help: "a condition that holds in the modes"),
        clip,
      ],
      rewardParameters: declaration.rewardParameters + ["reward", "modes", "clip"],
      formulasOver: names,
      details: "Declared as\n\n    "
        + declaration.source.split(separator: "\n", omittingEmptySubsequences: false)
        .joined(separator: "\n    "),
      make: { options, _ in
        try DeclaredEnvironment(declaration, options)
      })
  }

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
