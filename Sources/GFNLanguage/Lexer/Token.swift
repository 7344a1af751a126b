import GFNParameters

/// The smallest pieces of a script.
struct Token {
  enum Kind: Equatable {
    /// An unquoted text in the position of a command or an argument.
    case word
    /// An identifier in an expression.
    case name
    case number
    /// `$` and an identifier.
    case variable
    /// The quote that opens a string; the parser reads on behind it.
    case quote
    case symbol(Symbol)
    case newline
    case end
  }

  enum Symbol: String, CaseIterable {
    case openParenthesis = "("
    case closeParenthesis = ")"
    case openBracket = "["
    case closeBracket = "]"
    case openBrace = "{"
    case closeBrace = "}"
    case comma = ","
    case semicolon = ";"
    case colon = ":"
    case question = "?"
    case set = "="
    case setDefault = "?="
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divide = "/"
    case floorDivide = "//"
    case modulo = "%"
    case power = "^"
    case dot = "."
    case range = ".."
    case arrow = "->"

    /// By their one or two characters, the last one in the low byte.
    static let symbols: [UInt16: Symbol] = Dictionary(
      uniqueKeysWithValues: allCases.map { symbol in
        (symbol.rawValue.utf8.reduce(0) { $0 << 8 | UInt16($1) }, symbol)
      })

    /// The operator that it is in an expression.
    var binaryOperator: FormulaOperator? { FormulaOperator(rawValue: rawValue) }
  }

  var kind: Kind
  var span: Span
  /// A blank, a comment or the start of the source stands before it.
  var followsBlank: Bool

  var text: String { span.text }

  func isSymbol(_ symbol: Symbol) -> Bool { kind == .symbol(symbol) }

  /// How an error names it.
  var description: String {
    switch kind {
    case .newline: "the end of the line"
    case .end: "the end"
    case .quote: "a string"
    default: "'\(text)'"
    }
  }
}
