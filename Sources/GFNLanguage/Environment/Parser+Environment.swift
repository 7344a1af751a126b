extension Parser {
  /// Reads `environment NAME(…) { … }` behind its first word.
  mutating func parseEnvironment(from token: Token) throws -> EnvironmentSyntax {
    let name = try parseName("the name of the environment")
    var parameters: [EnvironmentSyntax.Parameter] = []
    if try peek(.expression).isSymbol(.openParenthesis) {
      parameters = try parseEnvironmentParameters()
    }
    let parts = try parseBraces { parser in
      try parser.withBareNames { try $0.parseEnvironmentParts() }
    }
    let source = lexer.source.text(token.span.start, lexer.position)
    return EnvironmentSyntax(
      name: name, summary: comment(above: token), parameters: parameters, parts: parts,
      source: source)
  }

  private mutating func parseEnvironmentParameters() throws -> [EnvironmentSyntax.Parameter] {
    let open = try lexer.next(.expression)
    let (parameters, _) = try inBrackets(open, close: .closeParenthesis) { parser in
      var parameters: [EnvironmentSyntax.Parameter] = []
      while try !parser.peek(.expression).isSymbol(.closeParenthesis) {
        let name = try parser.parseName("the name of a parameter")
        if parameters.contains(where: { $0.name.text == name.text }) {
          throw CommandError(.duplicateParameter(name.text), at: name.span)
        }
        guard try parser.take(.set) != nil else {
          throw CommandError(
            "syntax", "the parameter '\(name.text)' has no value",
            fix: "give it one, which it has unless 'env' says another: \(name.text)=3",
            at: name.span)
        }
        parameters.append(.init(name: name, standard: try parser.parseValue()))
        guard try parser.take(.comma) != nil else { break }
      }
      return parameters
    }
    return parameters
  }

  /// Reads what stands between braces, line by line.
  private mutating func parseBraces<Result>(
    _ body: (inout Parser) throws -> Result
  ) throws -> Result {
    let open = try expect(.openBrace, "'{'")
    let saved = (lexer.newlineIsBlank, lexer.isInsideBracket)
    lexer.newlineIsBlank = false
    lexer.isInsideBracket = true
    defer { (lexer.newlineIsBlank, lexer.isInsideBracket) = saved }
    return try nested(at: open.span) { parser in
      let result = try body(&parser)
      let close = try parser.lexer.next(.expression)
      guard close.isSymbol(.closeBrace) else {
        parser.isIncomplete = parser.isIncomplete || close.kind == .end
        throw close.kind == .end
          ? CommandError(.unclosed("{"), at: open.span)
          : parser.unexpected(close, "the end of the line")
      }
      return result
    }
  }

  /// Skips the ends of lines; whether something follows before the brace closes.
  private mutating func reachesItem(_ separators: Set<Token.Symbol>) throws -> Bool {
    while true {
      let token = try peek(.expression)
      switch token.kind {
      case .newline: _ = try lexer.next(.expression)
      case .symbol(let symbol) where separators.contains(symbol):
        _ = try lexer.next(.expression)
      case .symbol(.closeBrace), .end: return false
      default: return true
      }
    }
  }

  /// What stood before ends here: the line, or the brace.
  private func endsItem(_ separators: Set<Token.Symbol>) throws -> Bool {
    switch try peek(.expression).kind {
    case .newline, .end, .symbol(.closeBrace): true
    case .symbol(let symbol): separators.contains(symbol)
    default: false
    }
  }

  private mutating func parseEnvironmentParts() throws -> EnvironmentSyntax.Parts {
    var parts = EnvironmentSyntax.Parts()
    var seen: Set<EnvironmentWord> = []
    while try reachesItem([.semicolon]) {
      let token = try lexer.next(.expression)
      guard token.kind == .name, let word = EnvironmentWord(rawValue: token.text) else {
        throw unexpectedItem(token)
      }
      if word != .cells, word != .action, !seen.insert(word).inserted {
        throw CommandError(
          "syntax", "'\(word.rawValue)' stands there twice", fix: "keep one of them", at: token.span
        )
      }
      switch word {
      case .cells: parts.cells.append(try parseCells())
      case .action: parts.actions.append(try parseAction())
      case .exit: parts.exit = try parseCondition()
      case .reward, .logReward:
        guard parts.reward == nil else {
          throw CommandError(
            "syntax", "there is a reward already", fix: "keep one of them", at: token.span)
        }
        parts.reward = .init(value: try parseExpression(), isLogarithm: word == .logReward)
      case .modes: parts.modes = try parseExpression()
      case .clip:
        let value = try peek(.expression)
        if value.kind == .name, value.text == "none" {
          _ = try lexer.next(.expression)
          parts.neverClips = true
        } else {
          parts.clip = try parseExpression()
        }
      }
      guard try endsItem([.semicolon]) else {
        throw unexpected(try lexer.next(.expression), "the end of the line")
      }
    }
    return parts
  }

  private mutating func unexpectedItem(_ token: Token) -> CommandError {
    let words = EnvironmentWord.allCases.map(\.rawValue)
    let nearest = Suggestion.nearest(to: token.text, in: words)
    return CommandError(
      "syntax", "\(token.description) does not start a line of an environment",
      fix: nearest.map { "did you mean '\($0)'?" }
        ?? "a line starts with \(words.joined(separator: ", "))", at: token.span)
  }

  /// `when CONDITION`, where it stands.
  private mutating func parseCondition() throws -> Expression? {
    let token = try peek(.expression)
    guard token.kind == .name, token.text == "when" else { return nil }
    _ = try lexer.next(.expression)
    return try parseExpression()
  }

  private mutating func parseCells() throws -> EnvironmentSyntax.Cells {
    let name = try parseName("the name of the cells")
    var count: Expression?
    if let open = try take(.openBracket) {
      count = try inBrackets(open, close: .closeBracket) { try $0.parseExpression() }.0
    }
    let word = try lexer.next(.expression)
    guard word.kind == .name, word.text == "in" else { throw unexpected(word, "'in'") }
    let (low, high) = try parseBounds()
    var cells = EnvironmentSyntax.Cells(name: name, count: count, low: low, high: high)
    while true {
      let token = try peek(.expression)
      guard token.kind == .name else { return cells }
      _ = try lexer.next(.expression)
      switch token.text {
      case "start": cells.start = try parseExpression()
      case "letters": cells.letters = try parseExpression()
      case "inputs":
        let next = try peek(.expression)
        if next.kind == .name, next.text == "none" {
          _ = try lexer.next(.expression)
          cells.inputs = .none
        } else {
          let (low, high) = try parseBounds()
          cells.inputs = .range(low, high)
        }
      default: throw unexpected(token, "'start', 'inputs', 'letters' or the end of the line")
      }
    }
  }

  private mutating func parseAction() throws -> EnvironmentSyntax.Action {
    let name = try parseName("the name of the action")
    var indices: [EnvironmentSyntax.Index] = []
    if let open = try take(.openParenthesis) {
      indices = try inBrackets(open, close: .closeParenthesis) { parser in
        var indices: [EnvironmentSyntax.Index] = []
        while try !parser.peek(.expression).isSymbol(.closeParenthesis) {
          let name = try parser.parseName("the name of an index")
          let word = try parser.lexer.next(.expression)
          guard word.kind == .name, word.text == "in" else {
            throw parser.unexpected(word, "'in', as in (i in 0..3)")
          }
          let (low, high) = try parser.parseBounds()
          indices.append(.init(name: name, low: low, high: high))
          guard try parser.take(.comma) != nil else { break }
        }
        return indices
      }.0
    }
    let condition = try parseCondition()
    let changes = try parseBraces { try $0.parseChanges() }
    return .init(name: name, indices: indices, condition: condition, changes: changes)
  }

  private mutating func parseChanges() throws -> [EnvironmentSyntax.Change] {
    let separators: Set<Token.Symbol> = [.semicolon, .comma]
    var changes: [EnvironmentSyntax.Change] = []
    while try reachesItem(separators) {
      changes.append(try parseChange())
      guard try endsItem(separators) else {
        throw unexpected(try lexer.next(.expression), "the end of the change")
      }
    }
    return changes
  }

  private mutating func parseChange() throws -> EnvironmentSyntax.Change {
    let cells = try parseName("the name of cells")
    var index: Expression?
    if let open = try take(.openBracket) {
      index = try inBrackets(open, close: .closeBracket) { try $0.parseExpression() }.0
    }
    _ = try expect(.colon, "':', as in x[i]: 0 -> 1")
    let effect: EnvironmentSyntax.Effect
    if try take(.plus) != nil {
      effect = .add(try parseExpression(), isNegative: false)
    } else {
      let isSigned = try peek(.expression).isSymbol(.minus)
      let first = try parseExpression()
      if try take(.arrow) != nil {
        effect = .replace(first, try parseExpression())
      } else if isSigned {
        effect = .add(first, isNegative: true)
      } else {
        throw unexpected(try lexer.next(.expression), "'->', as in x[i]: 0 -> 1")
      }
    }
    let last: Expression =
      switch effect {
      case .replace(_, let new): new
      case .add(let number, _): number
      }
    return .init(
      cells: cells, index: index, effect: effect, span: cells.span.joined(with: last.span))
  }
}
