import GFNParameters
import Glibc

/// The rewards that a person may give any environment: a formula, a table or a program.
enum GivenRewards {
  /// The options that say where rewards come from: one of them holds.
  static let sources = ["reward", "rewards", "program"]
  /// The options that mean something beside one of these.
  static let companions: [String: [String]] = [
    "rewards": ["missing", "exponent", "max", "min", "normalize", "sigmoid"],
    "program": [
      "workers", "cache", "timeout", "returns", "exponent", "min", "sigmoid", "max", "normalize",
    ],
  ]

  /// Makes an environment with the rewards that its options give, or its own.
  static func make(
    _ options: Options, _ reader: FileReader, _ kind: EnvironmentKind,
    own: (Options, FileReader) throws -> any Environment
  ) throws -> any Environment {
    // On a graph rewards= belongs to its shape.
    let sources = sources.filter { $0 != "rewards" || kind.takesTable }
    let given = sources.filter { options[$0] != nil }
    guard given.count < 2 else {
      throw CoreError.option(
        name: given[1], reason: "\(given[0])= and \(given[1])= exclude each other; give one")
    }
    try refuseStrays(options, kind, given.first)
    let source = given.first.flatMap { isOwn($0, of: kind, options) ? nil : $0 }
    // Modes by a formula, where the kind itself knows none.
    let modes = kind.takesGivenModes ? options.formula("modes") : nil
    guard source != nil || modes != nil else { return try own(options, reader) }
    var rest = options
    if let source {
      // What a score depends on is the environment alone.
      for name in sources + (companions[source] ?? []) { rest[name] = nil }
      rest.hasOtherRewards = true
    }
    let base = try own(rest, reader)
    let specification = EnvironmentSpecification(
      kind: kind.name, options: options, declaration: base.specification.declaration)
    let ownModes = try modes.map { try FormulaModes($0, base) } ?? base.modes
    switch source {
    case "reward":
      guard let formula = options.formula("reward") else { return base }
      let reward = FormulaReward(
        code: try FormulaCode.compiled(formula, of: "reward", base.formulaNames),
        isLogarithm: false)
      try RewardProbe(base).check(reward)
      return RewardedEnvironment(
        base, specification, reward, modes: options["modes"] == nil ? nil : ownModes)
    case "rewards":
      let transform =
        kind.name == EnvironmentKind.sequence.name
        ? RewardTransform(options, SequencePreset.named(options.text("preset")))
        : RewardTransform(options)
      let table = try TableReward(
        base, reader, path: options.text("rewards") ?? "", missing: options.number("missing"),
        transform)
      return RewardedEnvironment(
        base, specification, table,
        modes: options["modes"] == nil ? table.best(SequencePreset.usualModeShare) : ownModes,
        note: table.transform.note)
    case "program":
      let program = try program(options, reader, base)
      return RewardedEnvironment(
        base, specification, program, modes: options["modes"] == nil ? nil : ownModes,
        note: note(options))
    default:
      return RewardedEnvironment(base, specification, OwnReward(base: base), modes: ownModes)
    }
  }

  /// The kind itself makes something of the option.
  private static func isOwn(
    _ source: String, of kind: EnvironmentKind, _ options: Options
  ) -> Bool {
    switch source {
    case "reward": kind.hasOwnReward
    case "rewards":
      kind.hasOwnTable
        && (kind.name != EnvironmentKind.sequence.name
          || options["missing"] == nil && options["min_length"] == nil)
    default: false
    }
  }

  /// Options without what they belong to would be passed over in silence.
  private static func refuseStrays(
    _ options: Options, _ kind: EnvironmentKind, _ source: String?
  ) throws {
    let transforms = ["exponent", "max", "min", "normalize", "sigmoid"]
    for name in transforms where options[name] != nil {
      guard source == nil && !kind.hasOwnTable || source == "reward" else { continue }
      throw CoreError.option(
        name: name,
        reason: "is for scores, of rewards=FILE or of a program; a formula says all by itself")
    }
    for name in ["missing", "workers", "cache", "timeout", "returns"] where options[name] != nil {
      let owner = name == "missing" ? "rewards" : "program"
      guard source != owner else { continue }
      throw CoreError.option(
        name: name,
        reason: "means something beside \(owner)= alone; give \(owner)=, or leave it out")
    }
  }

  private static func program(
    _ options: Options, _ reader: FileReader, _ base: any Environment
  ) throws -> ProgramReward {
    let returns = options.text("returns").flatMap(ProgramReward.Returns.init) ?? .reward
    let isScore = returns == .score
    for name in ["exponent", "min", "sigmoid"] where options[name] != nil && !isScore {
      throw CoreError.option(
        name: name, reason: "is for scores; say returns=score, or leave it out")
    }
    for name in ["max", "normalize"] where options[name] != nil && options.text(name) != "none" {
      throw CoreError.option(
        name: name,
        reason:
          "needs the greatest score, which nobody knows of a program; let the program scale, or leave "
          + "it out")
    }
    guard let start = reader.scorer else {
      throw CoreError.program(
        reason: "no program can be started here", remedy: "use a table or a formula")
    }
    var place = base.specification
    // What training makes of scores is none of the program's business.
    for name in ["clip", "modes"] { place.options[name] = nil }
    let request = ScoringRequest(
      command: options.text("program") ?? "", workers: options.integer("workers") ?? 1,
      cache: options.text("cache"), timeout: options.number("timeout") ?? 60,
      returns: returns.rawValue,
      environment: [place.declaration?.line, place.text].compactMap(\.self)
        .joined(separator: "; "))
    do {
      return ProgramReward(
        width: base.stateWidth, text: { base.text(of: $0) }, try start(request), returns,
        RewardTransform(options))
    } catch let fault as ProgramFault {
      throw CoreError.program(reason: fault.reason, remedy: fault.remedy)
    }
  }

  private static func note(_ options: Options) -> String? {
    guard options.text("returns") == "score" else { return nil }
    let transform = RewardTransform(options)
    var text = "y"
    if transform.sigmoid != 0 { text = "1/(1 + exp(−\(formatted(transform.sigmoid))·y))" }
    text = "max(\(text), \(formatted(transform.minimum)))"
    if transform.exponent != 1 { text = "\(text)^\(formatted(transform.exponent))" }
    return "a score y becomes the reward \(text)"
  }
}

/// The rewards of the environment itself.
private struct OwnReward: StateReward {
  let base: any Environment
  var isLogarithm: Bool { base.rewardIsExponential }
  func reward(_ state: StatePointer) -> Double { base.reward(state) }
  func logReward(_ state: StatePointer) -> Double { base.logReward(state) }
}

extension FormulaModes {
  private static let mostCounted = 1 << 20

  /// The objects of an environment where an option's condition holds.
  /// - Throws: `CoreError.option` where it is none.
  fileprivate init(_ formula: StateFormula, _ environment: any Environment) throws {
    let code = try FormulaCode.compiled(formula, of: "modes", environment.formulaNames)
    guard code.isCondition else {
      throw CoreError.option(
        name: "modes", reason: "'\(formula.source)' is a number, not a condition; compare it")
    }
    let width = environment.stateWidth
    guard let count = environment.enumeration?.terminating, count <= Self.mostCounted else {
      self.init(condition: code, width: width, index: nil, total: nil)
      return
    }
    let total = withUnsafeTemporaryAllocation(of: Int32.self, capacity: width) { buffer in
      guard let state = buffer.baseAddress else { return 0 }
      return (0..<count).count { number in
        environment.terminatingState(at: number, into: state)
        return code.holds(state)
      }
    }
    self.init(
      condition: code, width: width, index: { environment.terminatingIndex(of: $0) },
      total: total)
  }
}
