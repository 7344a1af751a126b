import GFNParameters

/// Turns a parsed expression into a formula's tree: bare names must be known, and `def`s are written out.
struct FormulaReading {
  private let known: [String]
  private let functions: FormulaFunctions
  /// The names of the loops around.
  private var loops: [String] = []
  /// The `def`s around, from the outside in.
  private var calls: [String] = []
  /// What the parameters of the innermost `def` stand for.
  private var parameters: [String: FormulaTree] = [:]
  /// A `def` was written out.
  private(set) var hasInlined = false
  /// Nodes that `def`s may still write out.
  private var room = 10_000

  init(_ known: [String], _ functions: FormulaFunctions) {
    self.known = known
    self.functions = functions
  }

  mutating func tree(_ expression: Expression) throws -> FormulaTree {
    let span = expression.span
    switch expression.kind {
    case .number(let number, _): return .number(number)
    case .boolean(let flag): return .boolean(flag)
    case .word(let word): return .text(word)
    case .text:
      guard case .text(let text)? = expression.literalValue else {
        throw CommandError(.unexpected(found: span.text, expected: "a plain text"), at: span)
      }
      return .text(text)
    case .variable(let name): return try variable(name, span)
    case .list(let elements): return .list(try elements.map { try tree($0) })
    case .range(let low, let high): return .range(try tree(low), try tree(high))
    case .unary(.minus, let operand):
      let operand = try tree(operand)
      return if case .number(let number) = operand { .number(-number) } else { .minus(operand) }
    case .unary(.not, let operand): return .not(try tree(operand))
    case .binary(let operation, let left, let right):
      return .binary(operation, try tree(left), try tree(right))
    case .index(let list, let index): return .element(try tree(list), try tree(index))
    case .call(let call): return try self.call(call, span)
    case .field(_, let name):
      throw CommandError(
        .unexpected(found: "'.\(name.text)'", expected: "the end of the value"), at: name.span)
    case .command(let call):
      throw CommandError(.unexpected(found: "'\(call.name.text)'", expected: "a value"), at: span)
    }
  }

  private func variable(_ name: String, _ span: Span) throws -> FormulaTree {
    if loops.contains(name) { return .name(name) }
    if let function = calls.last {
      if let value = parameters[name] { return value }
      throw CommandError(
        "unknown-name", "'\(function)' uses $\(name), which a formula cannot see",
        fix: "make it a parameter of '\(function)'", at: span)
    }
    guard known.contains(name) else {
      let all = known + loops + Functions.formulaNames.map { "\($0)()" }
      throw CommandError(.unknownFormulaName(name, known: all), at: span)
    }
    return .name(name)
  }

  private mutating func call(_ call: FunctionCall, _ span: Span) throws -> FormulaTree {
    let name = call.name.text
    if let loop = call.loop {
      guard Functions.looping.contains(name) else {
        throw CommandError(
          .unexpected(
            found: "'for' in \(name)()",
            expected: "one of " + Functions.looping.map { "\($0)()" }.joined(separator: ", ")),
          at: loop.name.span)
      }
      let (low, high) = (try tree(loop.low), try tree(loop.high))
      loops.append(loop.name.text)
      defer { loops.removeLast() }
      guard let body = call.arguments.first?.value else { return .number(0) }
      return .over(
        function: name, body: try tree(body), name: loop.name.text, low: low, high: high)
    }
    guard Functions.formulaNames.contains(name) else { return try inlined(call, span) }
    return .call(name, try call.arguments.map { try tree($0.value) })
  }

  /// A `def` whose body is one `return` of an expression, with its arguments in place.
  private mutating func inlined(_ call: FunctionCall, _ span: Span) throws -> FormulaTree {
    let name = call.name.text
    guard let definition = functions.find(name) else {
      let names = Functions.formulaNames + functions.names
      throw CommandError(
        .unknownFunction(name, suggestion: Suggestion.nearest(to: name, in: names)),
        at: call.name.span)
    }
    guard definition.body.statements.count == 1,
      case .returning(.expression(let body)?)? = definition.body.statements.first?.kind
    else {
      throw CommandError(
        "unknown-name", "'\(name)' is more than one 'return' of an expression",
        fix: "a formula can call def \(name)(…) { return EXPRESSION }", at: call.name.span)
    }
    guard !calls.contains(name) else {
      throw CommandError("unknown-name", "'\(name)' calls itself", at: call.name.span)
    }
    guard calls.count < Parser.nestingLimit else { throw CommandError(.nestingTooDeep, at: span) }
    var values: [String: FormulaTree] = [:]
    let arguments = try call.arguments.map { ($0.name, try tree($0.value)) }
    let outer = (calls, parameters, loops)
    calls.append(name)
    loops = []
    defer { (calls, parameters, loops) = outer }
    for (offset, parameter) in definition.parameters.enumerated() {
      parameters = values
      if let given = arguments.first(where: { $0.0?.text == parameter.name.text })?.1 {
        values[parameter.name.text] = given
      } else if offset < arguments.count, arguments[offset].0 == nil {
        values[parameter.name.text] = arguments[offset].1
      } else if let standard = parameter.defaultValue {
        values[parameter.name.text] = try tree(standard)
      } else {
        throw CommandError(
          .wrongArgumentCount(
            function: name, expected: counted(definition.parameters.count, "argument"),
            found: arguments.count), at: call.name.span)
      }
    }
    guard arguments.count <= definition.parameters.count else {
      throw CommandError(
        .wrongArgumentCount(
          function: name, expected: counted(definition.parameters.count, "argument"),
          found: arguments.count), at: call.name.span)
    }
    parameters = values
    hasInlined = true
    let result = try tree(body)
    room -= result.size(upTo: room + 1)
    guard room > 0 else { throw CommandError(.valueTooLarge("formula"), at: span) }
    return result
  }
}

extension FormulaTree {
  /// How many nodes there are, counted up to a limit; what is nested too deeply counts as too many.
  fileprivate func size(upTo limit: Int, depth: Int = Parser.heightLimit) -> Int {
    guard limit > 1, depth > 0 else { return max(limit, 1) }
    return parts.reduce(1) { $0 >= limit ? $0 : $0 + $1.size(upTo: limit - $0, depth: depth - 1) }
  }
}
