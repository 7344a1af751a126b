package import GFNParameters

extension EnvironmentKind {
  /// The kind of an environment that was made.
  package static func of(_ specification: EnvironmentSpecification) -> EnvironmentKind? {
    specification.declaration.map(declared) ?? named(specification.kind)
  }

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
}
