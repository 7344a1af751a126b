import GFNParameters

/// What a training state depends on beside itself, as keys and texts: a checkpoint continues only where
/// all of them agree.
extension TrainingState {
  private static let environmentPrefix = "env."
  private static let configurationPrefix = "configuration."
  private static let dataPrefix = environmentPrefix + "data."
  private static let kindKey = environmentPrefix + "kind"
  private static let declarationKey = SettingDifference.declarationKey

  /// What may be changed on the way: it belongs to how training goes on, not to what is trained.
  static func mayChange(_ key: String) -> Bool {
    ["optimizer.", "exploration."].contains { key.hasPrefix(configurationPrefix + $0) }
  }

  /// The replay buffer follows these.
  static func isReplay(_ key: String) -> Bool {
    key.hasPrefix(configurationPrefix + "exploration.replay.")
  }

  static func isSetting(_ key: String) -> Bool {
    key.hasPrefix(environmentPrefix) || key.hasPrefix(configurationPrefix)
  }

  /// `env.side`, `configuration.objective.lambda`, … Every stored property of the configuration has its
  /// key, whoever added it: they are read off the value itself.
  func setting(in environment: any Environment) -> [String: String] {
    let specification = environment.specification
    // A default is as good as the same value typed, and another version may have another default.
    var keys = Self.defaults(of: EnvironmentKind.of(specification))
    keys[Self.kindKey] = specification.kind
    keys[Self.declarationKey] = specification.declaration?.line
    for (name, value) in specification.options.entries {
      keys[Self.environmentPrefix + name] = value.source
    }
    for (name, fingerprint) in specification.options.fingerprints {
      keys[Self.dataPrefix + name] = fingerprint
    }
    Self.collect(configuration, Self.configurationPrefix, into: &keys)
    return keys
  }

  /// What a setting counts as where a file does not have it.
  private static func defaults(of kind: EnvironmentKind?) -> [String: String] {
    var keys: [String: String] = [:]
    let isDeclared = kind.map { EnvironmentKind.named($0.name) == nil } ?? false
    for parameter in kind?.parameters ?? [] {
      // What a declaration says is compared as a whole.
      if isDeclared, case .described? = parameter.standard { continue }
      keys[environmentPrefix + parameter.name] = parameter.standard?.text
    }
    collect(Configuration(), configurationPrefix, into: &keys)
    return keys
  }

  /// Where a file's settings are not this state's. One that the file lacks, as an earlier program wrote it,
  /// counts as its default.
  /// - Throws: `CoreError.file` for a setting that this program does not know: what it means for training
  ///   cannot be guessed.
  func differences(
    from file: SafeTensors, path: String, in environment: any Environment
  ) throws -> [SettingDifference] {
    let written = file.metadata.filter { key, _ in Self.isSetting(key) }
    let kind = written[Self.kindKey]
    let own = environment.specification
    let kindOfFile =
      kind == nil || own.kind == kind
      ? EnvironmentKind.of(own) : kind.flatMap(EnvironmentKind.named)
    let defaults = Self.defaults(of: kindOfFile)
    for (key, value) in written.sorted(by: { $0.key < $1.key })
    where !Self.isKnown(key, kind: kind, defaults) {
      throw CoreError.file(
        path: path, line: nil,
        reason: "was trained with '\(key)' \(value), a setting that this program does not know; "
          + "use the program that wrote it, or take its weights alone with 'load FILE'")
    }
    let session = setting(in: environment)
    // Earlier programs did not look at the contents of files.
    let unwritten = session.filter { key, _ in
      key.hasPrefix(Self.dataPrefix) && written[key] == nil
    }
    return SettingDifference.all(
      file: defaults.merging(written) { $1 }.merging(unwritten) { $1 }, session: session)
  }

  /// Where the kind is none of this program's, that is what is wrong, and not its options.
  private static func isKnown(
    _ key: String, kind: String?, _ defaults: [String: String]
  ) -> Bool {
    guard key.hasPrefix(environmentPrefix), key != kindKey, key != declarationKey else {
      return key == kindKey || key == declarationKey || defaults[key] != nil
    }
    guard let kind = kind.flatMap(EnvironmentKind.named) else { return true }
    return kind.parameters.contains {
      environmentPrefix + $0.name == key || dataPrefix + $0.name == key
    }
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
