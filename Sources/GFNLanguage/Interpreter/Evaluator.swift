import GFNParameters
import OrderedCollections

/// What an expression may refer to.
protocol EvaluationContext {
  func value(of name: String, at span: Span) throws -> Value
  /// A function that depends on more than its arguments, or a `def`.
  func call(_ call: FunctionCall, at span: Span) throws -> Value
  func runForValue(_ command: CommandCall) throws -> Value
}

/// Evaluates expressions. Each kind has its own method, which is not inlined: that keeps the stack
/// frames of deep recursions small.
struct Evaluator<Context: EvaluationContext> {
  let context: Context

  /// Beyond this a text, a list or a nesting of lists is an error instead of a lack of memory.
  static var textLimit: Int { 16_000_000 }

  func evaluate(_ expression: Expression) throws -> Value {
    switch expression.kind {
    case .number(let number, let source): .number(number, source: source)
    case .boolean(let flag): .boolean(flag)
    case .word(let word): .text(word)
    case .text(let parts): try text(parts, expression.span)
    case .variable(let name): try context.value(of: name, at: expression.span)
    case .list(let elements): try list(elements, expression.span)
    case .call(let call): try self.call(call, expression.span)
    case .command(let command): try context.runForValue(command)
    case .field(let base, let name): try field(base, name)
    case .index(let base, let index): try element(base, index)
    case .range(let low, let high): try range(low, high)
    case .unary(let operation, let operand): try unary(operation, operand)
    case .binary(let operation, let left, let right):
      try binary(operation, left, right, expression.span)
    }
  }

  func isTrue(_ expression: Expression) throws -> Bool {
    try Arithmetic.truth(evaluate(expression), at: expression.span)
  }

  @inline(never)
  private func field(_ base: Expression, _ name: Name) throws -> Value {
    try evaluate(base).field(name)
  }

  @inline(never)
  private func element(_ base: Expression, _ index: Expression) throws -> Value {
    try evaluate(base).element(at: evaluate(index), index.span)
  }

  @inline(never)
  private func unary(_ operation: UnaryOperator, _ operand: Expression) throws -> Value {
    switch operation {
    case .minus: try Arithmetic.negated(evaluate(operand), at: operand.span)
    case .not: .boolean(try !isTrue(operand))
    }
  }

  @inline(never)
  private func binary(
    _ operation: FormulaOperator, _ left: Expression, _ right: Expression, _ span: Span
  ) throws -> Value {
    switch operation {
    case .and: .boolean(try isTrue(left) && isTrue(right))
    case .or: .boolean(try isTrue(left) || isTrue(right))
    default: try Arithmetic.apply(operation, evaluate(left), evaluate(right), at: span)
    }
  }

  @inline(never)
  private func range(_ low: Expression, _ high: Expression) throws -> Value {
    .range(try integer(low), try integer(high))
  }

  private func integer(_ expression: Expression) throws -> Int {
    let value = try evaluate(expression)
    guard case .number(let number, _) = value, abs(number) <= 0x1p53,
      let integer = Int(exactly: number)
    else {
      throw CommandError(
        .typeMismatch("the end of a range is an integer, not \(value.shownInErrors)"),
        at: expression.span)
    }
    return integer
  }

  @inline(never)
  private func list(_ elements: [Expression], _ span: Span) throws -> Value {
    let values = try elements.map(evaluate)
    var budget = Functions.listLimit
    for value in values {
      guard value.fits(depth: Parser.nestingLimit, budget: &budget) else {
        throw CommandError(.valueTooLarge("list"), at: span)
      }
    }
    return .list(values)
  }

  @inline(never)
  private func text(_ parts: [TextPart], _ span: Span) throws -> Value {
    var result = ""
    for part in parts {
      switch part {
      case .literal(let text): result += text
      case .interpolation(let expression, let format):
        result += try interpolated(expression, format)
      }
      guard result.utf8.count <= Self.textLimit else {
        throw CommandError(.valueTooLarge("text"), at: span)
      }
    }
    return .text(result)
  }

  private func interpolated(_ expression: Expression, _ format: NumberFormat?) throws -> String {
    let value = try evaluate(expression)
    guard let format else { return value.displayText }
    guard case .number(let number, _) = value else {
      throw CommandError(
        .typeMismatch("a format needs a number, not \(value.shownInErrors)"), at: expression.span)
    }
    return format.string(number)
  }

  @inline(never)
  private func call(_ call: FunctionCall, _ span: Span) throws -> Value {
    guard Functions.arity(of: call.name.text) != nil, call.name.text != "exists" else {
      return try context.call(call, at: span)
    }
    if call.name.text == "if" {
      // Only what is chosen is looked at.
      return try evaluate(call.arguments[isTrue(call.arguments[0].value) ? 1 : 2].value)
    }
    let arguments = try call.arguments.map { try evaluate($0.value) }
    return try Functions.apply(call.name.text, arguments, at: span)
  }
}

extension Value {
  /// Lists may nest only so deep and hold only so much, also where they share their elements.
  func fits(depth: Int, budget: inout Int) -> Bool {
    budget -= 1
    guard budget > 0, depth > 0 else { return false }
    switch self {
    case .list(let elements):
      for element in elements where !element.fits(depth: depth - 1, budget: &budget) {
        return false
      }
      return true
    case .record(let record):
      return record.fields.values.allSatisfy { $0.fits(depth: depth - 1, budget: &budget) }
    default: return true
    }
  }
}
