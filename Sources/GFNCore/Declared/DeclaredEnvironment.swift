package import GFNParameters
import Glibc

/// An environment that a person declared (`EnvironmentDeclaration`) for one choice of its parameters.
///
/// Forward actions come in the order of the declaration, index by index, the first index the slowest, and
/// exit is the last; backward action i undoes forward action i. Inputs are one-hot, cell by cell.
package struct DeclaredEnvironment: Environment {
  package let specification: EnvironmentSpecification
  package let logRewardClip: Double?
  package let modes: (any ModeSet)?
  package let guide: GuideFamily?
  private let shape: DeclaredShape
  private let states: DeclaredStates?
  private let formula: FormulaReward?
  /// log R by terminating index, where the states are listed.
  private let logRewards: [Double]
  private let names: FormulaNames

  /// - Parameters:
  ///   - options: values of its parameters, and `reward`, `modes` and `clip` in place of the declared ones.
  /// - Throws: `CoreError.declaration`, `.option`, `.tooLarge`.
  init(_ declaration: EnvironmentDeclaration, _ options: Options) throws {
    specification = EnvironmentSpecification(
      kind: declaration.name, options: options, declaration: declaration)
    var reading = DeclarationReading(declaration, declaration.settings(options))
    let shape = try reading.shape()
    self.shape = shape
    names = reading.names
    formula = options.hasOtherRewards ? nil : try Self.reward(declaration, options, reading)
    logRewardClip = try Self.clip(declaration, options, reading)
    states = try DeclaredStates.list(shape, name: declaration.name)
    let modes = try (options.formula("modes")?.tree ?? declaration.modes).map {
      try reading.condition($0, "modes", reading.names)
    }
    guard let states else {
      guard shape.potential != nil else {
        throw CoreError.declaration(
          name: declaration.name,
          reason:
            "it has more than 2^20 states, and its actions both raise and lower cells, so that "
            + "nothing shows that no path comes back to where it was",
          remedy: "choose smaller parameters, or let every change of a cell go one way")
      }
      let found = try DeclaredWalks(shape: shape, name: declaration.name, reward: formula).run()
      logRewards = []
      self.modes = modes.map {
        FormulaModes(condition: $0, width: shape.width, index: nil, total: nil)
      }
      guide = Self.guide(shape, isListed: false, exitsEarly: found.exitsEarly)
      return
    }
    guard states.table.count > 1 else {
      throw CoreError.declaration(
        name: declaration.name, reason: "in s0 no action is possible, so that it is the only state",
        remedy: "let one of the actions start there")
    }
    logRewards = try formula.map { try Self.logRewards($0, shape, states, declaration.name) } ?? []
    self.modes = modes.map { code in
      let total = states.terminating.count { state in
        states.table.withCells { code.holds($0 + Int(state) * shape.width) } ?? false
      }
      return FormulaModes(
        condition: code, width: shape.width, index: { states.table.row(of: $0) }, total: total)
    }
    let exitsEarly = states.terminating.contains { state in
      states.table.state(Int(state)).contains { $0 < 0 }
    }
    guide = Self.guide(shape, isListed: true, exitsEarly: exitsEarly)
  }

  private static func reward(
    _ declaration: EnvironmentDeclaration, _ options: Options, _ reading: DeclarationReading
  ) throws -> FormulaReward {
    if let given = options.formula("reward") {
      return FormulaReward(
        code: try FormulaCode.compiled(given, of: "reward", reading.names), isLogarithm: false)
    }
    switch declaration.reward {
    case .plain(let tree):
      return FormulaReward(
        code: try reading.compiled(tree, "reward", reading.names), isLogarithm: false)
    case .logarithm(let tree):
      return FormulaReward(
        code: try reading.compiled(tree, "log_reward", reading.names), isLogarithm: true)
    case nil:
      throw CoreError.declaration(
        name: declaration.name, reason: "it says nothing of its rewards",
        remedy: "give reward=\"…\", rewards=FILE or program=\"…\" to 'env', or declare 'reward …'")
    }
  }

  private static func clip(
    _ declaration: EnvironmentDeclaration, _ options: Options, _ reading: DeclarationReading
  ) throws -> Double? {
    if options["clip"] != nil { return EnvironmentKind.logClip(options) }
    if declaration.neverClips { return nil }
    guard let tree = declaration.clip else { return EnvironmentKind.logClip(options) }
    guard let clip = try reading.compiled(tree, "clip", reading.names).constant, clip.isFinite
    else {
      throw reading.refuse("clip: '\(tree.source)' is no number", "write clip -12, or clip none")
    }
    return clip
  }

  /// - Throws: `CoreError.declaration` where the formula is no reward, at the first state that shows it.
  private static func logRewards(
    _ reward: FormulaReward, _ shape: DeclaredShape, _ states: DeclaredStates, _ name: String
  ) throws -> [Double] {
    guard !states.terminating.isEmpty else {
      throw CoreError.declaration(
        name: name, reason: "no path ends anywhere", remedy: "allow 'exit' somewhere")
    }
    var values: [Double] = []
    values.reserveCapacity(states.terminating.count)
    try states.table.withCells { cells in
      for (number, state) in states.terminating.enumerated() {
        // A formula may be a long one.
        if number % 64 == 0 { try Interruption.check() }
        let cells = cells + Int(state) * shape.width
        if let fault = reward.fault(cells) {
          throw CoreError.declaration(
            name: name, reason: "at \(DeclaredText.state(cells, shape)) \(fault)",
            remedy: "correct 'reward' there")
        }
        values.append(reward.logReward(cells))
      }
    }
    guard values.contains(where: { $0 > -.infinity }) else {
      throw CoreError.declaration(
        name: name, reason: "the reward is 0 everywhere",
        remedy: "it must be positive somewhere")
    }
    return values
  }

  /// Sequences that are filled have a guide of their own; where a path may end anywhere, π_G holds it back
  /// from doing so; else it goes by what can still be reached.
  private static func guide(
    _ shape: DeclaredShape, isListed: Bool, exitsEarly: Bool
  ) -> GuideFamily? {
    if shape.exit == nil { return .heldBack(threshold: nil, floor: 1e-5) }
    if !exitsEarly, let letters = shape.letters {
      return .replay(length: shape.width, letters: letters)
    }
    return isListed ? .reachability : nil
  }

  // MARK: - Environment

  package var stateWidth: Int { shape.width }
  package var forwardActionCount: Int { shape.actions.count + 1 }
  package var backwardActionCount: Int { shape.actions.count }
  package var featureCount: Int { shape.featureCount }
  package var activeFeatureCount: Int { shape.activeFeatureCount }
  package var maximumLength: Int { states?.longest ?? shape.mostSteps }
  package var regions: (any ModeSet)? { nil }

  package func initialState(into state: MutableStatePointer) {
    shape.start.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { state.update(from: base, count: shape.width) }
    }
  }

  package func isInitial(_ state: StatePointer) -> Bool {
    shape.start.withUnsafeBufferPointer { start in
      for cell in start.indices where state[cell] != start[cell] { return false }
      return true
    }
  }

  package func forwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    shape.forwardMask(state, into: mask)
  }

  package func backwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    shape.backwardMask(state, into: mask)
  }

  package func encode(_ state: StatePointer, into indices: UnsafeMutablePointer<Int32>) -> Int {
    shape.inputs.withUnsafeBufferPointer { inputs in
      var count = 0
      for cell in inputs.indices {
        let input = inputs[cell]
        let value = state[cell]
        guard input.low <= value, value <= input.high else { continue }
        indices[count] = input.first + value - input.low
        count += 1
      }
      return count
    }
  }

  package func step(_ state: MutableStatePointer, forward action: Int) -> Int {
    if shape.isSimple {
      state[Int(shape.changes[action].cell)] += shape.changes[action].delta
    } else {
      _ = shape.apply(action, to: state)
    }
    return action
  }

  package func step(_ state: MutableStatePointer, backward action: Int) -> Int {
    if shape.isSimple {
      state[Int(shape.changes[action].cell)] -= shape.changes[action].delta
    } else {
      _ = shape.undo(action, in: state)
    }
    return action
  }

  package func reward(_ state: StatePointer) -> Double { formula?.reward(state) ?? .nan }

  package func logReward(_ state: StatePointer) -> Double { formula?.logReward(state) ?? .nan }

  package var rewardIsExponential: Bool { formula?.isLogarithm ?? false }

  package var enumeration: Enumeration? {
    states.map { Enumeration(states: $0.table.count, terminating: $0.terminating.count) }
  }

  package var beyondEnumeration: (size: String, remedy: String) {
    (
      "more than 2^20 states",
      "choose smaller parameters (at most 2^20 states), or look at 'sample'"
    )
  }

  package func index(of state: StatePointer) -> Int { states?.table.row(of: state) ?? 0 }

  package func state(at index: Int, into state: MutableStatePointer) {
    states?.table.copy(index, into: state)
  }

  package func list(_ range: Range<Int>, into rows: EdgeRows) {
    states?.list(range, into: rows, exit: exitAction)
  }

  package func terminatingIndex(of state: StatePointer) -> Int {
    guard let states, let row = states.table.row(of: state) else { return 0 }
    return max(0, Int(states.exits[row]))
  }

  package func terminatingState(at index: Int, into state: MutableStatePointer) {
    guard let states else { return }
    states.table.copy(Int(states.terminating[index]), into: state)
  }

  package func logRewards(of objects: Range<Int>, into result: UnsafeMutablePointer<Double>) {
    logRewards.withUnsafeBufferPointer { values in
      for (row, object) in objects.enumerated() {
        result[row] = values.indices.contains(object) ? values[object] : .nan
      }
    }
  }

  package var cellBounds: ClosedRange<Int32> {
    (shape.low.min() ?? 0)...(shape.high.max() ?? 0)
  }

  package func text(of state: StatePointer) -> String { DeclaredText.word(state, shape) }

  package func state(from input: StateInput) throws -> [Int32] {
    let cells = try DeclaredText.cells(input, shape)
    let isKnown = cells.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { states?.table.row(of: $0) != nil } ?? false
    }
    guard isKnown || states == nil else {
      throw CoreError.state(text: text(cells), reason: "no path from s0 leads there")
    }
    return cells
  }

  package func name(ofForward action: Int) -> String {
    action == shape.actions.count ? "exit" : shape.actions[action].name
  }

  package func name(ofBackward action: Int) -> String { shape.actions[action].name + "-" }

  package var formulaNames: FormulaNames { names }

  /// What was proved of it, or only tried.
  package var proof: String? {
    states == nil
      ? "'\(specification.kind)' has more than 2^20 states: that no path ends in a dead end and every step can "
        + "be undone was tried along \(DeclaredWalks.count) random walks both ways, sampled, not proved"
      : nil
  }
}

extension DeclaredShape {
  /// How many letters a sequence has that is filled slot by slot; nil where it is no such sequence. Every
  /// cell is empty at −1 and takes 0…n−1, and each action writes one of them into an empty cell.
  var letters: Int? {
    guard let first = blocks.first, first.high > 0, isSimple,
      blocks.allSatisfy({ $0.low == -1 && $0.start == -1 && $0.high == first.high })
    else { return nil }
    let letters = Int(first.high) + 1
    let writes = Set(
      changes.map { $0.low == -1 && $0.high == -1 ? [$0.cell, $0.delta - 1] : [-1, -1] })
    return changes.count == letters * width && writes.count == changes.count
      && !writes.contains([-1, -1]) ? letters : nil
  }
}

extension EnvironmentDeclaration {
  /// The values of its parameters: as given, else as declared.
  func settings(_ options: Options) -> [(name: String, value: Setting)] {
    parameters.map { parameter in
      let value: Setting =
        switch options[parameter.name] {
        case .number(let number): .number(number)
        case .boolean(let flag): .boolean(flag)
        case .numbers(let list): .numbers(list)
        case .text(let text): .text(text)
        default: parameter.standard
        }
      return (parameter.name, value)
    }
  }
}
