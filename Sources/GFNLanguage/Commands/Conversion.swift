package import GFNParameters

/// A value that has been found to fit its parameter.
struct BoundValue {
  var value: Value
  /// The value is one of the words of an enumeration, in its declared spelling.
  var isChoice = false
  var formula: Formula?
  var span: Span
}

/// Fits values to the kinds of parameters.
struct Conversion {
  let parameter: Parameter
  let span: Span
  /// What formulas may call.
  var functions = FormulaFunctions.none

  /// The longest list that a range becomes as an argument.
  private static let listLimit = 1_000_000

  /// - Throws: `CommandError` that points at the argument.
  func convert(_ value: Value) throws -> BoundValue { try convert(value, to: parameter.kind) }

  private func convert(_ value: Value, to kind: ParameterKind) throws -> BoundValue {
    switch kind {
    case .integer(let range): bound(try integer(value, in: range))
    case .number(let range): bound(try number(value, in: range))
    case .boolean: bound(try boolean(value))
    case .text, .path, .snapshot: bound(try text(value))
    case .enumeration(let choices): try choice(value, of: choices)
    case .state: bound(try state(value))
    case .formula(let variables): try formula(value, over: variables)
    case .list(let element): bound(try list(value, of: element))
    case .either(let kinds): try either(value, of: kinds)
    case .any: bound(value)
    }
  }

  private func bound(_ value: Value) -> BoundValue { BoundValue(value: value, span: span) }

  private func mismatch(_ value: Value, _ kind: ParameterKind) -> CommandError {
    CommandError(
      .wrongType(
        parameter: parameter.name, expected: kind.description, found: value.shownInErrors),
      at: span)
  }

  private func integer(_ value: Value, in range: ClosedRange<Int>) throws -> Value {
    guard case .number(let number, _) = value, number.isFinite, number == number.rounded() else {
      throw mismatch(value, .integer(range))
    }
    guard let integer = Int(exactly: number), range.contains(integer) else {
      throw outOfRange(value, ParameterKind.describe(range))
    }
    return value
  }

  private func number(_ value: Value, in range: NumberRange) throws -> Value {
    guard case .number(let number, _) = value else { throw mismatch(value, .number(range)) }
    guard number.isFinite, range.contains(number) else {
      throw outOfRange(value, ParameterKind.describe(range))
    }
    return value
  }

  private func outOfRange(_ value: Value, _ range: String) -> CommandError {
    CommandError(
      .outOfRange(parameter: parameter.name, value: value.displayText, range: range), at: span)
  }

  private func boolean(_ value: Value) throws -> Value {
    guard case .boolean = value else { throw mismatch(value, .boolean) }
    return value
  }

  /// A number that was typed is taken as its text: `snapshot 1`.
  private func text(_ value: Value) throws -> Value {
    switch value {
    case .text: return value
    case .number(let number, let source): return .text(source ?? formatted(number))
    case .boolean(let flag): return .text("\(flag)")
    default: throw mismatch(value, .text)
    }
  }

  private func choice(_ value: Value, of choices: [Choice]) throws -> BoundValue {
    guard case .text(let word) = try? text(value) else {
      throw mismatch(value, .enumeration(choices))
    }
    guard let choice = choices.first(where: { $0.word.lowercased() == word.lowercased() }) else {
      throw CommandError(
        .unknownWord(word, parameter: parameter.name, known: choices.map(\.word)), at: span)
    }
    return BoundValue(value: .text(choice.word), isChoice: true, span: span)
  }

  private func state(_ value: Value) throws -> Value {
    switch value {
    case .number, .text, .list: return value
    case .range: return try list(value, of: .any)
    default: throw mismatch(value, .state)
    }
  }

  private func formula(_ value: Value, over variables: [String]) throws -> BoundValue {
    guard case .text(let text) = try? text(value) else {
      throw mismatch(value, .formula(variables: variables))
    }
    let formula = try Formula(text, variables: variables, functions, at: span)
    return BoundValue(value: .text(text), formula: formula, span: span)
  }

  /// A single value counts as a list of one.
  private func list(_ value: Value, of element: ParameterKind) throws -> Value {
    if case .text = value { return .list([try convert(value, to: element).value]) }
    guard let count = value.elementCount else {
      return .list([try convert(value, to: element).value])
    }
    guard count <= Self.listLimit else { throw CommandError(.valueTooLarge("list"), at: span) }
    return .list(try (0..<count).map { try convert(value.element($0), to: element).value })
  }

  /// The first kind that fits. Where none does, a word that is no choice and no formula is told
  /// the words; a value of the wrong kind, the kinds.
  private func either(_ value: Value, of kinds: [ParameterKind]) throws -> BoundValue {
    var errors: [CommandError] = []
    for kind in kinds {
      do {
        return try convert(value, to: kind)
      } catch let error as CommandError {
        errors.append(error)
      }
    }
    let telling = errors.first { error in
      if case .wrongType = error.kind { return false }
      if case .unknownWord(let word, _, let known) = error.kind {
        return errors.count == 1 || Suggestion.nearest(to: word, in: known) != nil
      }
      return true
    }
    throw telling ?? mismatch(value, parameter.kind)
  }
}

extension ParameterKind {
  /// What it takes, as a noun with its article.
  package var description: String {
    switch self {
    case .integer: return "an integer"
    case .number: return "a number"
    case .boolean: return "true or false"
    case .text: return "a text"
    case .enumeration(let choices):
      return choices.count == 1
        ? choices[0].word : "one of " + choices.map(\.word).joined(separator: ", ")
    case .path: return "a file name"
    case .state: return "a state"
    case .formula(let variables):
      return "a formula of " + variables.joined(separator: ", ")
    case .list(let element): return "a list, each element \(element.description)"
    case .either(let kinds): return kinds.map(\.description).joined(separator: " or ")
    case .any: return "a value"
    case .snapshot: return "the name of a snapshot"
    }
  }

  /// A range of integers in words.
  static func describe(_ range: ClosedRange<Int>) -> String {
    if range.upperBound == .max { return "at least \(range.lowerBound)" }
    if range.lowerBound == .min { return "at most \(range.upperBound)" }
    return "from \(range.lowerBound) to \(range.upperBound)"
  }

  /// A range of numbers in words.
  static func describe(_ range: NumberRange) -> String {
    let low = formatted(range.lower)
    let high = formatted(range.upper)
    let above = range.excludesLower ? "greater than \(low)" : "at least \(low)"
    let below = range.excludesUpper ? "less than \(high)" : "at most \(high)"
    switch (range.lower.isFinite, range.upper.isFinite) {
    case (false, false): return "finite"
    case (true, false): return above
    case (false, true): return below
    case (true, true):
      return range.excludesLower || range.excludesUpper
        ? "\(above) and \(below)" : "from \(low) to \(high)"
    }
  }
}
