/// What holds where an argument is not given: a value, which whoever takes the argument reads from the
/// declaration, or the description of one that depends on something else.
package enum ParameterDefault: Sendable {
  case number(Double)
  case boolean(Bool)
  case word(String)
  case numbers([Double])
  /// For a reader only: `"r0; 0 on bayesnet"`.
  case described(String)

  /// As it would be typed, or as it is described.
  package var text: String {
    switch self {
    case .number(let number): formatted(number)
    case .boolean(let flag): "\(flag)"
    case .word(let word): word
    case .numbers(let numbers): "[" + numbers.map(formatted).joined(separator: ", ") + "]"
    case .described(let text): text
    }
  }
}

extension ParameterDefault: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral
{
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(integerLiteral value: Int) { self = .number(Double(value)) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(stringLiteral value: String) { self = .word(value) }
  package init(arrayLiteral elements: Double...) { self = .numbers(elements) }
}

/// The declared defaults by name.
///
/// Asking for one that is not declared, or not of this type, is a mistake of the program.
extension [Parameter] {
  package func defaultNumber(_ name: String) -> Double {
    guard case .number(let number)? = standard(name) else { missing(name, "number") }
    return number
  }

  package func defaultInteger(_ name: String) -> Int {
    guard let integer = Int(exactly: defaultNumber(name)) else { missing(name, "integer") }
    return integer
  }

  package func defaultBoolean(_ name: String) -> Bool {
    guard case .boolean(let flag)? = standard(name) else { missing(name, "boolean") }
    return flag
  }

  package func defaultWord(_ name: String) -> String {
    guard case .word(let word)? = standard(name) else { missing(name, "word") }
    return word
  }

  package func defaultNumbers(_ name: String) -> [Double] {
    guard case .numbers(let numbers)? = standard(name) else { missing(name, "list of numbers") }
    return numbers
  }

  private func standard(_ name: String) -> ParameterDefault? {
    first { $0.name == name }?.standard
  }

  private func missing(_ name: String, _ kind: String) -> Never {
    preconditionFailure("'\(name)' is declared without a \(kind) as its default")
  }
}
