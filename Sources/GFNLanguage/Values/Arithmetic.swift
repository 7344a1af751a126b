import GFNParameters
import OrderedCollections

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The operators on values. Arithmetic on lists of numbers works element by element.
enum Arithmetic {
  static func apply(
    _ operation: FormulaOperator, _ left: Value, _ right: Value, at span: Span
  ) throws -> Value {
    if case .number(let left, _) = left, case .number(let right, _) = right {
      return try apply(operation, left, right, at: span)
    }
    switch operation {
    case .equal: return .boolean(equal(left, right))
    case .unequal: return .boolean(!equal(left, right))
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard case .text(let left) = left, case .text(let right) = right else {
        throw mismatch(operation, left, right, span)
      }
      return .boolean(ordered(operation, left, right))
    case .and, .or:
      let (first, second) = (try truth(left, at: span), try truth(right, at: span))
      return .boolean(operation == .and ? first && second : first || second)
    default: return try elementwise(operation, left, right, at: span)
    }
  }

  private static func apply(
    _ operation: FormulaOperator, _ left: Double, _ right: Double, at span: Span
  ) throws -> Value {
    switch operation {
    case .plus: return .number(left + right)
    case .minus: return .number(left - right)
    case .times: return .number(left * right)
    case .power: return .number(pow(left, right))
    case .divide, .floorDivide, .modulo:
      guard right != 0 else { throw CommandError(.divisionByZero, at: span) }
      if operation == .divide { return .number(left / right) }
      if operation == .floorDivide { return .number((left / right).rounded(.down)) }
      let remainder = fmod(left, right)
      return .number(
        remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder)
    case .equal: return .boolean(left == right)
    case .unequal: return .boolean(left != right)
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      return .boolean(ordered(operation, left, right))
    case .and, .or:
      throw mismatch(operation, .number(left), .number(right), span)
    }
  }

  private static func ordered<Operand: Comparable>(
    _ operation: FormulaOperator, _ left: Operand, _ right: Operand
  ) -> Bool {
    switch operation {
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    default: left >= right
    }
  }

  private static func elementwise(
    _ operation: FormulaOperator, _ left: Value, _ right: Value, at span: Span
  ) throws -> Value {
    switch (left, right) {
    case (.list(let left), .number):
      return .list(try left.map { try apply(operation, $0, right, at: span) })
    case (.number, .list(let right)):
      return .list(try right.map { try apply(operation, left, $0, at: span) })
    case (.list(let first), .list(let second)) where first.count == second.count:
      return .list(try zip(first, second).map { try apply(operation, $0, $1, at: span) })
    case (.list(let first), .list(let second)):
      throw CommandError(
        .typeMismatch(
          "'\(operation.rawValue)' needs lists of one length, not \(first.count) and "
            + "\(second.count)"), at: span)
    default: throw mismatch(operation, left, right, span)
    }
  }

  static func negated(_ value: Value, at span: Span) throws -> Value {
    switch value {
    case .number(let number, _): return .number(-number)
    case .list(let elements): return .list(try elements.map { try negated($0, at: span) })
    default:
      throw CommandError(
        .typeMismatch("'-' needs a number, not \(value.shownInErrors)"), at: span)
    }
  }

  static func truth(_ value: Value, at span: Span) throws -> Bool {
    guard case .boolean(let flag) = value else {
      throw CommandError(
        .typeMismatch("a condition is true or false, not \(value.shownInErrors)"), at: span)
    }
    return flag
  }

  /// Equality of any two values; values of different kinds differ.
  static func equal(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.none, .none): true
    case (.boolean(let left), .boolean(let right)): left == right
    case (.number(let left, _), .number(let right, _)): left == right
    case (.text(let left), .text(let right)): left == right
    case (.record(let left), .record(let right)):
      left.fields.count == right.fields.count
        && left.fields.allSatisfy { key, value in
          right.fields[key].map { equal(value, $0) } ?? false
        }
    case (.range(let low, let high), .range(let otherLow, let otherHigh)):
      low == otherLow && high == otherHigh
    default: equalElements(left, right)
    }
  }

  private static func equalElements(_ left: Value, _ right: Value) -> Bool {
    guard let count = left.elementCount, count == right.elementCount else { return false }
    return (0..<count).allSatisfy { equal(left.element($0), right.element($0)) }
  }

  private static func mismatch(
    _ operation: FormulaOperator, _ left: Value, _ right: Value, _ span: Span
  ) -> CommandError {
    if case .and = operation { return condition(left, right, span) }
    if case .or = operation { return condition(left, right, span) }
    for case .range in [left, right] {
      return CommandError(
        .typeMismatch(
          "'\(operation.rawValue)' does not work on a range; "
            + "the ends of a range need parentheses: 0..($n - 1)"), at: span)
    }
    return CommandError(
      .typeMismatch(
        "'\(operation.rawValue)' does not work on \(left.shownInErrors) "
          + "and \(right.shownInErrors)"), at: span)
  }

  private static func condition(_ left: Value, _ right: Value, _ span: Span) -> CommandError {
    var shown = right
    if case .boolean = right { shown = left }
    return CommandError(
      .typeMismatch("a condition is true or false, not \(shown.shownInErrors)"), at: span)
  }
}
