import GFNParameters

/// All states of a declared environment, numbered so that every edge goes up, with their edges.
final class DeclaredStates: Sendable {
  let table: StateTable
  /// Edges of state s are `offsets[s] ..< offsets[s + 1]`, in the order of their actions, exit apart.
  let offsets: [Int32]
  let actions: [Int32]
  let children: [Int32]
  /// By state, −1 where it may not exit; and the states that may.
  let exits: [Int32]
  let terminating: [Int32]
  /// Actions of the longest path.
  let longest: Int

  /// The most states that are listed.
  static let mostStates = 1 << 20
  private static let mostEdges = 1 << 25
  /// A GiB.
  private static let mostCells = 1 << 28

  /// - Returns: nil where there are too many.
  /// - Throws: `CoreError.declaration` for what is no pointed directed acyclic graph.
  static func list(_ shape: DeclaredShape, name: String) throws -> DeclaredStates? {
    let states = min(mostStates, mostCells / shape.width)
    guard let search = try DeclaredSearch(shape, name: name, states, mostEdges) else {
      return nil
    }
    return try DeclaredStates(search)
  }

  private init(_ search: DeclaredSearch) throws {
    let shape = search.shape
    let count = search.table.count
    let depths = try search.depths()
    longest = Int(depths.max() ?? 0)
    // Where no cell ever falls, the order of numbers does; it is that of shipped grids and sequences.
    let isRaising = shape.changes.allSatisfy { $0.delta > 0 }
    let width = shape.width
    let order: [Int32] =
      search.table.withCells { cells in
        func isBefore(_ left: Int32, _ right: Int32) -> Bool {
          if !isRaising, depths[Int(left)] != depths[Int(right)] {
            return depths[Int(left)] < depths[Int(right)]
          }
          let (first, second) = (cells + Int(left) * width, cells + Int(right) * width)
          for cell in 0..<width where first[cell] != second[cell] {
            return first[cell] < second[cell]
          }
          return false
        }
        return (0..<Int32(count)).sorted(by: isBefore)
      } ?? []
    var numbers = [Int32](repeating: 0, count: count)
    for (new, old) in order.enumerated() { numbers[Int(old)] = Int32(new) }
    var table = StateTable(width: width)
    search.table.withCells { cells in
      for old in order { _ = table.insert(cells + Int(old) * width) }
    }
    self.table = table
    var offsets: [Int32] = [0]
    var actions: [Int32] = []
    var children: [Int32] = []
    var exits = [Int32](repeating: -1, count: count)
    var terminating: [Int32] = []
    offsets.reserveCapacity(count + 1)
    actions.reserveCapacity(search.actions.count)
    children.reserveCapacity(search.actions.count)
    for (new, old) in order.enumerated() {
      for edge in search.edges(Int(old)) {
        actions.append(search.actions[edge])
        children.append(numbers[Int(search.children[edge])])
      }
      offsets.append(Int32(actions.count))
      guard search.exits[Int(old)] else { continue }
      exits[new] = Int32(terminating.count)
      terminating.append(Int32(new))
    }
    self.offsets = offsets
    self.actions = actions
    self.children = children
    self.exits = exits
    self.terminating = terminating
  }

  func list(_ states: Range<Int>, into rows: EdgeRows, exit: Int) {
    let width = table.width
    table.withCells { cells in
      rows.cells.update(from: cells + states.lowerBound * width, count: states.count * width)
    }
    for (row, state) in states.enumerated() {
      var edge = row * rows.stride
      for place in Int(offsets[state])..<Int(offsets[state + 1]) {
        rows.actions[edge] = actions[place]
        rows.children[edge] = children[place]
        edge += 1
      }
      rows.counts[row] = offsets[state + 1] - offsets[state]
      rows.exits[row] = exits[state]
      if exits[state] >= 0 { rows.actions[edge] = Int32(exit) }
    }
  }
}
