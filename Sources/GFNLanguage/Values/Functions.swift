import GFNParameters
import OrderedCollections

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The functions of the language. All but `exists` depend on their arguments alone.
enum Functions {
  /// In the order in which help lists them.
  static let names = formulaNames + ["range", "keys", "exists"]
  static let formulaNames = [
    "abs", "exp", "log", "sqrt", "min", "max", "sum", "prod", "mean", "std", "len", "round",
    "floor",
    "near", "count", "all", "any", "if",
  ]
  /// In formulas these also go over a range: `sum(F for i in A..B)`.
  static let looping = ["sum", "prod", "all", "any", "min", "max"]
  /// The longest list that `range` makes.
  static let listLimit = 10_000_000

  /// How many arguments a function takes.
  static func arity(of name: String) -> ClosedRange<Int>? {
    switch name {
    case "abs", "exp", "log", "sqrt", "len", "floor", "keys", "exists": 1...1
    case "round": 1...2
    case "range": 1...3
    case "near", "if": 3...3
    case "count": 2...2
    case "min", "max", "sum", "prod", "mean", "std", "all", "any": 1...Int.max
    default: nil
    }
  }

  static func checkArity(of call: FunctionCall) throws {
    guard let arity = arity(of: call.name.text) else { return }
    for argument in call.arguments {
      if let name = argument.name {
        throw CommandError(
          .unknownOption(name.text, command: call.name.text, known: []), at: name.span)
      }
    }
    guard !arity.contains(call.arguments.count) else { return }
    let limit =
      arity.upperBound == .max
      ? "at least \(arity.lowerBound) argument"
      : arity.lowerBound == arity.upperBound
        ? "\(arity.lowerBound) argument\(arity.lowerBound == 1 ? "" : "s")"
        : "\(arity.lowerBound) to \(arity.upperBound) arguments"
    throw CommandError(
      .wrongArgumentCount(
        function: call.name.text, expected: limit, found: call.arguments.count),
      at: call.name.span)
  }

  /// A function of numbers and lists; the number of arguments has been checked.
  static func apply(_ name: String, _ arguments: [Value], at span: Span) throws -> Value {
    guard let first = arguments.first else {
      throw CommandError(
        .wrongArgumentCount(function: name, expected: "an argument", found: 0), at: span)
    }
    switch name {
    case "abs": return try each(first, name, span) { abs($0) }
    case "exp": return try each(first, name, span) { exp($0) }
    case "log": return try each(first, name, span) { log($0) }
    case "sqrt": return try each(first, name, span) { $0.squareRoot() }
    case "floor": return try each(first, name, span) { $0.rounded(.down) }
    case "round": return try rounded(arguments, span)
    case "min", "max", "sum", "prod", "mean", "std":
      return try reduced(name, try numbers(arguments, name, span), span)
    case "near":
      let values = try arguments.map { try number($0, name, span) }
      return .boolean(abs(values[0] - values[1]) <= values[2])
    case "len": return try length(first, span)
    case "count": return try count(arguments, span)
    case "all": return .boolean(try conditions(arguments, span).allSatisfy(\.self))
    case "any": return .boolean(try conditions(arguments, span).contains(true))
    case "range": return try range(arguments, span)
    case "keys": return try keys(first, span)
    default:
      throw CommandError(
        .unknownFunction(name, suggestion: Suggestion.nearest(to: name, in: names)), at: span)
    }
  }

  private static func reduced(_ name: String, _ numbers: [Double], _ span: Span) throws -> Value {
    if name == "sum" { return .number(numbers.reduce(0, +)) }
    if name == "prod" { return .number(numbers.reduce(1, *)) }
    guard let first = numbers.first, name != "std" || numbers.count > 1 else {
      let least = name == "std" ? "2 numbers" : "a number"
      throw CommandError(
        .wrongArgumentCount(function: name, expected: "at least \(least)", found: numbers.count),
        at: span)
    }
    if name == "min" { return .number(numbers.reduce(first) { $1.isNaN || $1 < $0 ? $1 : $0 }) }
    if name == "max" { return .number(numbers.reduce(first) { $1.isNaN || $1 > $0 ? $1 : $0 }) }
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    if name == "mean" { return .number(mean) }
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return .number((squares / Double(numbers.count - 1)).squareRoot())
  }

  private static func rounded(_ arguments: [Value], _ span: Span) throws -> Value {
    guard arguments.count == 2 else {
      return try each(arguments[0], "round", span) { $0.rounded() }
    }
    let digits = try number(arguments[1], "round", span)
    guard digits == digits.rounded(), digits >= 0, digits <= 15 else {
      throw CommandError(
        .outOfRange(parameter: "digits", value: formatted(digits), range: "from 0 to 15"),
        at: span)
    }
    // By way of decimal text, as multiplying would round twice.
    let format = NumberFormat.fixed(Int(digits))
    return try each(arguments[0], "round", span) { Double(format.string($0)) ?? $0 }
  }

  /// How many elements of a list are this value.
  private static func count(_ arguments: [Value], _ span: Span) throws -> Value {
    guard let count = arguments[0].elementCount else {
      throw CommandError(
        .typeMismatch("'count' needs a list, not \(arguments[0].shownInErrors)"), at: span)
    }
    return .number(
      Double((0..<count).count { Arithmetic.equal(arguments[0].element($0), arguments[1]) }))
  }

  /// Several conditions, or one list of them.
  private static func conditions(_ arguments: [Value], _ span: Span) throws -> [Bool] {
    guard arguments.count == 1, let count = arguments[0].elementCount else {
      return try arguments.map { try Arithmetic.truth($0, at: span) }
    }
    return try (0..<count).map { try Arithmetic.truth(arguments[0].element($0), at: span) }
  }

  private static func length(_ value: Value, _ span: Span) throws -> Value {
    if case .text(let text) = value { return .number(Double(text.count)) }
    if case .record(let record) = value { return .number(Double(record.fields.count)) }
    guard let count = value.elementCount else {
      throw CommandError(.typeMismatch("\(value.kindDescription) has no length"), at: span)
    }
    return .number(Double(count))
  }

  /// `range(n)` is 0 … n−1; `range(a, b)` and `range(a, b, step)` stop before b.
  private static func range(_ arguments: [Value], _ span: Span) throws -> Value {
    let values = try arguments.map { try number($0, "range", span) }
    let start = values.count > 1 ? values[0] : 0
    let end = values.count > 1 ? values[1] : values[0]
    let step = values.count > 2 ? values[2] : 1
    guard step != 0 else { throw CommandError(.divisionByZero, at: span) }
    let count = max(0, ((end - start) / step).rounded(.up))
    guard count <= Double(listLimit) else { throw CommandError(.valueTooLarge("list"), at: span) }
    return .list((0..<Int(count)).map { .number(start + Double($0) * step) })
  }

  private static func keys(_ value: Value, _ span: Span) throws -> Value {
    switch value {
    case .record(let record): return .list(record.fields.keys.map { .text($0) })
    case .table(let table):
      return .list((table.columns.map(\.name) + table.fields.keys).map { .text($0) })
    default:
      throw CommandError(.typeMismatch("\(value.kindDescription) has no fields"), at: span)
    }
  }

  // MARK: - Arguments

  private static func each(
    _ value: Value, _ name: String, _ span: Span, _ body: (Double) -> Double
  ) throws -> Value {
    switch value {
    case .list(let elements):
      return .list(try elements.map { .number(body(try number($0, name, span))) })
    default: return .number(body(try number(value, name, span)))
    }
  }

  private static func number(_ value: Value, _ name: String, _ span: Span) throws -> Double {
    guard case .number(let number, _) = value else {
      throw CommandError(
        .typeMismatch("'\(name)' needs numbers, not \(value.shownInErrors)"), at: span)
    }
    return number
  }

  /// Several numbers, or one list or range of numbers.
  private static func numbers(
    _ arguments: [Value], _ name: String, _ span: Span
  ) throws -> [Double] {
    guard arguments.count == 1, let count = arguments[0].elementCount else {
      return try arguments.map { try number($0, name, span) }
    }
    guard count <= listLimit else { throw CommandError(.valueTooLarge("list"), at: span) }
    return try (0..<count).map { try number(arguments[0].element($0), name, span) }
  }
}
