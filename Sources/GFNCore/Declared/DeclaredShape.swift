import GFNParameters

/// The cells and actions of a declared environment for one choice of its parameters, with everything
/// worked out: what its hot loops read.
///
/// A change is allowed where its cell lies in `low...high`, and adds `delta`; undone it needs
/// `low + delta ... high + delta`. That covers `A -> B` (low = high = A, delta = B − A) and `+K`.
final class DeclaredShape: Sendable {
  struct Block: Sendable {
    var name: String
    var first: Int
    var count: Int
    /// Declared without a count: a name of one cell.
    var isSingle: Bool
    var low: Int32
    var high: Int32
    var start: Int32
    var inputs: ClosedRange<Int32>?
    var letters: [Character]
  }

  struct Change: Sendable {
    /// The cell, where it is always the same one.
    var cell: Int32
    var low: Int32
    var high: Int32
    var delta: Int32
    /// Where the cell depends on the state: its index among the `count` cells from `cell` on.
    var index: FormulaCode?
    var count: Int32
  }

  struct Action: Sendable {
    var family: Int
    var changes: Range<Int>
    /// The number of its condition among `conditions`, −1 where it has none.
    var condition: Int
    var name: String
  }

  let blocks: [Block]
  let width: Int
  let actions: [Action]
  let changes: [Change]
  let conditions: [FormulaCode]
  /// Where a trajectory may end; nil where it may end anywhere.
  let exit: FormulaCode?
  /// Every action makes one change of a cell that is always the same, and has no condition.
  let isSimple: Bool
  /// Every action raises this sum of ±cells, so that no path comes back: the factors by cell; else nil.
  let potential: [Int32]?
  let start: [Int32]
  /// By cell.
  let low: [Int32]
  let high: [Int32]
  let inputs: [(first: Int32, low: Int32, high: Int32)]
  let featureCount: Int
  let activeFeatureCount: Int

  init(
    blocks: [Block], actions: [Action], changes: [Change], conditions: [FormulaCode],
    exit: FormulaCode?
  ) {
    self.blocks = blocks
    self.actions = actions
    self.changes = changes
    self.conditions = conditions
    self.exit = exit
    width = blocks.reduce(0) { $0 + $1.count }
    isSimple = actions.allSatisfy {
      $0.condition < 0 && $0.changes.count == 1 && changes[$0.changes.lowerBound].index == nil
    }
    start = blocks.flatMap { [Int32](repeating: $0.start, count: $0.count) }
    low = blocks.flatMap { [Int32](repeating: $0.low, count: $0.count) }
    high = blocks.flatMap { [Int32](repeating: $0.high, count: $0.count) }
    var inputs: [(first: Int32, low: Int32, high: Int32)] = []
    var count: Int32 = 0
    for block in blocks {
      for _ in 0..<block.count {
        let range = block.inputs
        // An empty range: no value has an input.
        inputs.append((count, range?.lowerBound ?? 0, range?.upperBound ?? -1))
        count += range.map { Int32($0.count) } ?? 0
      }
    }
    self.inputs = inputs
    featureCount = Int(count)
    activeFeatureCount = inputs.count { $0.low <= $0.high }
    potential = Self.potential(width: width, actions, changes)
  }

  /// Cells that always go one way count with that sign; it holds where each action moves the sum.
  private static func potential(
    width: Int, _ actions: [Action], _ changes: [Change]
  ) -> [Int32]? {
    var rises = [Bool](repeating: false, count: width)
    var falls = rises
    func cells(_ change: Change) -> Range<Int> {
      Int(change.cell)..<(Int(change.cell) + (change.index == nil ? 1 : Int(change.count)))
    }
    for change in changes {
      for cell in cells(change) {
        if change.delta > 0 { rises[cell] = true } else { falls[cell] = true }
      }
    }
    let signs = (0..<width).map { rises[$0] == falls[$0] ? Int32(0) : rises[$0] ? 1 : -1 }
    for action in actions {
      var sum = 0
      for change in changes[action.changes] {
        let range = cells(change)
        // Of cells that go different ways, which one it will be is not known.
        let sign = signs[range.lowerBound]
        if range.allSatisfy({ signs[$0] == sign }) { sum += Int(sign) * Int(change.delta) }
      }
      if sum <= 0 { return nil }
    }
    return signs
  }

  /// The most actions that a path can have where `potential` holds.
  var mostSteps: Int {
    guard let potential else { return .max }
    return (0..<width).reduce(0) { sum, cell in
      switch potential[cell] {
      case 1: sum + Int(high[cell]) - Int(start[cell])
      case -1: sum + Int(start[cell]) - Int(low[cell])
      default: sum
      }
    }
  }

  // MARK: - Steps

  /// Whether a condition holds.
  @inline(__always)
  private func holds(_ action: Int, _ state: StatePointer) -> Bool {
    let condition = actions[action].condition
    return condition < 0 || conditions[condition].holds(state)
  }

  /// The cell of a change, or nil where its index is none.
  private func cell(of change: Change, _ state: StatePointer) -> Int? {
    guard let index = change.index else { return Int(change.cell) }
    let value = index(state)
    guard let number = Int32(exactly: value), number >= 0, number < change.count else { return nil }
    return Int(change.cell + number)
  }

  /// Makes the changes of an action one after the other.
  /// - Returns: whether all were possible; else nothing is changed.
  func apply(_ action: Int, to state: MutableStatePointer) -> Bool {
    let range = actions[action].changes
    for (done, place) in range.enumerated() {
      let change = changes[place]
      if let cell = cell(of: change, state), change.low <= state[cell], state[cell] <= change.high {
        state[cell] += change.delta
        // What a change depends on must be there unchanged when it is undone.
        if self.cell(of: change, state) == cell { continue }
        state[cell] -= change.delta
      }
      for earlier in range.prefix(done).reversed() {
        let change = changes[earlier]
        if let cell = self.cell(of: change, state) { state[cell] -= change.delta }
      }
      return false
    }
    return true
  }

  /// Undoes the changes of an action, the last first.
  /// - Returns: whether all could be undone; else nothing is changed.
  func undo(_ action: Int, in state: MutableStatePointer) -> Bool {
    let range = actions[action].changes
    for (done, place) in range.reversed().enumerated() {
      let change = changes[place]
      if let cell = cell(of: change, state), change.low <= state[cell] - change.delta,
        state[cell] - change.delta <= change.high
      {
        state[cell] -= change.delta
        if self.cell(of: change, state) == cell { continue }
        state[cell] += change.delta
      }
      for later in range.suffix(done) {
        let change = changes[later]
        if let cell = self.cell(of: change, state) { state[cell] += change.delta }
      }
      return false
    }
    return true
  }

  func forwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    mask[actions.count] = exit?.holds(state) ?? true
    if isSimple {
      changes.withUnsafeBufferPointer { changes in
        for action in changes.indices {
          let value = state[Int(changes[action].cell)]
          mask[action] = changes[action].low <= value && value <= changes[action].high
        }
      }
      return
    }
    withScratch(state) { scratch in
      var known = -1
      var holds = true
      for action in actions.indices {
        let condition = actions[action].condition
        if condition >= 0, condition != known {
          known = condition
          holds = conditions[condition].holds(state)
        }
        guard condition < 0 || holds else {
          mask[action] = false
          continue
        }
        mask[action] = apply(action, to: scratch)
        if mask[action] { _ = undo(action, in: scratch) }
      }
    }
  }

  func backwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    if isSimple {
      changes.withUnsafeBufferPointer { changes in
        for action in changes.indices {
          let value = state[Int(changes[action].cell)] - changes[action].delta
          mask[action] = changes[action].low <= value && value <= changes[action].high
        }
      }
      return
    }
    withScratch(state) { scratch in
      for action in actions.indices {
        mask[action] = undo(action, in: scratch)
        guard mask[action] else { continue }
        mask[action] = holds(action, scratch)
        _ = apply(action, to: scratch)
      }
    }
  }

  private func withScratch(_ state: StatePointer, _ body: (MutableStatePointer) -> Void) {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: width) { buffer in
      guard let scratch = buffer.baseAddress else { return }
      scratch.update(from: state, count: width)
      body(scratch)
    }
  }

  func isInBounds(_ state: StatePointer) -> Bool {
    for cell in 0..<width where state[cell] < low[cell] || state[cell] > high[cell] { return false }
    return true
  }
}
