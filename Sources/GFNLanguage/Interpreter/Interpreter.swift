import GFNParameters

/// Runs statements. One interpreter serves one cell.
final class Interpreter {
  let session: Session

  /// How much of what commands say is kept back.
  enum Silence {
    case none
    /// Called for its value: nothing is shown, progress is.
    case value
    /// Under `quiet`: warnings alone.
    case quiet
  }

  /// What a statement asks of the blocks around it.
  enum Flow {
    case next
    case breakLoop
    case continueLoop
    case leave(Value)
    case exit(Int32)
  }

  /// A cell stops here: Ctrl-C was pressed.
  struct Interrupted: Error {}

  var silence = Silence.none
  /// Loops around the running statement, also in the callers of a `def`.
  var loopDepth = 0
  /// The variables of the running `def`s; empty in a script.
  var frames: [[String: Value]] = []
  /// The files that `include` is reading.
  var includes: [String] = []
  /// The commands that the running top-level statement has completed, as they would be typed.
  var effectiveCommands: [String] = []
  var notedEffective: String?
  let stack: StackGuard

  static let recursionLimit = 1_000

  init(_ session: Session) {
    self.session = session
    stack = StackGuard(size: session.options.stackSize)
  }

  var evaluator: Evaluator<Interpreter> { Evaluator(context: self) }

  /// A command of the running statement did something other than what it says.
  var hasNoted = false

  func noteEffective(_ text: String) {
    notedEffective = text
    hasNoted = true
  }

  func prepareForStatement() {
    effectiveCommands = []
    notedEffective = nil
    hasNoted = false
  }

  /// Leaves whatever the failed statement was in.
  func prepareForFailure() {
    silence = .none
    loopDepth = 0
    frames = []
    includes = []
  }

  // MARK: - Variables

  func variable(_ name: String) -> Value? {
    frames.last?[name] ?? session.variables[name]
  }

  func set(_ name: String, to value: Value) {
    if frames.isEmpty {
      session.variables.set(name, to: value)
    } else {
      frames[frames.count - 1][name] = value
    }
  }

  /// Runs something with commands kept back at least as much as `level` says.
  func silently<Result>(_ level: Silence, _ body: () throws -> Result) rethrows -> Result {
    let saved = silence
    if silence != .quiet { silence = level }
    defer { silence = saved }
    return try body()
  }

  func checkInterruption() throws {
    if session.interruption.isRequested { throw Interrupted() }
  }
}

extension Interpreter: EvaluationContext {
  func value(of name: String, at span: Span) throws -> Value {
    if let value = variable(name) { return value }
    if name == "it" {
      guard let value = session.lastShown else { throw CommandError(.nothingShown, at: span) }
      return value
    }
    if session.unsetNames.contains(name) { throw CommandError(.unsetVariable(name), at: span) }
    let known =
      Suggestion.candidates(among: session.variables.values.keys)
      + (frames.last.map { Suggestion.candidates(among: $0.keys) } ?? [])
    throw CommandError(
      .undefinedVariable(name, suggestion: Suggestion.nearest(to: name, in: known)), at: span)
  }

  func call(_ call: FunctionCall, at span: Span) throws -> Value {
    if call.name.text == "exists" { return try exists(call) }
    if let definition = session.definitions[call.name.text] {
      let command = CommandCall(name: call.name, arguments: call.arguments, span: span)
      let value = try silently(.value) { try run(definition, command) }
      if case .none = value { throw Self.noValue(of: command) }
      return value
    }
    throw session.unknownFunction(call, known: session.definitions.keys)
  }

  private func exists(_ call: FunctionCall) throws -> Value {
    try Functions.checkArity(of: call)
    guard let argument = call.arguments.first?.value,
      case .text(let path) = try evaluator.evaluate(argument)
    else {
      throw CommandError(.typeMismatch("'exists' needs the name of a file"), at: call.name.span)
    }
    return .boolean(session.files.exists(path))
  }

  /// Runs a command in the place of a value: silently, and for what it returns.
  func runForValue(_ command: CommandCall) throws -> Value {
    let value = try silently(.value) { try run(command) }
    if case .none = value { throw Self.noValue(of: command) }
    return value
  }

  @inline(never)
  private static func noValue(of command: CommandCall) -> CommandError {
    CommandError(.noValue(command: command.name.text), at: command.span)
  }
}
