import GFNParameters

extension Interpreter {
  /// Runs a command or a `def` and returns its value.
  func run(_ call: CommandCall) throws -> Value {
    if let definition = session.definitions[call.name.text] {
      return try run(definition, call)
    }
    guard let spec = session.commands[call.name.text] else {
      throw session.unknownCommand(call.name, inValue: silence != .none)
    }
    return try run(call, spec)
  }

  private func run(_ call: CommandCall, _ spec: CommandSpec) throws -> Value {
    let (arguments, resolved) = try bind(call, to: spec)
    let table = try tableFile(arguments, spec)
    notedEffective = nil
    let before = session.bench
    let value: Value
    do {
      try spec.judgeAll?(session, arguments)
      value = try spec.run(session, arguments)
      if session.interruption.hasGivenUp { throw Interruption.GivenUp() }
      if let table {
        try Interruption.finishing { try table.write(value, with: session.files) }
      }
    } catch {
      let isGivenUp = session.interruption.hasGivenUp
      if isGivenUp { notedEffective = nil }
      noteCompletion(of: nil)
      guard isGivenUp else { throw located(error, call) }
      // What was left undone has left its traces.
      session.bench = before
      throw CommandError(.interrupted(command: call.name.text), at: call.span)
    }
    noteCompletion(of: resolved)
    // One interrupt lets the command return what it has; the statement ends behind it.
    if session.interruption.isAbort { throw Interrupted() }
    return value
  }

  /// Runs commands that a file holds, one a line, with literals as arguments, and says nothing.
  /// - Parameter names: the only commands that may stand there.
  /// - Throws: `CommandError`.
  func perform(_ text: String, of names: Set<String>, from source: String) throws {
    var parser = Parser(SourceFile(name: source, text: text))
    let block = parser.parseScript()
    if let error = parser.errors.first { throw error }
    let saved = (silence, effectiveCommands)
    silence = .quiet
    defer { (silence, effectiveCommands) = saved }
    for statement in block.statements {
      if case .environment(let syntax) = statement.kind {
        try session.declare(syntax)
        continue
      }
      guard case .command(let call) = statement.kind, names.contains(call.name.text),
        call.arguments.allSatisfy({ $0.value.literalValue != nil }),
        let spec = session.commands[call.name.text]
      else {
        throw CommandError("file", "'\(source)' asks for something else than settings")
      }
      _ = try run(call, spec)
    }
  }

  private func noteCompletion(of text: String?) {
    if let effective = notedEffective ?? text { effectiveCommands.append(effective) }
    notedEffective = nil
  }

  /// Gives an error of a handler a place and, where it has none, words.
  private func located(_ error: any Error, _ call: CommandCall) -> any Error {
    switch error {
    case let error as CommandError where error.span == nil:
      CommandError(error.kind, at: call.span)
    case is CommandError, is Interrupted: error
    default: CommandError("failed", "\(error)", at: call.span)
    }
  }

  private func tableFile(_ arguments: Arguments, _ spec: CommandSpec) throws -> TableFile? {
    let name = Signature.tableFile.name
    guard spec.canWriteTable, let path = arguments.path(name) else { return nil }
    let file = try TableFile(
      path, overwriting: arguments.overwrites, at: arguments.span(of: name))
    try file.check(with: session.files)
    return file
  }

  // MARK: - Binding

  /// Evaluates the arguments of a call and fits them to what the command declares.
  /// - Returns: the arguments, and the command as it would be typed with their values.
  func bind(
    _ call: CommandCall, to spec: CommandSpec
  ) throws -> (Arguments, resolved: String) {
    // The first positional is evaluated first, as it may choose among variants.
    var first: Value?
    var variant: CommandVariant?
    if !spec.variants.isEmpty, let index = spec.variantArgument(of: call) {
      let value = try evaluator.evaluate(call.arguments[index].value)
      first = value
      if case .text(let word) = value { variant = spec.variant(named: word) }
    }
    let signature = Signature(spec, variant: variant)
    var errors: [CommandError] = []
    let matches = signature.match(call) { errors.append($0) }
    if let error = errors.first { throw error }
    let functions = session.formulaFunctions
    var bound: [String: BoundValue] = [:]
    var words = [call.name.text]
    for match in matches {
      let isFirst = match.parameter.name == spec.allPositionals.first?.name
      let given = try (isFirst ? first : nil) ?? evaluator.evaluate(match.argument.value)
      let conversion = Conversion(
        parameter: match.parameter, span: match.argument.value.span, functions: functions)
      let value = try conversion.convert(given)
      let name = match.argument.name.map { "\($0.text)=" } ?? ""
      words.append(name + (given.literal ?? match.argument.value.span.text))
      if match.parameter.isVariadic {
        bound[match.parameter.name] = appended(value, to: bound[match.parameter.name])
      } else {
        bound[match.parameter.name] = value
      }
    }
    var arguments = Arguments(
      command: call.name.text, variant: variant?.word, span: call.span, bound: bound,
      declared: signature.parameters, functions: functions)
    if spec.takesAnyOption {
      let declared = Set(signature.names)
      arguments.undeclared = matches.map(\.parameter.name).filter { !declared.contains($0) }
    }
    return (arguments, words.joined(separator: " "))
  }

  /// The values of a variadic parameter make a list.
  private func appended(_ value: BoundValue, to earlier: BoundValue?) -> BoundValue {
    guard let earlier, case .list(let values) = earlier.value else {
      return BoundValue(value: .list([value.value]), span: value.span)
    }
    return BoundValue(
      value: .list(values + [value.value]), span: earlier.span.joined(with: value.span))
  }

  // MARK: - Definitions

  /// Runs a `def` and returns what it returns.
  func run(_ definition: Definition, _ call: CommandCall) throws -> Value {
    guard frames.count < Self.recursionLimit, stack.hasRoom else {
      throw CommandError(.recursionLimit(definition.name.text), at: call.name.span)
    }
    frames.append(try arguments(of: definition, call))
    defer { frames.removeLast() }
    try setDefaults(of: definition)
    switch try run(definition.body) {
    case .leave(let value): return value
    case .exit(let status): throw ExitRequest(status: status)
    case .next, .breakLoop, .continueLoop: return .none
    }
  }

  private func arguments(
    of definition: Definition, _ call: CommandCall
  ) throws -> [String: Value] {
    var values: [String: Value] = [:]
    let parameters = definition.parameters
    if call.arguments.count <= parameters.count, call.arguments.allSatisfy({ $0.name == nil }),
      parameters[call.arguments.count...].allSatisfy({ $0.defaultValue != nil })
    {
      for (parameter, argument) in zip(parameters, call.arguments) {
        values[parameter.name.text] = try evaluator.evaluate(argument.value)
      }
      return values
    }
    var errors: [CommandError] = []
    let matches = definition.signature.match(call) { errors.append($0) }
    if let error = errors.first { throw error }
    for match in matches {
      values[match.parameter.name] = try evaluator.evaluate(match.argument.value)
    }
    return values
  }

  /// Evaluates the defaults where the body runs: in the order of the parameters, with the
  /// arguments that were given.
  @inline(never)
  private func setDefaults(of definition: Definition) throws {
    guard let given = frames.last else { return }
    for parameter in definition.parameters where given[parameter.name.text] == nil {
      guard let expression = parameter.defaultValue else { continue }
      set(parameter.name.text, to: try evaluator.evaluate(expression))
    }
  }
}

/// `exit` within a `def`, on its way out.
struct ExitRequest: Error {
  var status: Int32
}

extension CommandSpec {
  /// The index of the argument that chooses among the variants.
  func variantArgument(of call: CommandCall) -> Int? {
    let name = allPositionals.first?.name
    return call.arguments.firstIndex { $0.name == nil || $0.name?.text == name }
  }
}
