import GFNParameters

extension Value {
  /// The value as an expression, as it stands behind `let x =`: a word would be a command there. Nil
  /// where no literal gives it.
  var expressionLiteral: String? {
    switch self {
    case .text(let text): quoted(text)
    case .number(_, let source?) where source.hasPrefix("+"): String(source.dropFirst())
    case .range(let low, let high): "(\(low))..(\(high))"
    default: literal
    }
  }
}
