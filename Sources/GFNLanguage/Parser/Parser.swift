/// Reads the grammar of docs/language.md by recursive descent.
///
/// A statement that cannot be read becomes `.invalid`, and reading goes on behind it, so that one
/// pass finds every error.
struct Parser {
  /// Which names an expression may use.
  enum Names {
    /// `$name` and functions.
    case script
    /// Bare names, and functions: which, `FormulaReading` knows.
    case formula
  }

  static let nestingLimit = 200
  /// Beyond this, further errors say nothing new.
  static let errorLimit = 100

  var lexer: Lexer
  private(set) var names: Names
  var errors: [CommandError] = []
  /// The end came before everything open was closed: more lines may complete it.
  var isIncomplete = false
  /// What the end left open has been reported.
  private var hasReportedEnd = false
  private var depth = 0
  /// `..` makes a range here; where it stands between two expressions it does not.
  var takesRanges = true

  init(_ source: SourceFile) {
    lexer = Lexer(source)
    names = .script
  }

  /// A parser of the expression in a stretch of a source.
  init(formula span: Span) {
    lexer = Lexer(span.source, from: span.start, to: span.end)
    names = .formula
  }

  mutating func parseScript() -> Block {
    var statements: [Statement] = []
    while true {
      statements += parseStatements()
      // What is left is the end or a brace that closes nothing.
      guard let token = try? lexer.next(.command), token.isSymbol(.closeBrace) else { break }
      let error = CommandError(.unopened("}"), at: token.span)
      record(error)
      statements.append(Statement(kind: .invalid(error, sets: nil), span: token.span))
    }
    return Block(statements: statements)
  }

  // MARK: - Tokens

  func peek(_ mode: Lexer.Mode) throws -> Token {
    var copy = lexer
    return try copy.next(mode)
  }

  /// Takes the next token if it is this symbol.
  mutating func take(_ symbol: Token.Symbol, _ mode: Lexer.Mode = .expression) throws -> Token? {
    var copy = lexer
    let token = try copy.next(mode)
    guard token.isSymbol(symbol) else { return nil }
    lexer = copy
    return token
  }

  mutating func expect(_ symbol: Token.Symbol, _ expected: String) throws -> Token {
    let token = try lexer.next(.expression)
    guard token.isSymbol(symbol) else { throw unexpected(token, expected) }
    return token
  }

  mutating func parseName(_ expected: String) throws -> Name {
    let token = try lexer.next(.expression)
    guard token.kind == .name else { throw unexpected(token, expected) }
    return Name(text: token.text, span: token.span)
  }

  mutating func unexpected(_ token: Token, _ expected: String) -> CommandError {
    if token.kind == .end { isIncomplete = isIncomplete || lexer.newlineIsBlank }
    if token.isSymbol(.set) { return CommandError(.equalsInExpression, at: token.span) }
    return CommandError(
      .unexpected(found: token.description, expected: expected), at: token.span)
  }

  // MARK: - Brackets and nesting

  /// Reads what stands between brackets, where newlines are blanks.
  mutating func inBrackets<Result>(
    _ open: Token, close: Token.Symbol, _ body: (inout Parser) throws -> Result
  ) throws -> (Result, close: Token) {
    let saved = (lexer.newlineIsBlank, lexer.isInsideBracket)
    lexer.newlineIsBlank = true
    lexer.isInsideBracket = true
    defer { (lexer.newlineIsBlank, lexer.isInsideBracket) = saved }
    return try nested(at: open.span) { parser in
      let result = try body(&parser)
      let token = try parser.lexer.next(.expression)
      if token.isSymbol(close) { return (result, token) }
      let expected = "'\(close.rawValue)' or ','"
      throw parser.unclosed(open, before: token) ?? parser.unexpected(token, expected)
    }
  }

  /// The error of a bracket that is still open at `token`, if `token` is the end or stands on a
  /// later line, where it will hardly be meant to stand in the bracket.
  mutating func unclosed(_ open: Token, before token: Token) -> CommandError? {
    if token.kind == .end {
      isIncomplete = true
    } else if token.span.line == open.span.line || token.isSymbol(.set) {
      return nil
    }
    // Reading goes on behind the line of the bracket.
    lexer.position = lexer.source.lineEnd(of: open.span.start)
    return CommandError(.unclosed(open.text), at: open.span)
  }

  mutating func nested<Result>(
    at span: Span, _ body: (inout Parser) throws -> Result
  ) throws -> Result {
    guard depth < Self.nestingLimit else { throw CommandError(.nestingTooDeep, at: span) }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  /// Reads something in which names stand without `$`.
  mutating func withBareNames<Result>(
    _ body: (inout Parser) throws -> Result
  ) rethrows -> Result {
    let saved = names
    names = .formula
    defer { names = saved }
    return try body(&self)
  }

  // MARK: - Errors

  mutating func record(_ error: CommandError) {
    switch error.kind {
    case .unterminatedString, .trailingBackslash: isIncomplete = true
    // A block around what is still open lacks its end for the same reason.
    case .unclosed("{") where hasReportedEnd: return
    default: break
    }
    hasReportedEnd = isIncomplete
    if errors.count < Self.errorLimit { errors.append(error) }
  }

  /// Skips a statement that could not be read: from its start to the end of the line, or to the
  /// `;`, that follows the mistake; a block is skipped as a whole.
  mutating func recover(from start: Int, behind mistake: Int) {
    lexer.position = start
    var braces = 0
    while let byte = lexer.byte() {
      let mayEnd = braces == 0 && lexer.position >= mistake
      switch byte {
      case .newline where mayEnd, UInt8(ascii: ";") where mayEnd, UInt8(ascii: "}") where mayEnd:
        return
      case UInt8(ascii: "{"): braces += 1
      case UInt8(ascii: "}"): braces = max(0, braces - 1)
      case UInt8(ascii: "\""), UInt8(ascii: "'"): skipQuoted(byte)
      case UInt8(ascii: "#") where lexer.byte(-1).map { $0 <= UInt8(ascii: " ") } ?? true:
        lexer.position = lexer.source.lineEnd(of: lexer.position) - 1
      default: break
      }
      lexer.position += 1
    }
  }

  /// Moves onto the closing quote, if it stands on the same line.
  private mutating func skipQuoted(_ quote: UInt8) {
    var distance = 1
    while let byte = lexer.byte(distance), byte != .newline {
      if byte == quote {
        lexer.position += distance
        return
      }
      distance += byte == UInt8(ascii: "\\") ? 2 : 1
    }
  }
}
