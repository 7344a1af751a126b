extension Parser {
  /// Reads a string behind its opening quote. `"…"` holds escapes and `{expression:format}`;
  /// `'…'` is literal.
  mutating func parseString(_ open: Token) throws -> Expression {
    let quote = open.text.utf8.first ?? UInt8(ascii: "\"")
    let isLiteral = quote == UInt8(ascii: "'")
    var parts: [TextPart] = []
    var bytes: [UInt8] = []
    func flush() {
      guard !bytes.isEmpty else { return }
      parts.append(.literal(String(decoding: bytes, as: UTF8.self)))
      bytes.removeAll(keepingCapacity: true)
    }
    while let byte = lexer.byte() {
      lexer.position += 1
      switch byte {
      case quote:
        let span = open.span.joined(with: lexer.span(from: lexer.position))
        flush()
        return try make(.text(parts), span)
      case UInt8(ascii: "\\") where !isLiteral:
        bytes.append(try parseEscape())
      case UInt8(ascii: "{") where !isLiteral:
        flush()
        parts.append(try parseInterpolation())
      default:
        bytes.append(byte)
      }
    }
    // Reading goes on behind the line of the quote.
    lexer.position = lexer.source.lineEnd(of: open.span.start)
    throw CommandError(.unterminatedString, at: open.span)
  }

  private mutating func parseEscape() throws -> UInt8 {
    let start = lexer.position - 1
    let byte = lexer.byte()
    lexer.position += byte == nil ? 0 : 1
    switch byte {
    case UInt8(ascii: "n"): return .newline
    case UInt8(ascii: "t"): return UInt8(ascii: "\t")
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "}"):
      return byte ?? 0
    case nil:
      throw CommandError(.unterminatedString, at: lexer.span(from: start))
    default:
      let span = lexer.span(from: start)
      throw CommandError(
        .unexpected(found: "'\(span.text)'", expected: "an escape: \\n \\t \\\" \\\\ \\{"), at: span
      )
    }
  }

  /// Reads `expression:format}` behind `{`.
  private mutating func parseInterpolation() throws -> TextPart {
    let brace = Token(
      kind: .symbol(.openBrace), span: lexer.span(from: lexer.position - 1), followsBlank: false)
    if lexer.byte() == UInt8(ascii: "}") {
      throw CommandError(
        .emptyInterpolation, at: Span(lexer.source, lexer.position - 1, lexer.position + 1))
    }
    return try inBrackets(brace, close: .closeBrace) { parser in
      let expression = try parser.parseExpression()
      guard try parser.take(.colon) != nil else { return .interpolation(expression, nil) }
      let start = parser.lexer.position
      while let byte = parser.lexer.byte(), Lexer.isWordPart(byte) { parser.lexer.position += 1 }
      let span = parser.lexer.span(from: start)
      guard let format = NumberFormat(span.text) else {
        throw CommandError(.malformedFormat(span.text), at: span)
      }
      return TextPart.interpolation(expression, format)
    }.0
  }
}
