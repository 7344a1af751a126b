/// Room for consecutive states with their cells and outgoing edges, one row a state: what programmes
/// over all states read instead of masks.
///
/// Edges lie in the order of their actions, those of row r from `r · stride` on: first
/// `counts[r]` ordinary ones, then the exit where there is one.
package struct EdgeRows {
  /// `[rows, stateWidth]`
  package let cells: MutableStatePointer
  /// The forward action of each edge, `[rows, stride]`.
  package let actions: UnsafeMutablePointer<Int32>
  /// The index of the child each ordinary edge leads to, `[rows, stride]`. 2^24 states at most are
  /// enumerated, so 32 bits hold an index.
  package let children: UnsafeMutablePointer<Int32>
  /// Ordinary edges of each row.
  package let counts: UnsafeMutablePointer<Int32>
  /// The terminating index of each row's state, −1 where it may not exit.
  package let exits: UnsafeMutablePointer<Int32>
  /// The environment's `forwardActionCount`.
  package let stride: Int
  let width: Int

  /// The rows from `row` on.
  func from(_ row: Int) -> EdgeRows {
    EdgeRows(
      cells: cells + row * width, actions: actions + row * stride,
      children: children + row * stride, counts: counts + row, exits: exits + row,
      stride: stride, width: width)
  }

  /// Makes the state of row `row` the one that follows on that of the row before: see `countUp`.
  func follow(_ row: Int, digits: Int, _ least: Int32, _ greatest: Int32) {
    let state = cells + row * width
    state.update(from: state - width, count: width)
    state.countUp(digits: digits, least, greatest)
  }
}

extension Environment {
  package func logRewards(of objects: Range<Int>, into result: UnsafeMutablePointer<Double>) {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: stateWidth) { buffer in
      guard let state = buffer.baseAddress else { return }
      for (row, index) in objects.enumerated() {
        terminatingState(at: index, into: state)
        result[row] = logReward(state)
      }
    }
  }

  package func list(_ states: Range<Int>, into rows: EdgeRows) {
    let exit = exitAction
    withUnsafeTemporaryAllocation(of: Bool.self, capacity: forwardActionCount) { mask in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: stateWidth) { child in
        guard let mask = mask.baseAddress, let child = child.baseAddress else { return }
        for (row, index) in states.enumerated() {
          let cells = rows.cells + row * stateWidth
          state(at: index, into: cells)
          forwardMask(cells, into: mask)
          let first = row * rows.stride
          var edge = first
          for action in 0..<exit where mask[action] {
            child.update(from: cells, count: stateWidth)
            _ = step(child, forward: action)
            rows.actions[edge] = Int32(action)
            rows.children[edge] = Int32(self.index(of: child))
            edge += 1
          }
          rows.counts[row] = Int32(edge - first)
          rows.exits[row] = mask[exit] ? Int32(terminatingIndex(of: cells)) : -1
          if mask[exit] { rows.actions[edge] = Int32(exit) }
        }
      }
    }
  }
}
