import GFNParameters

extension Parser {
  /// Bounds the recursion over a tree that grows without nesting: `1 + 1 + 1 …`.
  static let heightLimit = 1_000

  /// An expression node whose height is checked.
  func make(_ kind: Expression.Kind, _ span: Span) throws -> Expression {
    let height = 1 + kind.childHeight
    guard height <= Self.heightLimit else { throw CommandError(.nestingTooDeep, at: span) }
    return Expression(kind: kind, span: span, height: height)
  }

  mutating func parseExpression() throws -> Expression {
    try parseExpression(precedence: 0)
  }

  /// Precedence climbing: reads operators that bind at least as tightly as `precedence`.
  private mutating func parseExpression(precedence: Int) throws -> Expression {
    var left = try parseOperand()
    var lastComparison = false
    while let (operation, token, behind) = try peekOperator(),
      operation.precedence >= precedence
    {
      if operation.isComparison, lastComparison {
        throw CommandError(.chainedComparison, at: token.span)
      }
      lastComparison = operation.isComparison
      lexer = behind
      // The power binds to the right, everything else to the left.
      let tighter = operation == .power ? operation.precedence - 1 : operation.precedence + 1
      let right = try nested(at: token.span) { try $0.parseExpression(precedence: tighter) }
      left = try make(.binary(operation, left, right), left.span.joined(with: right.span))
    }
    return left
  }

  private func peekOperator() throws -> (FormulaOperator, Token, Lexer)? {
    var behind = lexer
    let token = try behind.next(.expression)
    switch token.kind {
    case .symbol(let symbol):
      return symbol.binaryOperator.map { ($0, token, behind) }
    case .name:
      return FormulaOperator(rawValue: token.text).map { ($0, token, behind) }
    default: return nil
    }
  }

  private mutating func parseOperand() throws -> Expression {
    let token = try peek(.expression)
    if let range = try parseRangeFromSigned(token) { return range }
    let operation: UnaryOperator? =
      if token.isSymbol(.minus) {
        .minus
      } else if token.kind == .name, token.text == UnaryOperator.not.rawValue {
        .not
      } else {
        nil
      }
    guard let operation else { return try parseAtom(.expression) }
    _ = try lexer.next(.expression)
    let operand = try nested(at: token.span) {
      try $0.parseExpression(precedence: operation.operandPrecedence)
    }
    return try make(.unary(operation, operand), token.span.joined(with: operand.span))
  }

  /// In `-2..2` the sign belongs to the number, as an operator would take the whole range.
  private mutating func parseRangeFromSigned(_ sign: Token) throws -> Expression? {
    guard takesRanges, sign.isSymbol(.minus), try peek(.command).kind == .number else {
      return nil
    }
    var behind = lexer
    let number = try behind.next(.command)
    guard try behind.next(.expression).isSymbol(.range) else { return nil }
    lexer = behind
    let low = try make(.number(try self.number(number), number.text), number.span)
    return try parseRange(from: low, .expression)
  }

  // MARK: - Atoms

  /// An atom with the fields, indices and the range behind it.
  mutating func parseAtom(_ mode: Lexer.Mode) throws -> Expression {
    let atom = try parsePostfix(of: try parsePrimary(mode))
    let next = try peek(.expression)
    guard takesRanges, next.isSymbol(.range), mode == .expression || !next.followsBlank else {
      return atom
    }
    _ = try lexer.next(.expression)
    if mode == .command, try peek(.command).followsBlank {
      throw unexpected(try peek(.command), "the end of the range")
    }
    return try parseRange(from: atom, mode)
  }

  /// Reads the end of a range behind its `..`.
  private mutating func parseRange(
    from low: Expression, _ mode: Lexer.Mode
  ) throws -> Expression {
    let isSigned = try peek(.expression).isSymbol(.minus)
    let high = try parsePostfix(of: try parsePrimary(isSigned ? .command : mode))
    return try make(.range(low, high), low.span.joined(with: high.span))
  }

  private mutating func parsePostfix(of primary: Expression) throws -> Expression {
    var result = primary
    while true {
      let token = try peek(.expression)
      guard !token.followsBlank else { return result }
      if token.isSymbol(.dot) {
        _ = try lexer.next(.expression)
        let name = try parseName("the name of a field")
        result = try make(.field(result, name), result.span.joined(with: name.span))
      } else if token.isSymbol(.openBracket) {
        _ = try lexer.next(.expression)
        let (index, close) = try inBrackets(token, close: .closeBracket) {
          try $0.parseExpression()
        }
        result = try make(.index(result, index), result.span.joined(with: close.span))
      } else {
        return result
      }
    }
  }

  private mutating func parsePrimary(_ mode: Lexer.Mode) throws -> Expression {
    // In the place of an argument a sign belongs to its number; a word can only be a call here.
    let token = try peek(mode).kind == .number ? lexer.next(mode) : lexer.next(.expression)
    switch token.kind {
    case .number: return try make(.number(try number(token), token.text), token.span)
    case .quote: return try parseString(token)
    case .variable:
      if case .formula = names {
        throw CommandError(
          .unexpected(found: "'\(token.text)'", expected: "a bare name"), at: token.span)
      }
      return try make(.variable(String(token.text.dropFirst())), token.span)
    case .symbol(.openParenthesis): return try parseParentheses(token)
    case .symbol(.openBracket): return try parseList(token)
    case .name: return try parseNamed(token)
    default: throw unexpected(token, "a value")
    }
  }

  private func number(_ token: Token) throws -> Double {
    let digits = token.text.filter { $0 != "_" }
    guard let number = Double(digits) else {
      throw CommandError(.malformedNumber(token.text), at: token.span)
    }
    guard number.isFinite else {
      throw CommandError(.numberTooLarge(token.text), at: token.span)
    }
    return number
  }

  private mutating func parseNamed(_ token: Token) throws -> Expression {
    let name = Name(text: token.text, span: token.span)
    switch name.text {
    case "true": return try make(.boolean(true), token.span)
    case "false": return try make(.boolean(false), token.span)
    default: break
    }
    let next = try peek(.expression)
    if next.isSymbol(.openParenthesis), !next.followsBlank {
      return try parseCall(name)
    }
    if case .formula = names {
      return try make(.variable(name.text), token.span)
    }
    // `r.tv` suggests `$r.tv`.
    let whole = try parsePostfix(of: make(.variable(name.text), token.span))
    throw CommandError(.bareName(whole.span.text), at: whole.span)
  }

  private mutating func parseCall(_ name: Name) throws -> Expression {
    let (arguments, loop, close) = try parseCallParts()
    let call = FunctionCall(name: name, arguments: arguments, loop: loop)
    if loop == nil { try Functions.checkArity(of: call) }
    return try make(.call(call), name.span.joined(with: close.span))
  }

  /// What stands between the parentheses of a call.
  mutating func parseCallArguments() throws -> ([Argument], close: Token) {
    let (arguments, _, close) = try parseCallParts()
    return (arguments, close)
  }

  private mutating func parseCallParts() throws -> ([Argument], FormulaLoop?, close: Token) {
    let open = try lexer.next(.expression)
    let (parts, close) = try inBrackets(open, close: .closeParenthesis) { parser in
      let takesRanges = parser.takesRanges
      parser.takesRanges = true
      defer { parser.takesRanges = takesRanges }
      var arguments: [Argument] = []
      var loop: FormulaLoop?
      while try !parser.peek(.expression).isSymbol(.closeParenthesis) {
        arguments.append(try parser.parseCallArgument())
        if arguments.count == 1, arguments[0].name == nil { loop = try parser.parseLoop() }
        guard try loop == nil && parser.take(.comma) != nil else { break }
      }
      return (arguments, loop)
    }
    return (parts.0, parts.1, close)
  }

  /// `for NAME in LOW..HIGH`, where it stands in a formula.
  private mutating func parseLoop() throws -> FormulaLoop? {
    guard case .formula = names else { return nil }
    let token = try peek(.expression)
    guard token.kind == .name, token.text == StatementWord.for.rawValue else { return nil }
    _ = try lexer.next(.expression)
    let name = try parseName("the name of a variable")
    let word = try lexer.next(.expression)
    guard word.kind == .name, word.text == "in" else { throw unexpected(word, "'in'") }
    let (low, high) = try parseBounds()
    return FormulaLoop(name: name, low: low, high: high)
  }

  /// `LOW..HIGH` with an expression on either side.
  mutating func parseBounds() throws -> (low: Expression, high: Expression) {
    let saved = takesRanges
    takesRanges = false
    defer { takesRanges = saved }
    let low = try parseExpression()
    _ = try expect(.range, "'..'")
    return (low, try parseExpression())
  }

  private mutating func parseCallArgument() throws -> Argument {
    var behind = lexer
    let token = try behind.next(.expression)
    if token.kind == .name, try behind.next(.expression).isSymbol(.set) {
      lexer = behind
      let name = Name(text: token.text, span: token.span)
      return Argument(name: name, value: try parseExpression())
    }
    return Argument(name: nil, value: try parseExpression())
  }

  /// A command run for its value, an expression, or a list with round brackets.
  private mutating func parseParentheses(_ open: Token) throws -> Expression {
    let (content, close) = try inBrackets(open, close: .closeParenthesis) {
      parser -> (Expression.Kind, Int) in
      if case .script = parser.names, try parser.startsCommand(parser.peek(.command)) {
        return (.command(try parser.parseCommand(inValue: true)), 1)
      }
      let first = try parser.parseExpression()
      guard try parser.take(.comma) != nil else { return (first.kind, first.height) }
      var elements = [first]
      while try !parser.peek(.expression).isSymbol(.closeParenthesis) {
        elements.append(try parser.parseExpression())
        guard try parser.take(.comma) != nil else { break }
      }
      return (.list(elements), 1)
    }
    return try make(content.0, open.span.joined(with: close.span))
  }
}

extension Expression.Kind {
  fileprivate var childHeight: Int {
    switch self {
    case .number, .boolean, .word, .variable: 0
    case .text(let parts):
      parts.reduce(0) { height, part in
        if case .interpolation(let inner, _) = part { max(height, inner.height) } else { height }
      }
    case .list(let elements): elements.reduce(0) { max($0, $1.height) }
    case .call(let call):
      call.arguments.reduce(max(call.loop?.low.height ?? 0, call.loop?.high.height ?? 0)) {
        max($0, $1.value.height)
      }
    case .command(let call): call.arguments.reduce(0) { max($0, $1.value.height) }
    case .field(let base, _): base.height
    case .unary(_, let operand): operand.height
    case .index(let left, let right), .range(let left, let right), .binary(_, let left, let right):
      max(left.height, right.height)
    }
  }
}
