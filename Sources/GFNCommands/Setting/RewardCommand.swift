import GFNCore
import GFNLanguage
import GFNParameters

extension CommandSpec {
  static let reward = CommandSpec(
    "reward", group: .setUp, summary: "change the reward alone and keep what was learned",
    options: rewardParameters,
    details: """
      Takes the reward options of the present environment. Modes and visited states are counted \
      anew.
      """,
    examples: [
      CommandExample("env hypergrid side=8; reward r0=0.001", "make the valleys deeper")
    ],
    changesState: true,
    declaring: { spec, declaration in
      var spec = spec
      let kind = EnvironmentKind.declared(declaration)
      spec.options = merged(
        spec.options + kind.parameters.filter { kind.rewardParameters.contains($0.name) })
      return spec
    }
  ) { session, arguments in
    let (environment, _) = try session.experiment(arguments)
    guard let kind = EnvironmentKind.of(environment.specification) else { return .none }
    let all = session.commands["reward"]?.options ?? rewardParameters
    for parameter in all where arguments.has(parameter.name) {
      guard kind.rewardParameters.contains(parameter.name) else {
        throw arguments.error(
          "option",
          "'\(parameter.name)' is no reward option of \(kind.name)",
          fix: "it takes \(kind.rewardParameters.joined(separator: ", "))", at: parameter.name)
      }
    }
    let parameters = kind.parameters.filter { kind.rewardParameters.contains($0.name) }
    let options = try session.options(
      parameters, arguments,
      base: kind.rewardOptions(
        environment.specification.options,
        changing: parameters.map(\.name).filter(arguments.has)))
    try session.core(arguments) {
      try session.workbench.replaceReward(try kind.make(options, session.reader(arguments)))
    }
    session.noteMaking()
    return .none
  }

  /// The reward options of all environments, each name once.
  private static var rewardParameters: [Parameter] {
    merged(
      EnvironmentKind.all.flatMap { kind in
        kind.parameters.filter { kind.rewardParameters.contains($0.name) }
      })
  }

  /// Each name once, with what any of its parameters takes.
  private static func merged(_ parameters: [Parameter]) -> [Parameter] {
    var seen: Set<String> = []
    return parameters.reduce(into: []) { result, parameter in
      if seen.insert(parameter.name).inserted {
        result.append(parameter)
      } else if let index = result.firstIndex(where: { $0.name == parameter.name }) {
        // The same name means different things to different environments: either kind will do
        // here, and the environment decides.
        result[index].kind = result[index].kind.merged(with: parameter.kind)
      }
    }
  }
}
