import GFNParameters

extension Checker {
  mutating func check(_ side: RightHandSide) {
    switch side {
    case .expression(let expression): check(expression)
    case .command(let call), .timed(let call): check(call, inValue: true)
    }
  }

  mutating func check(_ expression: Expression) {
    switch expression.kind {
    case .number, .boolean, .word: break
    case .text(let parts):
      for case .interpolation(let inner, _) in parts { check(inner) }
    case .variable(let name): checkVariable(name, expression.span)
    case .list(let elements): elements.forEach { check($0) }
    case .call(let call): check(call, expression.span)
    case .command(let call): check(call, inValue: true)
    case .field(let base, let name):
      check(base)
      checkField(name, of: base)
    case .unary(_, let operand): check(operand)
    case .index(let left, let right), .range(let left, let right), .binary(_, let left, let right):
      check(left)
      check(right)
    }
  }

  private mutating func checkVariable(_ name: String, _ span: Span) {
    guard !isKnown(name), name != "it" else { return }
    var error = CommandError(.undefinedVariable(name, suggestion: nil), at: span)
    if isShown(error.code) {
      let suggestion = nearestVariable(to: name)
      error = CommandError(.undefinedVariable(name, suggestion: suggestion), at: span)
    }
    report(error)
  }

  private mutating func check(_ call: FunctionCall, _ span: Span) {
    for argument in call.arguments { check(argument.value) }
    if Functions.names.contains(call.name.text) { return }
    guard let candidates = candidates(call.name.text) else {
      if hasRoom, !unreadNames.contains(call.name.text) {
        report(session.unknownFunction(call, known: definitionNames))
      }
      return
    }
    let command = CommandCall(name: call.name, arguments: call.arguments, span: span)
    _ = match(candidates, command)
  }

  // MARK: - Commands

  mutating func check(_ call: CommandCall, inValue: Bool) {
    for argument in call.arguments { check(argument.value) }
    if let candidates = candidates(call.name.text) {
      for match in match(candidates, call) { checkWord(match.argument.value) }
      return
    }
    guard let spec = commands[call.name.text] else {
      if hasRoom, !unreadNames.contains(call.name.text) {
        report(unknownCommand(call.name, inValue: inValue))
      }
      return
    }
    guard let signature = signature(of: call, spec) else { return }
    let count = errors.count
    let matches = match(signature, call)
    for match in matches { check(match, of: spec) }
    if errors.count == count { judge(matches, call, spec) }
    if let name = spec.variableSet(by: call) { scope.known.insert(name) }
  }

  private func unknownCommand(_ name: Name, inValue: Bool) -> CommandError {
    let error = session.unknownCommand(name, inValue: inValue)
    // The definitions of this cell are not yet those of the session.
    if case .unknownCommand(_, nil, _) = error.kind, isShown(error.code) {
      let suggestion = Suggestion.nearest(
        to: name.text, in: Suggestion.candidates(among: definitionNames))
      return CommandError(
        .unknownCommand(name.text, suggestion: suggestion, inValue: inValue), at: name.span)
    }
    return error
  }

  private mutating func match(_ signature: Signature, _ call: CommandCall) -> [Match] {
    var found: [CommandError] = []
    let matches = signature.match(call) { found.append($0) }
    found.forEach { report($0) }
    return matches
  }

  /// Fits a call to the `def`s of its name, and reports only what fits none of them.
  private mutating func match(_ candidates: [Definition], _ call: CommandCall) -> [Match] {
    var matches: [Match] = []
    var found: [CommandError] = []
    for definition in candidates.reversed() {
      var errors: [CommandError] = []
      let some = definition.signature.match(call) { errors.append($0) }
      if errors.isEmpty { return some }
      if found.isEmpty { (matches, found) = (some, errors) }
    }
    found.forEach { report($0) }
    return matches
  }

  /// What a call takes, or nil where only running it can tell.
  private func signature(of call: CommandCall, _ spec: CommandSpec) -> Signature? {
    guard !spec.variants.isEmpty, let index = spec.variantArgument(of: call) else {
      return Signature(spec, variant: nil)
    }
    guard let value = literal(call.arguments[index].value) else { return nil }
    // What could not be read has options that nobody knows.
    if case .text(let word) = value, unreadNames.contains(word) { return nil }
    let variant: CommandVariant? =
      if case .text(let word) = value { spec.variant(named: word) } else { nil }
    // Where the word itself is wrong, its options cannot be judged.
    guard variant != nil || call.arguments.count == 1 else {
      var only = Signature(spec, variant: nil)
      only.options = spec.variants.flatMap(\.options) + only.options
      only.positionals += spec.variants.flatMap(\.positionals)
      for place in only.options.indices { only.options[place].isRequired = false }
      for place in only.positionals.indices { only.positionals[place].isRequired = false }
      return only
    }
    return Signature(spec, variant: variant)
  }

  /// What an expression is in any run: itself, or what was given for the variable.
  private func literal(_ value: Expression) -> Value? {
    if case .variable(let name) = value.kind { return given(name) }
    return value.literalValue
  }

  private mutating func check(_ match: Match, of spec: CommandSpec) {
    let value = match.argument.value
    if !match.parameter.kind.isPath, checkWord(value) { return }
    checkLiteral(value, match.parameter, spec)
  }

  private mutating func checkLiteral(
    _ value: Expression, _ parameter: Parameter, _ spec: CommandSpec
  ) {
    if case .list(let elements) = value.kind, case .list(let kind) = parameter.kind {
      // Each element has its own place.
      var element = parameter
      element.kind = kind
      for part in elements { checkLiteral(part, element, spec) }
      return
    }
    guard let literal = literal(value) else { return }
    do {
      let bound = try Conversion(
        parameter: parameter, span: value.span, functions: formulaFunctions
      ).convert(literal)
      try spec.judge?(session, parameter.name, bound.value, value.span)
    } catch let error as CommandError {
      // An environment whose declaration could not be read has told its error.
      if case .unknownWord(let word, _, _) = error.kind, unreadNames.contains(word) { return }
      report(error)
    } catch {
      report(error as? CommandError ?? CommandError("failed", "\(error)", at: value.span))
    }
  }

  /// Judges the arguments of a call together; one that is no literal is there, without a value.
  private mutating func judge(_ matches: [Match], _ call: CommandCall, _ spec: CommandSpec) {
    guard let judgeAll = spec.judgeAll else { return }
    var variant: CommandVariant?
    if !spec.variants.isEmpty, let index = spec.variantArgument(of: call),
      case .text(let word)? = literal(call.arguments[index].value)
    {
      variant = spec.variant(named: word)
    }
    var bound: [String: BoundValue] = [:]
    for match in matches {
      let value = match.argument.value
      let conversion = Conversion(
        parameter: match.parameter, span: value.span, functions: formulaFunctions)
      // What cannot be converted has been reported.
      let literal = literal(value).flatMap { try? conversion.convert($0) }
      bound[match.parameter.name] = literal ?? BoundValue(value: .none, span: value.span)
    }
    let arguments = Arguments(
      command: call.name.text, variant: variant?.word, span: call.span, bound: bound,
      declared: Signature(spec, variant: variant).parameters, functions: formulaFunctions)
    do {
      try judgeAll(session, arguments)
    } catch {
      report(error as? CommandError ?? CommandError("failed", "\(error)", at: call.span))
    }
  }

  /// A word like `r.tv`, where `$r` is a variable, may be meant as a value or as a text.
  @discardableResult
  private mutating func checkWord(_ value: Expression) -> Bool {
    switch value.kind {
    case .word(let word):
      let parts = word.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, isKnown(String(parts[0])) else { return false }
      report(CommandError(.variableOrText(word), at: value.span))
      return true
    case .list(let elements):
      var found = false
      for element in elements where checkWord(element) { found = true }
      return found
    default: return false
    }
  }

  // MARK: - Shapes of results

  private mutating func checkField(_ name: Name, of base: Expression) {
    switch shape(of: base) {
    case .record(let fields)? where !fields.contains(name.text):
      report(
        CommandError(.unknownField(name.text, of: "the record", known: fields), at: name.span))
    case .table(let columns, let fields)?
    where !columns.contains(name.text) && !fields.contains(name.text):
      report(
        CommandError(
          .unknownField(name.text, of: "the table", known: columns + fields), at: name.span))
    default: break
    }
  }

  /// What the value of an expression looks like, where that is known.
  private func shape(of expression: Expression) -> ResultShape? {
    switch expression.kind {
    case .variable(let name): return scope.shapes[name]
    case .command(let call): return shape(of: call)
    case .index(let base, let index):
      guard case .table(let columns, _)? = shape(of: base) else { return nil }
      if case .text = index.kind { return nil }
      if case .number = index.kind { return .record(columns) }
      if case .unary(.minus, _) = index.kind { return .record(columns) }
      return nil
    default: return nil
    }
  }

  private func shape(of call: CommandCall) -> ResultShape? {
    guard candidates(call.name.text) == nil else { return nil }
    return commands[call.name.text]?.result
  }

  /// The one shape of all values that a name is set to.
  func sharedShape(of sides: [RightHandSide]) -> ResultShape? {
    var names: Set<String> = []
    var result: ResultShape?
    for side in sides {
      let call: CommandCall
      switch side {
      case .command(let command): call = command
      case .expression(let expression):
        guard case .command(let command) = expression.kind else { return nil }
        call = command
      case .timed: return nil
      }
      names.insert(call.name.text)
      result = shape(of: call)
    }
    return names.count == 1 ? result : nil
  }
}

extension ParameterKind {
  /// A word is taken as the name of a file.
  var isPath: Bool {
    switch self {
    case .path: true
    case .either(let kinds): kinds.contains(where: \.isPath)
    case .list(let element): element.isPath
    default: false
    }
  }
}
