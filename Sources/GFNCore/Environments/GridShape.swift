/// The coordinates of a grid: `dim` of them in 0…side−1, the first the most significant in an index.
struct GridShape: Sendable, Equatable {
  let dim: Int
  let side: Int

  /// How many points there are; nil where they cannot be counted.
  var count: Int? { power(side, dim) }

  func index(of state: StatePointer) -> Int { state.number(digits: dim, base: side) }

  func state(at index: Int, into state: MutableStatePointer) {
    state.setNumber(index, digits: dim, base: side)
  }

  /// What one step along each axis adds to an index, of a grid whose points can be listed.
  func strides(into strides: UnsafeMutableBufferPointer<Int32>) {
    var value: Int32 = 1
    for axis in strides.indices.reversed() {
      strides[axis] = value
      value &*= Int32(side)
    }
  }

  /// Calls `body` with every point in index order, of which there must be few enough to count.
  func forEach(_ body: (StatePointer) throws -> Void) rethrows {
    var cells = [Int32](repeating: 0, count: dim)
    try cells.withUnsafeMutableBufferPointer { buffer in
      guard let state = buffer.baseAddress else { return }
      for _ in 0..<(count ?? 0) {
        try body(state)
        state.countUp(digits: dim, 0, Int32(side - 1))
      }
    }
  }
}
