/// What a training state depends on beside itself, as keys and texts: a checkpoint continues only where
/// all of them agree.
extension TrainingState {
  private static let environmentPrefix = "env."
  private static let configurationPrefix = "configuration."

  static func isSetting(_ key: String) -> Bool {
    key.hasPrefix(environmentPrefix) || key.hasPrefix(configurationPrefix)
  }

  /// `env.side`, `configuration.objective.lambda`, … Every stored property of the configuration has its
  /// key, whoever added it: they are read off the value itself.
  func setting(in environment: any Environment) -> [String: String] {
    let specification = environment.specification
    var keys = [Self.environmentPrefix + "kind": specification.kind]
    // A default is as good as the same value typed, and another version may have another default.
    for parameter in EnvironmentKind.named(specification.kind)?.parameters ?? [] {
      keys[Self.environmentPrefix + parameter.name] = parameter.defaultText
    }
    for (name, value) in specification.options.entries {
      keys[Self.environmentPrefix + name] = value.source
    }
    Self.collect(configuration, Self.configurationPrefix, into: &keys)
    return keys
  }

  /// The stored properties of a structure, and of those in it.
  private static func collect(_ value: Any, _ prefix: String, into keys: inout [String: String]) {
    for (label, child) in Mirror(reflecting: value).children {
      guard let label else { continue }
      let mirror = Mirror(reflecting: child)
      let name = prefix + (commandNames[label] ?? snakeCase(label))
      if mirror.displayStyle == .struct, !mirror.children.isEmpty {
        collect(child, name + ".", into: &keys)
      } else if mirror.displayStyle == .optional {
        keys[name] = mirror.children.first.map { text($0.value) } ?? "none"
      } else {
        keys[name] = text(child)
      }
    }
  }

  /// A word as it is typed, where the value has one.
  private static func text(_ value: Any) -> String {
    if let word = value as? any RawRepresentable { return "\(word.rawValue)" }
    return "\(value)"
  }

  /// Options that have another name where they are typed.
  private static let commandNames = [
    "policyRate": "lr", "backwardRate": "lr_backward", "criticRate": "lr_critic",
    "logZRate": "lr_z", "givenLambda": "lambda",
  ]

  /// `logZMoments` as `log_z_moments`.
  static func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { result, character in
      if character.isUppercase, !result.isEmpty { result += "_" }
      result += character.lowercased()
    }
  }
}
