package import GFNParameters

/// An expression over bare declared names, as in `until="tv < 0.05"` or `reward="exp(-sum(u))"`.
///
/// It is parsed and its names are checked when it is made; what they mean, whoever uses it says.
package struct Formula: Sendable {
  /// As typed.
  package let text: String
  /// The declared names that it uses, in the order of their declaration.
  package let variables: [String]
  /// What it says, the `def`s that it calls written out.
  package let formula: StateFormula

  /// - Parameters:
  ///   - variables: the names that the formula may use.
  ///   - span: where the formula stands; its errors point there.
  /// - Throws: `CommandError` where the text is no formula.
  package init(_ text: String, variables: [String], at span: Span? = nil) throws {
    try self.init(text, variables: variables, .none, at: span)
  }

  init(
    _ text: String, variables: [String], _ functions: FormulaFunctions, at span: Span?
  ) throws {
    let inner = Self.place(of: text, in: span)
    let place = inner ?? SourceFile(name: "formula", text: text).whole
    var parser = Parser(formula: place)
    do {
      let expression = try parser.parseWholeExpression()
      var reading = FormulaReading(variables, functions)
      let tree = try reading.tree(expression)
      let source = reading.hasInlined ? tree.source : text
      formula = StateFormula(source: source, tree: tree)
    } catch let error as CommandError where inner == nil && span != nil {
      // The text was computed: the argument is the only place to point at.
      throw CommandError(error.kind, at: span)
    }
    self.text = text
    let used = formula.tree.freeNames
    self.variables = variables.filter(used.contains)
  }

  /// The place of a text inside its span, where it stands there as it is.
  private static func place(of text: String, in span: Span?) -> Span? {
    guard let span else { return nil }
    if span.text == text { return span }
    guard span.text.dropFirst().dropLast() == text else { return nil }
    return Span(span.source, span.start + 1, span.end - 1)
  }
}

/// The `def`s that a formula may call.
struct FormulaFunctions: Sendable {
  /// Those of the session, but for what the script replaces.
  var earlier: [String: Definition] = [:]
  var replaced: Set<String> = []
  /// Those of the script being checked; of several with one name the last counts.
  var own: [String: [Definition]] = [:]

  static let none = FormulaFunctions()

  func find(_ name: String) -> Definition? {
    own[name]?.last ?? (replaced.contains(name) ? nil : earlier[name])
  }

  var names: [String] { Set(earlier.keys).union(own.keys).sorted() }
}

extension Parser {
  /// An expression with nothing behind it.
  mutating func parseWholeExpression() throws -> Expression {
    lexer.newlineIsBlank = true
    let expression = try parseExpression()
    let token = try lexer.next(.expression)
    guard token.kind == .end else { throw unexpected(token, "the end of the formula") }
    return expression
  }
}

extension Session {
  /// The `def`s that there are now.
  var formulaFunctions: FormulaFunctions { FormulaFunctions(earlier: definitions) }
}
