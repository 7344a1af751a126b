import GFNParameters

/// Works out a declaration for one choice of its parameters.
struct DeclarationReading {
  let declaration: EnvironmentDeclaration
  /// The parameters and, once they are known, the cells.
  private(set) var names: FormulaNames
  private let texts: [String: String]
  private var blocks: [DeclaredShape.Block] = []
  private var changes: [DeclaredShape.Change] = []
  private var actions: [DeclaredShape.Action] = []
  private var conditions: [FormulaCode] = []
  /// Values of indices that were looked at.
  private var looked = 0

  static let mostCells = 1 << 16
  static let mostActions = 1 << 16
  private static let mostInputs = 1 << 26
  private static let values = -500_000_000...500_000_000

  init(
    _ declaration: EnvironmentDeclaration,
    _ settings: [(name: String, value: EnvironmentDeclaration.Setting)]
  ) {
    self.declaration = declaration
    var meanings: [String: FormulaNames.Meaning] = [:]
    var texts: [String: String] = [:]
    for (name, value) in settings {
      switch value {
      case .number(let number): meanings[name] = .number(number)
      case .boolean(let flag): meanings[name] = .abbreviation(.boolean(flag))
      case .numbers(let list): meanings[name] = .list(list)
      case .text(let text): texts[name] = text
      }
    }
    names = FormulaNames(meanings)
    self.texts = texts
  }

  /// - Throws: `CoreError.declaration`.
  mutating func shape() throws -> DeclaredShape {
    for cells in declaration.cells { try add(cells) }
    guard !blocks.isEmpty else {
      throw refuse("there are no cells", "declare some: cells x[3] in 0..1")
    }
    nameCells()
    for (number, action) in declaration.actions.enumerated() { try add(action, family: number) }
    guard !actions.isEmpty else {
      throw refuse("there is no action", "declare one: action add(i in 0..2) { x[i]: 0 -> 1 }")
    }
    let exit = try declaration.exit.map { try condition($0, "exit when", names) }
    return DeclaredShape(
      blocks: blocks, actions: actions, changes: changes, conditions: conditions,
      // A condition that always holds costs nothing.
      exit: exit?.constant == 1 ? nil : exit)
  }

  func refuse(_ reason: String, _ remedy: String) -> CoreError {
    .declaration(name: declaration.name, reason: reason, remedy: remedy)
  }

  // MARK: - Cells

  private mutating func add(_ cells: EnvironmentDeclaration.Cells) throws {
    let place = "cells \(cells.name)"
    let count = try cells.count.map { try integer($0, place, in: 1...Self.mostCells) } ?? 1
    let first = blocks.reduce(0) { $0 + $1.count }
    guard first + count <= Self.mostCells else {
      throw refuse("\(place): there are more than \(Self.mostCells) cells", "declare fewer")
    }
    let low = try integer(cells.low, place)
    let high = try integer(cells.high, place)
    guard low < high else {
      throw refuse(
        "\(place): from \(low) to \(high) there are no two values", "write it as LOW..HIGH")
    }
    let start = try cells.start.map { try integer($0, place) } ?? low
    guard (low...high).contains(start) else {
      throw refuse(
        "\(place): start \(start) lies outside \(low)..\(high)", "start within the bounds")
    }
    let inputs: ClosedRange<Int32>?
    switch cells.inputs {
    case .all: inputs = Int32(low)...Int32(high)
    case .none: inputs = nil
    case .range(let from, let to):
      let (from, to) = (try integer(from, place), try integer(to, place))
      guard low <= from, from <= to, to <= high else {
        throw refuse(
          "\(place): inputs \(from)..\(to) lie outside \(low)..\(high)", "keep them within")
      }
      inputs = Int32(from)...Int32(to)
    }
    let earlier = blocks.reduce(0) { $0 + $1.count * ($1.inputs?.count ?? 0) }
    guard earlier + count * (inputs?.count ?? 0) <= Self.mostInputs else {
      throw CoreError.tooLarge(
        what: "the k-hot input of '\(declaration.name)'", size: "more than 2^26 numbers",
        remedy: "declare fewer cells, or fewer values")
    }
    blocks.append(
      DeclaredShape.Block(
        name: cells.name, first: first, count: count, isSingle: cells.count == nil,
        low: Int32(low), high: Int32(high), start: Int32(start), inputs: inputs,
        letters: try letters(cells, place, count: high - low + 1)))
  }

  private func letters(
    _ cells: EnvironmentDeclaration.Cells, _ place: String, count: Int
  ) throws -> [Character] {
    let text: String
    switch cells.letters {
    case nil: return []
    case .text(let given)?: text = given
    case .name(let name)? where texts[name] != nil: text = texts[name] ?? ""
    default:
      throw refuse("\(place): letters are a text", "write letters \"_01\"")
    }
    let letters = Array(text)
    guard letters.count == count else {
      throw refuse(
        "\(place): '\(text)' has \(counted(letters.count, "letter")) for \(count) values",
        "give one for each value, from the lowest on")
    }
    guard Set(letters).count == count,
      letters.allSatisfy({ !$0.isWhitespace && !$0.isNewline && !",\"'".contains($0) })
    else {
      throw refuse(
        "\(place): the letters '\(text)' must be different, and no blank, comma or quote",
        "choose others")
    }
    return letters
  }

  private mutating func nameCells() {
    for block in blocks {
      names.meanings[block.name] =
        block.isSingle ? .cell(block.first) : .cells(first: block.first, count: block.count)
    }
    // A letter that means different values in different cells means none.
    var values: [String: Set<Double>] = [:]
    for block in blocks {
      for (offset, letter) in block.letters.enumerated() {
        values[String(letter), default: []].insert(Double(Int(block.low) + offset))
      }
    }
    names.letters = values.compactMapValues { $0.count == 1 ? $0.first : nil }
  }

  // MARK: - Actions

  private mutating func add(_ action: EnvironmentDeclaration.Action, family: Int) throws {
    let place = "action \(action.name)"
    guard !action.changes.isEmpty else {
      throw refuse("\(place): it changes nothing", "write a change: x[i]: 0 -> 1")
    }
    let ownIndices = Set(action.indices.map(\.name))
    // One that all its instances share is looked at once for all.
    let shared =
      action.condition.map { $0.freeNames.isDisjoint(with: ownIndices) } == true
      ? try action.condition.map { try number(of: condition($0, place, names)) } : nil
    try forEachInstance(of: action, place) { reading, names, numbers in
      let first = reading.changes.count
      for change in action.changes {
        reading.changes.append(try reading.change(change, place, names))
      }
      try reading.checkDistinct(first..<reading.changes.count, place)
      guard reading.actions.count < Self.mostActions else {
        throw CoreError.tooLarge(
          what: "'\(reading.declaration.name)'", size: "more than \(Self.mostActions) actions",
          remedy: "choose smaller ranges for the indices of its actions")
      }
      let own =
        try shared
        ?? action.condition.map { tree in
          reading.number(of: try reading.condition(tree, place, names))
        }
      reading.actions.append(
        DeclaredShape.Action(
          family: family, changes: first..<reading.changes.count, condition: own ?? -1,
          name: Self.name(action.name, numbers)))
    }
  }

  private static func name(_ name: String, _ numbers: [Int]) -> String {
    guard !numbers.isEmpty else { return name }
    let separator = name.last?.isNumber == true ? "_" : ""
    return name + separator + numbers.map(String.init).joined(separator: "_")
  }

  private mutating func number(of code: FormulaCode) -> Int {
    conditions.append(code)
    return conditions.count - 1
  }

  /// All combinations of the indices, the first the slowest.
  private mutating func forEachInstance(
    of action: EnvironmentDeclaration.Action, _ place: String,
    _ body: (inout DeclarationReading, FormulaNames, [Int]) throws -> Void
  ) throws {
    func go(
      _ reading: inout DeclarationReading, _ names: FormulaNames, _ numbers: [Int]
    ) throws {
      guard numbers.count < action.indices.count else {
        return try body(&reading, names, numbers)
      }
      let index = action.indices[numbers.count]
      let low = try reading.integer(index.low, place, names)
      let high = try reading.integer(index.high, place, names)
      guard high - low < Self.mostActions else {
        throw CoreError.tooLarge(
          what: "'\(reading.declaration.name)'", size: "more than \(Self.mostActions) actions",
          remedy: "choose a smaller range for '\(index.name)'")
      }
      for number in stride(from: low, through: high, by: 1) {
        // Ranges within may be empty.
        reading.looked += 1
        guard reading.looked <= 1 << 20 else {
          throw CoreError.tooLarge(
            what: "'\(reading.declaration.name)'", size: "more than 2^20 values of its indices",
            remedy: "choose smaller ranges for the indices of its actions")
        }
        var names = names
        names.meanings[index.name] = .number(Double(number))
        try go(&reading, names, numbers + [number])
      }
    }
    try go(&self, names, [])
  }

  private func change(
    _ change: EnvironmentDeclaration.Change, _ place: String, _ names: FormulaNames
  ) throws -> DeclaredShape.Change {
    let place = "\(place), \(change.source)"
    guard let block = blocks.first(where: { $0.name == change.cells }) else {
      throw refuse("\(place): there are no cells '\(change.cells)'", "declare them first")
    }
    var cell = block.first
    var dynamic: FormulaCode?
    if let tree = change.index {
      let code = try compiled(tree, place, names)
      if let constant = code.constant {
        guard let number = Int(exactly: constant), (0..<block.count).contains(number) else {
          throw refuse(
            "\(place): there is no \(block.name)[\(formatted(constant))]; the cells are "
              + "\(block.name)[0] to \(block.name)[\(block.count - 1)]",
            "correct the range of the index")
        }
        cell += number
      } else {
        dynamic = code
      }
    } else if !block.isSingle {
      throw refuse(
        "\(place): which of the \(block.count) cells is not said", "write \(block.name)[i]: …")
    }
    let (low, high, delta) = try effect(change.effect, block, place, names)
    return DeclaredShape.Change(
      cell: Int32(cell), low: low, high: high, delta: delta, index: dynamic,
      count: Int32(block.count))
  }

  private func effect(
    _ effect: EnvironmentDeclaration.Effect, _ block: DeclaredShape.Block, _ place: String,
    _ names: FormulaNames
  ) throws -> (low: Int32, high: Int32, delta: Int32) {
    let bounds = Int(block.low)...Int(block.high)
    switch effect {
    case .replace(let old, let new):
      let (old, new) = (try integer(old, place, names), try integer(new, place, names))
      for value in [old, new] where !bounds.contains(value) {
        throw refuse(
          "\(place): \(value) lies outside \(block.low)..\(block.high)",
          "keep changes within the bounds of '\(block.name)'")
      }
      guard old != new else {
        throw refuse("\(place): \(old) becomes \(new), which changes nothing", "leave it out")
      }
      return (Int32(old), Int32(old), Int32(new - old))
    case .add(let tree):
      let number = try integer(tree, place, names)
      guard number != 0, abs(number) <= bounds.count - 1 else {
        throw refuse(
          "\(place): no value of \(block.low)..\(block.high) can change by \(number)",
          "change by 1 to \(bounds.count - 1)")
      }
      let low = number > 0 ? bounds.lowerBound : bounds.lowerBound - number
      let high = number > 0 ? bounds.upperBound - number : bounds.upperBound
      return (Int32(low), Int32(high), Int32(number))
    }
  }

  /// Cells that are known must be different: one value cannot be changed twice and undone.
  private func checkDistinct(_ range: Range<Int>, _ place: String) throws {
    var seen: Set<Int32> = []
    for change in changes[range] where change.index == nil {
      guard seen.insert(change.cell).inserted else {
        throw refuse(
          "\(place): it changes the same cell twice", "say in one change what becomes of it")
      }
    }
  }

  // MARK: - Formulas

  func compiled(
    _ tree: FormulaTree, _ place: String, _ names: FormulaNames
  ) throws -> FormulaCode {
    do {
      return try FormulaCompiler.compile(tree, names)
    } catch let problem as FormulaProblem {
      throw refuse("\(place): \(problem)", "correct it in the declaration")
    }
  }

  func condition(
    _ tree: FormulaTree, _ place: String, _ names: FormulaNames
  ) throws -> FormulaCode {
    let code = try compiled(tree, place, names)
    guard code.isCondition else {
      throw refuse(
        "\(place): '\(tree.source)' is a number, not a condition", "compare it with another one")
    }
    return code
  }

  private func integer(
    _ tree: FormulaTree, _ place: String, _ given: FormulaNames? = nil,
    in range: ClosedRange<Int> = values
  ) throws -> Int {
    let code = try compiled(tree, place, given ?? names)
    guard let value = code.constant else {
      throw refuse(
        "\(place): '\(tree.source)' depends on the state", "use numbers, parameters and indices")
    }
    guard let integer = Int(exactly: value), range.contains(integer) else {
      throw refuse(
        "\(place): '\(tree.source)' is \(formatted(value)), not an integer from "
          + "\(range.lowerBound) to \(range.upperBound)",
        "choose another value")
    }
    return integer
  }
}
