package import GFNParameters

extension EnvironmentSyntax {
  /// Names that 'env' needs for itself.
  private static let reserved: Set<String> = ["when", "in", "start", "inputs", "letters"]

  /// What is declared, its names known and its `def`s written out.
  /// - Parameter taken: the names of the environments that there are, and of the options that all have.
  /// - Throws: `CommandError` that points at the place.
  func declaration(
    _ functions: FormulaFunctions, environments: [String], options: [String]
  ) throws -> EnvironmentDeclaration {
    if environments.contains(name.text) {
      throw CommandError(.reservedName(name.text, by: "environment"), at: name.span)
    }
    var known: [String] = []
    func add(_ name: Name, _ what: String) throws {
      if Functions.names.contains(name.text) || Self.reserved.contains(name.text) {
        throw CommandError(.reservedName(name.text, by: "formula"), at: name.span)
      }
      if known.contains(name.text) {
        throw CommandError(
          "syntax", "the name '\(name.text)' is taken here", fix: "choose another for the \(what)",
          at: name.span)
      }
      known.append(name.text)
    }
    for parameter in parameters {
      if options.contains(parameter.name.text) {
        throw CommandError(
          .reservedName(parameter.name.text, by: "option"), at: parameter.name.span)
      }
      try add(parameter.name, "parameter")
    }
    let settings = try parameters.map {
      EnvironmentDeclaration.Parameter(name: $0.name.text, standard: try setting($0.standard))
    }
    let given = known
    for cells in parts.cells { try add(cells.name, "cells") }
    var reading = DeclarationTrees(functions: functions)
    let cells = try parts.cells.map { try reading.cells($0, given) }
    var names: Set<String> = []
    let actions = try parts.actions.map { action in
      guard names.insert(action.name.text).inserted, action.name.text != "exit" else {
        throw CommandError(
          "syntax", "there is an action '\(action.name.text)' already", fix: "choose another name",
          at: action.name.span)
      }
      return try reading.action(action, given, known)
    }
    let reward = try parts.reward.map { reward in
      let tree = try reading.tree(reward.value, known)
      return reward.isLogarithm
        ? EnvironmentDeclaration.Reward.logarithm(tree) : .plain(tree)
    }
    var declaration = EnvironmentDeclaration(
      name: name.text, summary: summary, parameters: settings, cells: cells, actions: actions,
      exit: try parts.exit.map { try reading.tree($0, known) }, reward: reward,
      modes: try parts.modes.map { try reading.tree($0, known) },
      clip: try parts.clip.map { try reading.tree($0, given) }, neverClips: parts.neverClips,
      source: source)
    if reading.hasInlined { declaration.source = declaration.written }
    return declaration
  }

  private func setting(_ expression: Expression) throws -> EnvironmentDeclaration.Setting {
    switch expression.literalValue {
    case .number(let number, _)?: return .number(number)
    case .boolean(let flag)?: return .boolean(flag)
    case .text(let text)?: return .text(text)
    case .range(let low, let high)? where high - low < 1_000_000:
      return .numbers(low > high ? [] : (low...high).map { Double($0) })
    case .list(let elements)?:
      let numbers = elements.compactMap { element -> Double? in
        if case .number(let number, _) = element { number } else { nil }
      }
      if numbers.count == elements.count { return .numbers(numbers) }
      fallthrough
    default:
      throw CommandError(
        .unexpected(
          found: "'\(expression.span.text)'",
          expected: "a number, true or false, a text or a list of numbers"), at: expression.span)
    }
  }
}

/// Turns the expressions of a declaration into formulas' trees.
private struct DeclarationTrees {
  let functions: FormulaFunctions
  var hasInlined = false

  mutating func tree(_ expression: Expression, _ names: [String]) throws -> FormulaTree {
    var reading = FormulaReading(names, functions)
    defer { hasInlined = hasInlined || reading.hasInlined }
    return try reading.tree(expression)
  }

  mutating func cells(
    _ cells: EnvironmentSyntax.Cells, _ given: [String]
  ) throws -> EnvironmentDeclaration.Cells {
    let inputs: EnvironmentDeclaration.Inputs =
      switch cells.inputs {
      case .all: .all
      case .none: .none
      case .range(let low, let high): .range(try tree(low, given), try tree(high, given))
      }
    return EnvironmentDeclaration.Cells(
      name: cells.name.text, count: try cells.count.map { try tree($0, given) },
      low: try tree(cells.low, given), high: try tree(cells.high, given),
      start: try cells.start.map { try tree($0, given) }, inputs: inputs,
      letters: try cells.letters.map { try tree($0, given) })
  }

  mutating func action(
    _ action: EnvironmentSyntax.Action, _ given: [String], _ known: [String]
  ) throws -> EnvironmentDeclaration.Action {
    var own: [String] = []
    let indices = try action.indices.map { index in
      if known.contains(index.name.text) || own.contains(index.name.text) {
        throw CommandError(
          "syntax", "the name '\(index.name.text)' is taken here",
          fix: "choose another for the index",
          at: index.name.span)
      }
      // An index may bound those behind it.
      let bounds = (try tree(index.low, given + own), try tree(index.high, given + own))
      own.append(index.name.text)
      return EnvironmentDeclaration.Index(
        name: index.name.text, low: bounds.0, high: bounds.1)
    }
    let changes = try action.changes.map { change in
      let effect: EnvironmentDeclaration.Effect =
        switch change.effect {
        case .replace(let old, let new):
          .replace(try tree(old, given + own), try tree(new, given + own))
        case .add(let number, _): .add(try tree(number, given + own))
        }
      return EnvironmentDeclaration.Change(
        cells: change.cells.text, index: try change.index.map { try tree($0, known + own) },
        effect: effect, source: change.span.text)
    }
    return EnvironmentDeclaration.Action(
      name: action.name.text, indices: indices,
      condition: try action.condition.map { try tree($0, known + own) }, changes: changes)
  }
}

extension EnvironmentDeclaration {
  /// The environment that a text declares, alone: it calls no `def`.
  /// - Throws: `CommandError` where the text is no declaration.
  package init(_ text: String) throws {
    var parser = Parser(SourceFile(name: "environment", text: text))
    let block = parser.parseScript()
    if let error = parser.errors.first { throw error }
    guard case .environment(let syntax)? = block.statements.first?.kind else {
      throw CommandError("syntax", "'\(text)' declares no environment")
    }
    self = try syntax.declaration(.none, environments: [], options: [])
  }
}
