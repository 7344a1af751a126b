import GFNParameters

/// Finds all states of a declared environment from s0 on, breadth first, and what is wrong with them.
struct DeclaredSearch {
  let shape: DeclaredShape
  private let name: String
  private(set) var table: StateTable
  private(set) var offsets: [Int] = [0]
  private(set) var actions: [Int32] = []
  private(set) var children: [Int32] = []
  private(set) var exits: [Bool] = []
  /// How each state was found first: from which, by which action.
  private var origins: [(state: Int32, action: Int32)] = [(-1, -1)]

  private static let interval = 64

  /// - Returns: nil where there are more states or edges.
  /// - Throws: `CoreError.declaration` for a dead end, for an undone state that no path reaches, and where
  ///   undoing leads back from s0.
  init?(_ shape: DeclaredShape, name: String, _ mostStates: Int, _ mostEdges: Int) throws {
    self.shape = shape
    self.name = name
    table = StateTable(width: shape.width)
    let start = shape.start
    start.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { _ = table.insert(base) }
    }
    let exit = shape.actions.count
    var isComplete = true
    try withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * shape.width) { buffer in
      try withUnsafeTemporaryAllocation(of: Bool.self, capacity: exit + 1) { mask in
        guard let state = buffer.baseAddress, let mask = mask.baseAddress else { return }
        let child = state + shape.width
        var number = 0
        while number < table.count {
          if number % Self.interval == 0 { try Interruption.check() }
          table.copy(number, into: state)
          shape.forwardMask(state, into: mask)
          var isDead = !mask[exit]
          for action in 0..<exit where mask[action] {
            isDead = false
            child.update(from: state, count: shape.width)
            _ = shape.apply(action, to: child)
            let (row, isNew) = table.insert(child)
            if isNew { origins.append((Int32(number), Int32(action))) }
            actions.append(Int32(action))
            children.append(Int32(row))
          }
          if isDead {
            throw refuse(
              "\(text(number)) is a dead end: no action is possible there, and it is no end",
              "allow 'exit' there, or another action", number)
          }
          exits.append(mask[exit])
          offsets.append(actions.count)
          number += 1
          guard table.count <= mostStates, actions.count <= mostEdges else {
            isComplete = false
            return
          }
        }
        try checkUndoing(state, child, mask)
      }
    }
    guard isComplete else { return nil }
  }

  func edges(_ state: Int) -> Range<Int> { offsets[state]..<offsets[state + 1] }

  /// Every action that can be undone in a state leads back to a state that s0 reaches.
  private func checkUndoing(
    _ state: MutableStatePointer, _ parent: MutableStatePointer, _ mask: UnsafeMutablePointer<Bool>
  ) throws {
    for number in 0..<table.count {
      if number % Self.interval == 0 { try Interruption.check() }
      table.copy(number, into: state)
      shape.backwardMask(state, into: mask)
      for action in shape.actions.indices where mask[action] {
        parent.update(from: state, count: shape.width)
        _ = shape.undo(action, in: parent)
        guard table.row(of: parent) == nil else { continue }
        let undone = DeclaredText.state(parent, shape)
        throw refuse(
          "in \(text(number)) '\(shape.actions[action].name)' can be undone, but no path leads from s0 to "
            + "\(undone), where that leads",
          "let the action's condition (when) hold only where paths go", number)
      }
    }
  }

  /// The length of the longest path to each state.
  /// - Throws: `CoreError.declaration` for a cycle.
  func depths() throws -> [Int32] {
    let count = table.count
    var missing = [Int32](repeating: 0, count: count)
    for child in children { missing[Int(child)] += 1 }
    var depths = [Int32](repeating: 0, count: count)
    var ready: [Int32] = missing[0] == 0 ? [0] : []
    var done = 0
    while done < ready.count {
      if done % Self.interval == 0 { try Interruption.check() }
      let state = Int(ready[done])
      done += 1
      for edge in edges(state) {
        let child = Int(children[edge])
        depths[child] = max(depths[child], depths[state] + 1)
        missing[child] -= 1
        if missing[child] == 0 { ready.append(Int32(child)) }
      }
    }
    guard done == count else { throw cycle(missing) }
    return depths
  }

  /// The first state, in the order of their finding, that a path leads back to.
  private func cycle(_ missing: [Int32]) -> CoreError {
    let left = missing.indices.filter { missing[$0] > 0 }
    for state in left {
      guard let path = wayBack(to: state) else { continue }
      let names = path.map { shape.actions[Int($0)].name }.joined(separator: ", ")
      return refuse(
        "it has a cycle: from \(text(state)) the actions \(names) lead back to it",
        "let every action change something that no other takes back", state)
    }
    return refuse("it has a cycle", "let every action go one way", left.first ?? 0)
  }

  /// The actions of a shortest path from a state to itself.
  private func wayBack(to state: Int) -> [Int32]? {
    var origins: [Int: (state: Int, action: Int32)] = [:]
    var open = [state]
    var next = 0
    while next < open.count {
      let current = open[next]
      next += 1
      for edge in edges(current) {
        let child = Int(children[edge])
        if child == state {
          var path = [actions[edge]]
          var place = current
          while place != state, let origin = origins[place] {
            path.append(origin.action)
            place = origin.state
          }
          return path.reversed()
        }
        if origins[child] == nil {
          origins[child] = (current, actions[edge])
          open.append(child)
        }
      }
    }
    return nil
  }

  // MARK: - Errors

  private func text(_ number: Int) -> String {
    table.state(number).withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { DeclaredText.state($0, shape) } ?? ""
    }
  }

  /// - Parameter number: the state that shows it; its path from s0 is told.
  private func refuse(_ reason: String, _ remedy: String, _ number: Int) -> CoreError {
    .declaration(name: name, reason: reason + path(to: number), remedy: remedy)
  }

  /// ` (by up0, up1)`, the way from s0.
  func path(to number: Int) -> String {
    var names: [String] = []
    var place = number
    while place > 0, origins.indices.contains(place) {
      names.append(shape.actions[Int(origins[place].action)].name)
      place = Int(origins[place].state)
    }
    return DeclaredText.path(names.reversed())
  }
}
