/// The distinct states of a batch: an open-addressing table from a state's cells to a row number.
/// Rows are stored contiguously in the order of insertion.
package struct StateTable: Sendable {
  /// Cells a state.
  package let width: Int
  package private(set) var count = 0
  private var cells: [Int32] = []
  /// Row + 1, 0 where empty; a power of two of them, at most two thirds full.
  private var slots: [Int32]

  package init(width: Int) {
    self.width = width
    slots = [Int32](repeating: 0, count: 64)
  }

  var byteCount: Int { 4 * (cells.count + slots.count) }

  /// Forgets the states and keeps the storage.
  package mutating func removeAll() {
    count = 0
    for index in slots.indices { slots[index] = 0 }
  }

  /// Calls `body` with the cells of all rows.
  @discardableResult
  func withCells<Result>(_ body: (StatePointer) throws -> Result) rethrows -> Result? {
    try cells.withUnsafeBufferPointer { buffer in
      try buffer.baseAddress.map(body)
    }
  }

  package func state(_ row: Int) -> [Int32] {
    precondition(row < count, "row \(row) of \(count)")
    return Array(cells[(row * width)..<((row + 1) * width)])
  }

  /// Copies a row's cells.
  func copy(_ row: Int, into target: MutableStatePointer) {
    cells.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      target.update(from: base + row * width, count: width)
    }
  }

  /// The row of a state, nil where it has none.
  func row(of state: StatePointer) -> Int? {
    let slot = find(state)
    return slots[slot] == 0 ? nil : Int(slots[slot]) - 1
  }

  /// The row of a state that may be new.
  mutating func insert(_ state: StatePointer) -> (row: Int, isNew: Bool) {
    if (count + 1) * 3 > slots.count * 2 { grow() }
    let slot = find(state)
    if slots[slot] != 0 { return (Int(slots[slot]) - 1, false) }
    let row = count
    let end = (row + 1) * width
    if cells.count < end {
      cells.append(
        contentsOf: repeatElement(0, count: max(end - cells.count, cells.count / 2)))
    }
    cells.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      (base + row * width).update(from: state, count: width)
    }
    slots[slot] = Int32(truncatingIfNeeded: row + 1)
    count += 1
    return (row, true)
  }

  /// The slot that holds the state, or the empty one where it belongs.
  private func find(_ state: StatePointer) -> Int {
    slots.withUnsafeBufferPointer { slots in
      cells.withUnsafeBufferPointer { cells in
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: Self.hash(state, width)) & mask
        while slots[slot] != 0 {
          let offset = (Int(slots[slot]) - 1) * width
          var cell = 0
          while cell < width, cells[offset + cell] == state[cell] { cell += 1 }
          if cell == width { return slot }
          slot = (slot + 1) & mask
        }
        return slot
      }
    }
  }

  private mutating func grow() {
    let old = slots
    slots = [Int32](repeating: 0, count: old.count * 2)
    let mask = slots.count - 1
    cells.withUnsafeBufferPointer { cells in
      guard let base = cells.baseAddress else { return }
      for entry in old where entry != 0 {
        var slot =
          Int(truncatingIfNeeded: Self.hash(base + (Int(entry) - 1) * width, width)) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = entry
      }
    }
  }

  /// Multiply and fold, cell by cell (Fibonacci hashing with a final mix).
  private static func hash(_ state: StatePointer, _ width: Int) -> UInt64 {
    var value: UInt64 = 0x9E37_79B9_7F4A_7C15
    for cell in 0..<width {
      value =
        (value ^ UInt64(truncatingIfNeeded: UInt32(bitPattern: state[cell])))
        &* 0xFF51_AFD7_ED55_8CCD
      value ^= value >> 32
    }
    return value
  }
}

extension StateTable: Checkpointed {
  /// The rows in their order; all else follows from them.
  mutating func code(_ coder: inout StateCoder) throws {
    for derived in ["width", "count", "slots"] { coder.visit(derived) }
    var rows = Array(cells.prefix(count * width))
    try coder.code("cells", cells: &rows, width: width)
    guard coder.isReading else { return }
    let number = rows.count / width
    self = StateTable(width: width)
    rows.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for row in 0..<number { _ = insert(base + row * width) }
    }
    guard count == number else { throw coder.broken("cells", "names a state twice") }
  }
}
