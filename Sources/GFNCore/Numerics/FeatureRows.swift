/// The active inputs of every row's encoding, shared by all networks that read it.
final class FeatureRows {
  let encoding: InputEncoding
  let width: Int
  /// `[rows, width]`, of which each row has so many.
  let indices = Buffer<Int32>()
  let counts = Buffer<Int32>()

  /// - Parameter width: the most inputs that are active at once.
  init(_ encoding: InputEncoding, width: Int) {
    self.encoding = encoding
    self.width = width
  }

  /// No rows yet, of the same encoding and width.
  init(like other: FeatureRows) {
    encoding = other.encoding
    width = other.width
  }

  func reserve(_ rows: Int, keeping used: Int) {
    indices.reserve(rows * width, keeping: used * width)
    counts.reserve(rows, keeping: used)
  }

  /// Copies row `selected[i]` of `other` to row i, for i below `count`.
  func select(_ selected: UnsafePointer<Int32>, count: Int, from other: FeatureRows) {
    reserve(count, keeping: 0)
    for row in 0..<count {
      let source = Int(selected[row])
      (indices.base + row * width).update(from: other.indices.base + source * width, count: width)
      counts[row] = other.counts[source]
    }
  }

  subscript(row: Int) -> UnsafeBufferPointer<Int32> {
    UnsafeBufferPointer(start: indices.base + row * width, count: Int(counts[row]))
  }
}

/// What a network reads of a state.
package enum InputEncoding: String, Sendable, Equatable {
  /// One-hot a coordinate or slot.
  case kHot
  /// One input a state: the network is a table.
  case stateIndex
}
