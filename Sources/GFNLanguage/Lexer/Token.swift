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

  enum Symbol: String {
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
