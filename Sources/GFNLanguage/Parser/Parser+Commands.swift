extension Parser {
  mutating func parseCommand(inValue: Bool = false) throws -> CommandCall {
    let token = try lexer.next(.command)
    guard token.kind == .word else { throw unexpected(token, "a command") }
    let name = Name(text: token.text, span: token.span)
    let next = try peek(.command)
    if next.isSymbol(.set) {
      throw CommandError(.missingLet(name: name.text), at: token.span)
    }
    if next.isSymbol(.openParenthesis), !next.followsBlank {
      throw argumentsInParentheses(name)
    }
    if inValue, Functions.names.contains(name.text), next.isSymbol(.openParenthesis) {
      throw CommandError(.functionWithoutParentheses(name.text), at: token.span)
    }
    return try parseArguments(of: name)
  }

  /// The error of `train(200)`; the parentheses are read, so that it can say what to write.
  private mutating func argumentsInParentheses(_ name: Name) -> CommandError {
    let arguments = (try? parseCallArguments().0) ?? []
    return .argumentsInParentheses(name, arguments)
  }

  mutating func parseArguments(of name: Name) throws -> CommandCall {
    var arguments: [Argument] = []
    while true {
      let token = try peek(.command)
      switch token.kind {
      case .end, .newline, .symbol(.semicolon), .symbol(.closeBrace), .symbol(.closeParenthesis):
        let end = arguments.last?.span ?? name.span
        return CommandCall(name: name, arguments: arguments, span: name.span.joined(with: end))
      default:
        arguments.append(try parseArgument())
      }
    }
  }

  private mutating func parseArgument() throws -> Argument {
    let token = try peek(.command)
    if token.kind == .word, Self.isIdentifier(token.text) {
      var copy = lexer
      _ = try copy.next(.command)
      let touches = copy.byte() == UInt8(ascii: "=")
      if try copy.next(.command).isSymbol(.set) {
        let blank = copy.byte().map { $0 <= UInt8(ascii: " ") || $0 == UInt8(ascii: ";") } ?? true
        guard touches, !blank else {
          lexer = copy
          throw CommandError(.blankAroundEquals(name: token.text), at: token.span)
        }
        lexer = copy
        let value = try parseArgumentValue()
        return Argument(name: Name(text: token.text, span: token.span), value: value)
      }
    }
    return Argument(name: nil, value: try parseArgumentValue())
  }

  /// A value that a blank or the end of the command must follow.
  private mutating func parseArgumentValue() throws -> Expression {
    let value = try parseValue()
    let next = try peek(.expression)
    guard !next.followsBlank else { return value }
    switch next.kind {
    case .end, .newline: return value
    case .symbol(.semicolon), .symbol(.closeBrace), .symbol(.closeParenthesis): return value
    case .symbol(let symbol) where symbol.binaryOperator != nil:
      throw arithmetic(from: value.span)
    default:
      throw unexpected(next, "a blank between arguments")
    }
  }

  /// A value in the place of an argument or of an element of a list.
  mutating func parseValue() throws -> Expression {
    let token = try peek(.command)
    switch token.kind {
    case .word where !lexer.isCall(behind: token):
      guard token.text != "true", token.text != "false" else { break }
      _ = try lexer.next(.command)
      return try make(.word(token.text), token.span)
    case .symbol(.minus), .symbol(.plus), .symbol(.times), .symbol(.divide), .symbol(.dot),
      .symbol(.range), .symbol(.modulo), .symbol(.power), .symbol(.floorDivide):
      throw signOrQuotes(token)
    default: break
    }
    return try parseAtom(.command)
  }

  /// The error of an argument that starts with a sign: arithmetic, a flag or a path.
  private mutating func signOrQuotes(_ token: Token) -> CommandError {
    let start = token.span.start
    lexer.position = start
    while let byte = lexer.byte(), Lexer.isWordPart(byte) { lexer.position += 1 }
    let span = lexer.span(from: start)
    let text = span.text
    if text.hasPrefix("/") && text.count > 1 && !text.hasPrefix("//") {
      return CommandError(.quotesNeeded(text, why: "an absolute path needs quotes"), at: span)
    }
    if text.hasPrefix(".") {
      return CommandError(.quotesNeeded(text, why: "'\(text)' needs quotes"), at: span)
    }
    if text.hasPrefix("--") {
      return CommandError(.flag(String(text.drop { $0 == "-" })), at: span)
    }
    return CommandError(.arithmeticInArgument(text.contains("$") ? text : ""), at: span)
  }

  /// The error of `$n-1` as an argument; what was meant is read to be shown.
  mutating func arithmetic(from first: Span) -> CommandError {
    lexer.position = first.start
    let whole = try? parseExpression()
    let span = whole?.span ?? first
    return CommandError(.arithmeticInArgument(whole == nil ? "" : span.text), at: span)
  }

  /// A list, of which the opening bracket has been read.
  mutating func parseList(_ open: Token) throws -> Expression {
    let (elements, close) = try inBrackets(open, close: .closeBracket) { parser in
      var elements: [Expression] = []
      while try !parser.peek(.command).isSymbol(.closeBracket) {
        if case .formula = parser.names {
          elements.append(try parser.parseExpression())
          guard try parser.take(.comma) != nil else { break }
          continue
        }
        let element = try parser.parseValue()
        let next = try parser.peek(.expression)
        if case .symbol(let symbol) = next.kind, symbol.binaryOperator != nil {
          throw parser.arithmetic(from: element.span)
        }
        elements.append(element)
        guard try parser.take(.comma) != nil else { break }
      }
      return elements
    }
    return try make(.list(elements), open.span.joined(with: close.span))
  }

  static func isIdentifier(_ text: String) -> Bool {
    guard let first = text.utf8.first, Lexer.isNameStart(first) else { return false }
    return text.utf8.allSatisfy(Lexer.isNamePart)
  }
}

extension StringProtocol {
  /// Without the blanks at both ends.
  var trimmingBlanks: String {
    var rest = self[...]
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
  }
}
