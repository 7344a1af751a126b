extension Parser {
  /// Reads statements up to a `}` or the end, which are left.
  mutating func parseStatements() -> [Statement] {
    var statements: [Statement] = []
    while errors.count < Self.errorLimit {
      let start = lexer.position
      do {
        let token = try peek(.command)
        switch token.kind {
        case .end, .symbol(.closeBrace): return statements
        case .newline, .symbol(.semicolon):
          _ = try lexer.next(.command)
        default:
          let kind = try parseStatement()
          statements.append(Statement(kind: kind, span: spanOfStatement(from: token)))
          try expectStatementEnd()
        }
      } catch {
        invalidate(error, from: start, in: &statements)
      }
    }
    return statements
  }

  private mutating func invalidate(
    _ error: any Error, from start: Int, in statements: inout [Statement]
  ) {
    let place = Span(lexer.source, start, max(start, lexer.position))
    let error = (error as? CommandError) ?? CommandError("syntax", "\(error)", at: place)
    record(error)
    let name = nameSet(at: start, error)
    statements.append(Statement(kind: .invalid(error, sets: name), span: error.span ?? place))
    switch error.kind {
    // Reading has gone to where it can start again.
    case .unclosed, .unterminatedString: break
    default: recover(from: start, behind: error.span?.start ?? lexer.position)
    }
  }

  /// What a statement is to set or define that starts here and cannot be read.
  private func nameSet(at start: Int, _ error: CommandError) -> String? {
    if case .missingLet(let name) = error.kind { return name }
    var copy = lexer
    copy.position = start
    guard let word = try? copy.next(.command), let name = try? copy.next(.expression),
      word.kind == .word, name.kind == .name
    else { return nil }
    switch StatementWord(rawValue: word.text) {
    case .let, .for, .def, .environment: return name.text
    default: return nil
    }
  }

  private func spanOfStatement(from token: Token) -> Span {
    var end = lexer.position
    while end > token.span.start, lexer.source.bytes[end - 1] <= UInt8(ascii: " ") { end -= 1 }
    return Span(lexer.source, token.span.start, end)
  }

  private mutating func expectStatementEnd() throws {
    let token = try peek(.command)
    switch token.kind {
    case .end, .newline, .symbol(.semicolon), .symbol(.closeBrace): return
    default: break
    }
    if token.kind == .word, token.text == "else" {
      throw CommandError(.elsePlacement, at: token.span)
    }
    throw unexpected(token, "the end of the statement")
  }

  private mutating func parseStatement() throws -> Statement.Kind {
    let token = try peek(.command)
    switch token.kind {
    case .word: return try parseStatement(startingWith: token)
    case .symbol(.question): return .command(try parseQuestion())
    case .variable, .number, .quote, .symbol(.openParenthesis), .symbol(.openBracket),
      .symbol(.minus):
      let expression = try parseExpression()
      throw CommandError(.expressionAsStatement(expression.span.text), at: expression.span)
    default:
      _ = try lexer.next(.command)
      throw unexpected(token, "a command")
    }
  }

  private mutating func parseStatement(startingWith token: Token) throws -> Statement.Kind {
    guard let word = StatementWord(rawValue: token.text), !isAssignment(behind: token) else {
      return .command(try parseCommand())
    }
    _ = try lexer.next(.command)
    switch word {
    case .let: return try parseLet()
    case .if: return try parseConditional()
    case .else: throw CommandError(.elsePlacement, at: token.span)
    case .for:
      let name = try parseName("the name of a variable")
      try expectWord("in")
      return .forLoop(name: name, sequence: try parseExpression(), body: try parseBlock())
    case .while: return .whileLoop(condition: try parseExpression(), body: try parseBlock())
    case .repeat: return .repetition(count: try parseExpression(), body: try parseBlock())
    case .def: return .definition(try parseDefinition(from: token))
    case .environment: return .environment(try parseEnvironment(from: token))
    case .return: return .returning(try atStatementEnd() ? nil : parseRightHandSide())
    case .break: return .breaking
    case .continue: return .continuing
    case .exit, .quit: return .exiting(try atStatementEnd() ? nil : parseExpression())
    case .assert:
      let condition = try parseExpression()
      let message = try take(.comma) == nil ? nil : parseExpression()
      return .assertion(condition, message: message)
    case .print: return .printing(try parseExpressions())
    case .include: return try parseInclusion()
    case .expect: return try parseExpectation()
    case .time: return .timed(try parseBlockOrStatement(after: token))
    case .quiet: return .quiet(try parseBlockOrStatement(after: token))
    }
  }

  /// `print = 3` is meant to set a variable, and says so as a command would.
  private func isAssignment(behind token: Token) -> Bool {
    var copy = lexer
    guard (try? copy.next(.command)) != nil, let next = try? copy.next(.command) else {
      return false
    }
    return next.isSymbol(.set)
  }

  private func atStatementEnd() throws -> Bool {
    switch try peek(.command).kind {
    case .end, .newline, .symbol(.semicolon), .symbol(.closeBrace): true
    default: false
    }
  }

  private mutating func expectWord(_ word: String) throws {
    let token = try lexer.next(.expression)
    guard token.kind == .name, token.text == word else { throw unexpected(token, "'\(word)'") }
  }

  mutating func parseExpressions() throws -> [Expression] {
    var expressions = [try parseExpression()]
    while try take(.comma) != nil { expressions.append(try parseExpression()) }
    return expressions
  }

  // MARK: - Blocks

  mutating func parseBlock() throws -> Block {
    let open = try expect(.openBrace, "'{'")
    let saved = (lexer.newlineIsBlank, lexer.isInsideBracket)
    lexer.newlineIsBlank = false
    lexer.isInsideBracket = true
    defer { (lexer.newlineIsBlank, lexer.isInsideBracket) = saved }
    return try nested(at: open.span) { parser in
      let statements = parser.parseStatements()
      let close = try parser.lexer.next(.command)
      guard close.isSymbol(.closeBrace) else {
        parser.isIncomplete = parser.isIncomplete || close.kind == .end
        throw CommandError(.unclosed("{"), at: open.span)
      }
      return Block(statements: statements)
    }
  }

  private mutating func parseBlockOrStatement(after token: Token) throws -> Block {
    if try peek(.command).isSymbol(.openBrace) { return try parseBlock() }
    let start = try peek(.command)
    let kind = try nested(at: token.span) { try $0.parseStatement() }
    return Block(statements: [Statement(kind: kind, span: spanOfStatement(from: start))])
  }

  // MARK: - Single statements

  private mutating func parseLet() throws -> Statement.Kind {
    let name = try parseName("the name of a variable")
    let token = try lexer.next(.expression)
    guard token.isSymbol(.set) || token.isSymbol(.setDefault) else {
      throw unexpected(token, "'=' or '?='")
    }
    return .setting(
      name: name, keepsGiven: token.isSymbol(.setDefault), value: try parseRightHandSide())
  }

  mutating func parseRightHandSide() throws -> RightHandSide {
    let token = try peek(.command)
    if token.kind == .word, token.text == StatementWord.time.rawValue {
      _ = try lexer.next(.command)
      return .timed(try parseCommand(inValue: true))
    }
    return startsCommand(token)
      ? .command(try parseCommand(inValue: true)) : .expression(try parseExpression())
  }

  /// In the place of a value, a word starts a command unless a `(` touches it.
  func startsCommand(_ token: Token) -> Bool {
    token.kind == .word && !["true", "false", "not"].contains(token.text)
      && !lexer.isCall(behind: token)
  }

  private mutating func parseConditional() throws -> Statement.Kind {
    var branches = [Branch(condition: try parseExpression(), body: try parseBlock())]
    while true {
      let token = try peek(.command)
      guard token.kind == .word, token.text == StatementWord.else.rawValue else {
        return .conditional(branches: branches, otherwise: nil)
      }
      _ = try lexer.next(.command)
      let next = try peek(.command)
      guard next.kind == .word, next.text == StatementWord.if.rawValue else {
        return .conditional(branches: branches, otherwise: try parseBlock())
      }
      _ = try lexer.next(.command)
      branches.append(Branch(condition: try parseExpression(), body: try parseBlock()))
    }
  }

  private mutating func parseDefinition(from token: Token) throws -> Definition {
    let name = try parseName("the name of the command")
    let open = try expect(.openParenthesis, "'('")
    let (parameters, _) = try inBrackets(open, close: .closeParenthesis) { parser in
      var parameters: [Definition.Parameter] = []
      var names: Set<String> = []
      while try !parser.peek(.expression).isSymbol(.closeParenthesis) {
        let parameter = try parser.parseName("the name of a parameter")
        if !names.insert(parameter.text).inserted {
          throw CommandError(.duplicateParameter(parameter.text), at: parameter.span)
        }
        let value = try parser.take(.set) == nil ? nil : parser.parseValue()
        parameters.append(.init(name: parameter, defaultValue: value))
        guard try parser.take(.comma) != nil else { break }
      }
      return parameters
    }
    return Definition(
      name: name, parameters: parameters, body: try parseBlock(), summary: comment(above: token))
  }

  /// The comment lines directly above a token's line, joined.
  func comment(above token: Token) -> String {
    let source = lexer.source
    var lines: [String] = []
    var start = source.lineStart(of: token.span.start)
    while start > 0, lines.count < 20 {
      let previous = source.lineStart(of: start - 1)
      let line = source.text(previous, start - 1)
      guard line.hasPrefix("# "), !line.hasPrefix("# %%") else { break }
      lines.insert(String(line.dropFirst(2)), at: 0)
      start = previous
    }
    return lines.joined(separator: " ")
  }

  private mutating func parseInclusion() throws -> Statement.Kind {
    let expression = try parseExpression()
    guard case .text = expression.kind, case .text(let path)? = expression.literalValue else {
      throw CommandError(
        .unexpected(found: "'\(expression.span.text)'", expected: "a quoted file name"),
        at: expression.span)
    }
    return .inclusion(path: path, span: expression.span)
  }

  private mutating func parseExpectation() throws -> Statement.Kind {
    try expectWord("error")
    let token = try lexer.next(.command)
    guard token.kind == .word else { throw unexpected(token, "the code of an error") }
    return .expectation(code: token.text, body: try parseBlock())
  }

  /// `?WORD` is `help WORD`.
  private mutating func parseQuestion() throws -> CommandCall {
    let question = try lexer.next(.command)
    let name = Name(text: "help", span: question.span)
    return try parseArguments(of: name)
  }
}
