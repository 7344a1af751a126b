/// An expression over bare declared names, as in `until="tv < 0.05"` or `reward="exp(-sum(u))"`.
///
/// It is parsed and its names are checked when it is made; evaluating it can only fail on the kinds
/// of values.
package struct Formula: Sendable {
  /// As typed.
  package let text: String
  /// The declared names that it uses, in the order of their declaration.
  package let variables: [String]
  private let expression: Expression

  /// - Parameters:
  ///   - variables: the names that the formula may use.
  ///   - span: where the formula stands; its errors point there.
  /// - Throws: `CommandError` where the text is no formula.
  package init(_ text: String, variables: [String], at span: Span? = nil) throws {
    let inner = Self.place(of: text, in: span)
    let place = inner ?? SourceFile(name: "formula", text: text).whole
    var parser = Parser(formula: place, variables: variables)
    do {
      expression = try parser.parseWholeExpression()
    } catch let error as CommandError where inner == nil && span != nil {
      // The text was computed: the argument is the only place to point at.
      throw CommandError(error.kind, at: span)
    }
    self.text = text
    let used = expression.usedNames
    self.variables = variables.filter(used.contains)
  }

  /// The place of a text inside its span, where it stands there as it is.
  private static func place(of text: String, in span: Span?) -> Span? {
    guard let span else { return nil }
    if span.text == text { return span }
    guard span.text.dropFirst().dropLast() == text else { return nil }
    return Span(span.source, span.start + 1, span.end - 1)
  }

  /// The value of the formula.
  /// - Throws: `CommandError` where an operator or a function meets a value it does not take.
  package func value(_ bindings: [String: Value]) throws -> Value {
    try Evaluator(context: FormulaContext(bindings: bindings)).evaluate(expression)
  }

  /// The value of a formula that gives a number.
  /// - Throws: `CommandError`, also where the value is no number.
  package func evaluate(_ bindings: [String: Value]) throws -> Double {
    let value = try value(bindings)
    guard case .number(let number, _) = value else {
      throw CommandError(
        .typeMismatch("'\(text)' gives \(value.kindDescription), not a number"),
        at: expression.span)
    }
    return number
  }

  /// Whether a formula that is a condition holds.
  /// - Throws: `CommandError`, also where the value is neither true nor false.
  package func isTrue(_ bindings: [String: Value]) throws -> Bool {
    try Arithmetic.truth(value(bindings), at: expression.span)
  }
}

private struct FormulaContext: EvaluationContext {
  let bindings: [String: Value]

  func value(of name: String, at span: Span) throws -> Value {
    guard let value = bindings[name] else {
      throw CommandError(.unknownFormulaName(name, known: bindings.keys.sorted()), at: span)
    }
    return value
  }

  func call(_ call: FunctionCall, at span: Span) throws -> Value {
    throw CommandError(.unknownFunction(call.name.text, suggestion: nil), at: span)
  }

  func runForValue(_ command: CommandCall) throws -> Value {
    throw CommandError(
      .unexpected(found: "'\(command.name.text)'", expected: "a value"), at: command.span)
  }
}

extension Parser {
  /// An expression with nothing behind it.
  mutating func parseWholeExpression() throws -> Expression {
    lexer.newlineIsBlank = true
    let expression = try parseExpression()
    let token = try lexer.next(.expression)
    guard token.kind == .end else { throw unexpected(token, "the end of the formula") }
    return expression
  }
}

extension Expression {
  /// The names of the variables in it.
  fileprivate var usedNames: Set<String> {
    switch kind {
    case .number, .boolean, .word, .command: []
    case .variable(let name): [name]
    case .text(let parts):
      parts.reduce(into: []) { names, part in
        if case .interpolation(let inner, _) = part { names.formUnion(inner.usedNames) }
      }
    case .list(let elements): elements.reduce(into: []) { $0.formUnion($1.usedNames) }
    case .call(let call): call.arguments.reduce(into: []) { $0.formUnion($1.value.usedNames) }
    case .field(let base, _): base.usedNames
    case .unary(_, let operand): operand.usedNames
    case .index(let left, let right), .range(let left, let right), .binary(_, let left, let right):
      left.usedNames.union(right.usedNames)
    }
  }
}
