import GFNParameters

/// An expression, or an argument of a command. A class, as a reference keeps the stack frames of the
/// evaluator small.
final class Expression: Sendable {
  let kind: Kind
  let span: Span
  /// The longest way down to a leaf; the parser bounds it, so that recursion is safe.
  let height: Int

  init(kind: Kind, span: Span, height: Int) {
    self.kind = kind
    self.span = span
    self.height = height
  }

  enum Kind: Sendable {
    /// With its text as typed.
    case number(Double, String)
    case boolean(Bool)
    /// An unquoted text: only as an argument or as an element of a list.
    case word(String)
    case text([TextPart])
    case variable(String)
    case list([Expression])
    case call(FunctionCall)
    case command(CommandCall)
    case field(Expression, Name)
    case index(Expression, Expression)
    case range(Expression, Expression)
    case unary(UnaryOperator, Expression)
    case binary(FormulaOperator, Expression, Expression)
  }
}

/// A stretch of a string, or an expression in it.
enum TextPart: Sendable {
  case literal(String)
  case interpolation(Expression, NumberFormat?)
}

/// A function, or a `def` called for its value.
final class FunctionCall: Sendable {
  let name: Name
  let arguments: [Argument]
  /// `for NAME in LOW..HIGH` behind the only argument; in formulas alone.
  let loop: FormulaLoop?

  init(name: Name, arguments: [Argument], loop: FormulaLoop? = nil) {
    self.name = name
    self.arguments = arguments
    self.loop = loop
  }
}

struct FormulaLoop: Sendable {
  var name: Name
  var low: Expression
  var high: Expression
}

enum UnaryOperator: String, Sendable {
  case minus = "-"
  case not
}

extension UnaryOperator {
  /// The least precedence of the operators in its operand.
  var operandPrecedence: Int {
    switch self {
    case .not: 3
    case .minus: 7
    }
  }
}

extension Expression {
  /// The value of a literal, or nil where it is known only when it runs.
  var literalValue: Value? {
    switch kind {
    case .number(let number, let source): .number(number, source: source)
    case .boolean(let flag): .boolean(flag)
    case .word(let word): .text(word)
    case .text(let parts): Self.literalText(parts).map(Value.text)
    case .list(let elements): Self.literalList(elements).map(Value.list)
    case .range(let low, let high):
      if case .number(let low, _) = low.kind, case .number(let high, _) = high.kind,
        let low = Int(exactly: low), let high = Int(exactly: high)
      {
        .range(low, high)
      } else {
        nil
      }
    default: nil
    }
  }

  private static func literalText(_ parts: [TextPart]) -> String? {
    var result = ""
    for part in parts {
      guard case .literal(let text) = part else { return nil }
      result += text
    }
    return result
  }

  private static func literalList(_ elements: [Expression]) -> [Value]? {
    var values: [Value] = []
    for element in elements {
      guard let value = element.literalValue else { return nil }
      values.append(value)
    }
    return values
  }
}
