package import GFNParameters

/// The arguments of a command, checked against its declaration.
///
/// What was not given is nil, but where the declared default is asked for: `integer(orDefault:)`.
package struct Arguments: Sendable {
  /// The name as typed, which may be an alias.
  package let command: String
  /// The word that chose among the command's variants, in its declared spelling.
  package let variant: String?
  /// The whole command.
  package let span: Span
  let bound: [String: BoundValue]
  /// The parameters of the command.
  let declared: [Parameter]
  /// What formulas may call.
  var functions = FormulaFunctions.none
  /// Given, but not declared, in the order given: of a command that takes any option.
  var undeclared: [String] = []

  /// Where an argument stands; the command itself where it was not given.
  package func span(of name: String) -> Span { bound[name]?.span ?? span }

  /// Where the argument stands that names this file; the command itself where none does.
  package func span(ofFile path: String) -> Span {
    bound.values.first { if case .text(path) = $0.value { true } else { false } }?.span ?? span
  }

  /// How many were given.
  package var count: Int { bound.count }

  /// Every one that was given has a value already.
  package var areKnown: Bool {
    bound.values.allSatisfy { if case .none = $0.value { false } else { true } }
  }

  package func has(_ name: String) -> Bool { bound[name] != nil }

  package func value(_ name: String) -> Value? { bound[name]?.value }

  package func integer(_ name: String) -> Int? {
    number(name).flatMap { Int(exactly: $0) }
  }

  package func number(_ name: String) -> Double? {
    guard case .number(let number, _)? = value(name) else { return nil }
    return number
  }

  package func integer(orDefault name: String) -> Int {
    integer(name) ?? declared.defaultInteger(name)
  }

  package func numbers(orDefault name: String) -> [Double] {
    numbers(name) ?? declared.defaultNumbers(name)
  }

  package func word(orDefault name: String) -> String {
    word(name) ?? declared.defaultWord(name)
  }

  package func boolean(_ name: String) -> Bool? {
    guard case .boolean(let flag)? = value(name) else { return nil }
    return flag
  }

  package func text(_ name: String) -> String? {
    guard case .text(let text)? = value(name) else { return nil }
    return text
  }

  /// The word of an enumeration in its declared spelling; nil where another kind of an `either`
  /// was given.
  package func word(_ name: String) -> String? {
    bound[name]?.isChoice == true ? text(name) : nil
  }

  /// A file name as typed; `Session.files` resolves it.
  package func path(_ name: String) -> String? { text(name) }

  package func formula(_ name: String) -> Formula? { bound[name]?.formula }

  /// The elements of a list, each fitted to the kind of the elements.
  package func list(_ name: String) -> [Value]? {
    guard case .list(let elements)? = value(name) else { return nil }
    return elements
  }

  /// The elements of a list of words or texts.
  package func texts(_ name: String) -> [String]? {
    list(name)?.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

  /// The elements of a list of numbers.
  package func numbers(_ name: String) -> [Double]? {
    list(name)?.compactMap { if case .number(let number, _) = $0 { number } else { nil } }
  }

  /// The elements of a list of integers.
  package func integers(_ name: String) -> [Int]? {
    numbers(name)?.compactMap { Int(exactly: $0) }
  }

  package func state(_ name: String) -> StateArgument? {
    guard let bound = bound[name] else { return nil }
    return StateArgument(bound.value, at: bound.span)
  }

  /// An error that points at an argument, or at the command where it was not given.
  package func error(
    _ code: String, _ message: String, fix: String? = nil, at name: String? = nil
  ) -> CommandError {
    CommandError(code, message, fix: fix, at: name.map(span(of:)) ?? span)
  }
}

extension Arguments {
  /// An argument fitted to another parameter of its name, which may take less than its own.
  /// - Returns: nil where it was not given.
  /// - Throws: `CommandError` that points at the argument.
  package func fitted(to parameter: Parameter) throws -> (value: Value, formula: Formula?)? {
    guard let given = value(parameter.name) else { return nil }
    let bound = try Conversion(
      parameter: parameter, span: span(of: parameter.name), functions: functions
    ).convert(given)
    return (bound.value, bound.formula)
  }
}

/// A state as it was typed: the environment gives it its meaning.
package struct StateArgument: Sendable {
  package enum Form: Sendable {
    /// `[3, 5]` or `(3, 5)`.
    case list([Value])
    /// A word, a text, or a number as it was typed: `00000` stays `00000`.
    case word(String)
  }

  package let form: Form
  /// As it would be typed.
  package let source: String
  package let span: Span

  package init(_ value: Value, at span: Span) {
    self.span = span
    source = value.literal ?? value.displayText
    if case .list(let elements) = value {
      form = .list(elements)
    } else {
      form = .word(value.displayText)
    }
  }

  /// The elements of a list as integers, or nil where it is none of integers.
  package var integers: [Int]? {
    guard case .list(let elements) = form else { return nil }
    var integers: [Int] = []
    for case .number(let number, _) in elements {
      guard let integer = Int(exactly: number) else { return nil }
      integers.append(integer)
    }
    return integers.count == elements.count ? integers : nil
  }
}
