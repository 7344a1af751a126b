import GFNParameters

/// The static check: names, options, words, types and ranges of literals, undefined variables and
/// unknown fields. It reports only what would fail whenever it runs.
struct Checker {
  let session: Session
  /// The commands, with what the script declares.
  private(set) var commands: CommandTable
  private var declarations: Declarations
  var errors: [CommandError] = []
  /// Blocks of `expect error` that fail as they should.
  var satisfied: Set<Span> = []
  /// Errors of the parser that an `expect error` asks for.
  var excused: Set<Span> = []
  /// Errors of the parser in included files.
  var includedErrors: [CommandError] = []

  /// Every `def` of the cell; which of those of one name holds at a call, only running it can tell.
  private var definitions: [String: [Definition]] = [:]
  /// The `def`s of the script, which replace those of the session before it runs.
  private var replaced: Set<String> = []
  /// The scope of the script; `scope` is that of the `def` being checked, or the same.
  var scope = Scope()
  /// The names that some statement of the script sets, wherever it stands.
  private var scriptNames: Set<String> = []
  /// What statements that cannot be read should have set or defined.
  private(set) var unreadNames: Set<String> = []
  /// The names of the `let NAME ?= …`.
  var openNames: Set<String> = []
  /// What `NAME=VALUE` outside gives the variables that nothing else sets.
  private var givenValues: [String: Value] = [:]
  /// The statements around the place, and those before it, leave no choice: it runs in any case.
  private var isCertain = true
  /// The codes of the `expect error` around the place.
  private var expectedCodes: [String] = []
  private var includes: [String] = []
  private var included: [Span: Block] = [:]
  /// The names in the `def`s that have been collected.
  private var collected: Set<Span> = []
  /// Variables of the script that commands in `def`s set; when, only running them can tell.
  private(set) var setByDefinitions: Set<String> = []
  private var isInDefinition = false
  /// Files that include each other again and again end here.
  private static let includeLimit = 1_000

  struct Scope {
    /// What the statements before may have set here, and the parameters.
    var known: Set<String> = []
    /// What the values of the variables look like, where all their settings agree.
    var shapes: [String: ResultShape] = [:]
    var isDefinition = false
    var isLoop = false
  }

  init(_ session: Session) {
    self.session = session
    commands = session.commands
    declarations = session.declarations
  }

  mutating func check(_ block: Block) {
    for case .definition(let definition) in block.statements.map(\.kind) {
      replaced.insert(definition.name.text)
    }
    let names = collect(block)
    scriptNames = names.all
    givenValues = session.hasStarted ? [:] : givenValues(names)
    isCertain = !definitions.values.joined().contains { mayExit($0.body) }
    scope.shapes = shapes(names).filter { session.variables[$0.key] == nil }
    walk(block)
  }

  /// The value that a variable has wherever it is read, since it was given and is set by one 'let NAME ?= …'.
  func given(_ name: String) -> Value? {
    isCertain && !scope.isDefinition ? givenValues[name] : nil
  }

  private func givenValues(_ names: SetNames) -> [String: Value] {
    session.prebound.filter { name, _ in
      openNames.contains(name) && names.settings[name] == 1 && session.variables[name] == nil
        && !setByDefinitions.contains(name)
    }
  }

  mutating func report(_ error: CommandError) {
    if hasRoom { errors.append(error) }
  }

  /// A further error is reported.
  var hasRoom: Bool { errors.count < Parser.errorLimit }

  /// An error of this code will be seen, so that it is worth a suggestion.
  func isShown(_ code: String) -> Bool { hasRoom && !expectedCodes.contains(code) }

  // MARK: - Names

  /// A variable of this name may have a value at the place.
  func isKnown(_ name: String) -> Bool {
    scope.known.contains(name) || session.variables[name] != nil
      || setByDefinitions.contains(name) || session.setByDefinitions.contains(name)
      // A `def` runs later, when any name of the script may have a value.
      || (scope.isDefinition && scriptNames.contains(name))
  }

  func nearestVariable(to name: String) -> String? {
    let names = [scope.isDefinition ? scriptNames : [], scope.known]
    guard session.variables.values.count + names[0].count + names[1].count <= Suggestion.nameLimit
    else { return nil }
    let all = names.reduce(into: Set(session.variables.values.keys)) { $0.formUnion($1) }
    return Suggestion.nearest(to: name, in: all.sorted())
  }

  /// The `def`s that a call of this name may run, the later ones last.
  func candidates(_ name: String) -> [Definition]? {
    let earlier = replaced.contains(name) ? nil : session.definitions[name]
    guard let earlier else { return definitions[name] }
    return [earlier] + (definitions[name] ?? [])
  }

  /// What formulas may call.
  var formulaFunctions: FormulaFunctions {
    FormulaFunctions(earlier: session.definitions, replaced: replaced, own: definitions)
  }

  /// The names of all `def`s of the cell and the session.
  var definitionNames: Set<String> { Set(definitions.keys).union(session.definitions.keys) }

  /// What the statements of one scope set.
  struct SetNames {
    /// The right-hand sides of the plain settings.
    var sides: [String: [RightHandSide]] = [:]
    /// How many statements set a name, in whatever way.
    var settings: [String: Int] = [:]
    /// Names that are also set otherwise.
    var others: Set<String> = []

    var all: Set<String> { others.union(sides.keys) }
  }

  /// Finds the names that a block sets and the commands that it defines, wherever they stand.
  private mutating func collect(_ block: Block) -> SetNames {
    var names = SetNames()
    collect(block, into: &names)
    return names
  }

  private mutating func collect(_ block: Block, into names: inout SetNames) {
    for statement in block.statements {
      switch statement.kind {
      case .setting(let name, let keepsGiven, let side):
        names.sides[name.text, default: []].append(side)
        names.settings[name.text, default: 0] += 1
        if keepsGiven {
          names.others.insert(name.text)
          openNames.insert(name.text)
        }
      case .conditional(let branches, let otherwise):
        for branch in branches { collect(branch.body, into: &names) }
        if let otherwise { collect(otherwise, into: &names) }
      case .forLoop(let name, _, let body):
        names.others.insert(name.text)
        names.settings[name.text, default: 0] += 1
        collect(body, into: &names)
      case .whileLoop(_, let body), .repetition(_, let body), .expectation(_, let body),
        .timed(let body), .quiet(let body):
        collect(body, into: &names)
      case .definition(let definition):
        collect(definition)
      case .environment(let syntax):
        declare(syntax)
      case .inclusion(let path, let span):
        collectIncluded(path, span, into: &names)
      case .command(let call):
        if let name = commands[call.name.text]?.variableSet(by: call) {
          names.others.insert(name)
          names.settings[name, default: 0] += 1
          if isInDefinition { setByDefinitions.insert(name) }
        }
      case .invalid(_, let name?):
        names.others.insert(name)
        unreadNames.insert(name)
      default: break
      }
    }
  }

  /// Makes an environment known wherever the script makes it; one with mistakes too, so that they are
  /// told alone.
  private mutating func declare(_ syntax: EnvironmentSyntax) {
    let declaration =
      (try? declaration(of: syntax))
      ?? EnvironmentDeclaration(
        name: syntax.name.text,
        parameters: syntax.parameters.map { .init(name: $0.name.text, standard: .number(0)) },
        source: syntax.source)
    declarations[declaration.name] = declaration
    commands = session.givenCommands.declaring(declarations)
  }

  private func declaration(of syntax: EnvironmentSyntax) throws -> EnvironmentDeclaration {
    try syntax.declaration(
      formulaFunctions, environments: session.givenCommands.environments,
      options: session.givenCommands.environmentOptions)
  }

  private mutating func check(_ syntax: EnvironmentSyntax) {
    do {
      _ = try declaration(of: syntax)
    } catch let error as CommandError {
      report(error)
    } catch {}
  }

  private mutating func collect(_ definition: Definition) {
    guard collected.insert(definition.name.span).inserted else { return }
    definitions[definition.name.text, default: []].append(definition)
    collectSettings(in: definition)
  }

  /// What the body sets by 'let' is its own; what it defines, and what its commands set, is everybody's.
  private mutating func collectSettings(in definition: Definition) {
    let outer = isInDefinition
    isInDefinition = true
    _ = collect(definition.body)
    isInDefinition = outer
  }

  /// Reads an included file, once; its errors are reported with those of the script.
  private mutating func collectIncluded(
    _ path: String, _ span: Span, into names: inout SetNames
  ) {
    if let block = included[span] { return collect(block, into: &names) }
    do {
      let file = try session.includedFile(path, from: span)
      guard !includes.contains(file.name), included.count < Self.includeLimit else {
        throw CommandError(.includeCycle(path), at: span)
      }
      includes.append(file.name)
      defer { includes.removeLast() }
      var parser = Parser(file)
      let block = parser.parseScript()
      let room = max(0, Parser.errorLimit - includedErrors.count)
      includedErrors += parser.errors.prefix(room)
      included[span] = block
      collect(block, into: &names)
    } catch {
      report(error as? CommandError ?? CommandError("failed", "\(error)", at: span))
    }
  }

  private func shapes(_ names: SetNames) -> [String: ResultShape] {
    var shapes: [String: ResultShape] = [:]
    for (name, sides) in names.sides where !names.others.contains(name) {
      if let shape = sharedShape(of: sides) { shapes[name] = shape }
    }
    return shapes
  }

  // MARK: - Statements

  private mutating func walk(_ block: Block) {
    for statement in block.statements {
      check(statement)
      if isCertain, mayExit(statement) { isCertain = false }
    }
  }

  private mutating func check(_ statement: Statement) {
    switch statement.kind {
    case .setting(let name, _, let side):
      check(side)
      scope.known.insert(name.text)
    case .conditional(let branches, let otherwise):
      for branch in branches {
        check(branch.condition)
        walkChoice(branch.body)
      }
      if let otherwise { walkChoice(otherwise) }
    case .forLoop(let name, let sequence, let body):
      check(sequence)
      scope.known.insert(name.text)
      walkLoop(body)
    case .whileLoop(let condition, let body):
      // What a turn sets, the condition may use only behind it; the body comes later in any case.
      check(condition)
      walkLoop(body)
    case .repetition(let count, let body):
      check(count)
      walkLoop(body)
    case .definition(let definition): check(definition)
    case .environment(let syntax): check(syntax)
    case .returning(let side):
      requireDefinition(statement)
      if let side { check(side) }
    case .breaking: requireLoop("break", statement)
    case .continuing: requireLoop("continue", statement)
    case .exiting(let status): if let status { check(status) }
    case .assertion(let condition, let message):
      check(condition)
      if let message { check(message) }
    case .printing(let expressions): expressions.forEach { check($0) }
    case .inclusion(_, let span): if let block = included[span] { walk(block) }
    case .expectation(let code, let body): checkExpectation(code, body, statement.span)
    case .timed(let body), .quiet(let body): walk(body)
    case .command(let call): check(call, inValue: false)
    case .invalid(let error, let name):
      if expectedCodes.contains(error.code) { excuse(error) }
      if let name { scope.known.insert(name) }
    }
  }

  /// An `expect error` asks for this error of the parser.
  func isExcused(_ error: CommandError) -> Bool { error.span.map(excused.contains) ?? false }

  private mutating func excuse(_ error: CommandError) {
    guard let span = error.span else { return }
    excused.insert(span)
    report(error)
  }

  /// What follows a statement may never run.
  private func mayExit(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .exiting: true
    case .conditional(let branches, let otherwise):
      branches.contains { mayExit($0.body) } || otherwise.map(mayExit) ?? false
    case .forLoop(_, _, let body), .whileLoop(_, let body), .repetition(_, let body),
      .expectation(_, let body), .timed(let body), .quiet(let body):
      mayExit(body)
    case .inclusion(_, let span): included[span].map(mayExit) ?? false
    case .setting, .definition, .environment, .returning, .breaking, .continuing, .assertion,
      .printing,
      .command, .invalid:
      false
    }
  }

  private func mayExit(_ block: Block) -> Bool { block.statements.contains { mayExit($0) } }

  /// Checks statements that may be passed over.
  private mutating func walkChoice(_ body: Block) {
    let outer = isCertain
    isCertain = false
    walk(body)
    isCertain = outer
  }

  private mutating func walkLoop(_ body: Block) {
    let outer = scope.isLoop
    scope.isLoop = true
    // A later statement of the loop may have set a name in the turn before.
    var names = SetNames()
    collect(body, into: &names)
    scope.known.formUnion(names.all)
    walkChoice(body)
    scope.isLoop = outer
  }

  private mutating func check(_ definition: Definition) {
    let name = definition.name
    let owner: String? =
      if StatementWord(rawValue: name.text) != nil {
        "statement"
      } else if commands[name.text] != nil {
        "command"
      } else if Functions.names.contains(name.text) {
        "function"
      } else {
        nil
      }
    if let owner { report(CommandError(.reservedName(name.text, by: owner), at: name.span)) }
    let outer = scope
    let names = collect(definition.body)
    scope = Scope()
    scope.isDefinition = true
    let parameters = Set(definition.parameters.map(\.name.text))
    scope.known = parameters
    for parameter in definition.parameters {
      guard let value = parameter.defaultValue else { continue }
      scope.known.remove(parameter.name.text)
      check(value)
      scope.known.insert(parameter.name.text)
    }
    scope.shapes = shapes(names).filter { name, _ in
      !scriptNames.contains(name) && session.variables[name] == nil
        && !parameters.contains(name)
    }
    walk(definition.body)
    scope = outer
  }

  private mutating func requireDefinition(_ statement: Statement) {
    guard !scope.isDefinition else { return }
    report(CommandError(.misplaced(word: "return", place: "a 'def'"), at: statement.span))
  }

  private mutating func requireLoop(_ word: String, _ statement: Statement) {
    guard !scope.isLoop else { return }
    report(CommandError(.misplaced(word: word, place: "a loop"), at: statement.span))
  }

  private mutating func checkExpectation(_ code: String, _ body: Block, _ span: Span) {
    let outer = errors
    errors = []
    expectedCodes.append(code)
    walk(body)
    expectedCodes.removeLast()
    let rest = errors.filter { $0.code != code }
    if rest.count < errors.count { satisfied.insert(span) }
    errors = outer + rest
  }
}

extension Session {
  /// Reads a cell and checks it.
  func parseAndCheck(
    _ cell: Cell
  ) -> (
    source: SourceFile, block: Block, errors: [CommandError], satisfied: Set<Span>,
    setByDefinitions: Set<String>
  ) {
    let source = SourceFile(name: cell.name, text: cell.source, firstLine: cell.firstLine)
    var parser = Parser(source)
    let block = parser.parseScript()
    var checker = Checker(self)
    checker.check(block)
    if !hasStarted { checker.checkBindings() }
    let errors =
      (parser.errors + checker.includedErrors).filter { !checker.isExcused($0) } + checker.errors
    // By place; what has none comes first, and included files keep their order.
    let sorted = errors.enumerated().sorted { left, right in
      guard let first = left.element.span, let second = right.element.span,
        first.source === second.source, first.start != second.start
      else { return left.offset < right.offset }
      return first.start < second.start
    }
    return (
      source, block, sorted.map(\.element), checker.satisfied, checker.setByDefinitions
    )
  }
}

extension Checker {
  /// Every `NAME=VALUE` from outside must have its `let NAME ?= …`.
  mutating func checkBindings() {
    for name in session.prebound.keys.sorted() where !openNames.contains(name) {
      let suggestion = Suggestion.nearest(to: name, in: openNames.sorted())
      report(CommandError(.unknownBinding(name, suggestion: suggestion)))
    }
  }
}

extension CommandSpec {
  /// The variable that a call gives a value to, where it is named by a word.
  func variableSet(by call: CommandCall) -> String? {
    guard let setsVariable else { return nil }
    let argument = call.arguments.first { $0.name == nil || $0.name?.text == setsVariable }
    guard case .text(let name)? = argument?.value.literalValue else { return nil }
    return name
  }
}
