/// The active inputs of every row's encoding, shared by all networks that read it.
final class FeatureRows {
  let encoding: InputEncoding
  private let width: Int
  private let indices = Buffer<Int32>()
  private let counts = Buffer<Int32>()

  init(_ encoding: InputEncoding, _ environment: any Environment) {
    self.encoding = encoding
    width = encoding == .stateIndex ? 1 : environment.activeFeatureCount
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

  /// Encodes a row; different rows may be encoded on different threads.
  func encode(_ row: Int, _ state: StatePointer, _ environment: any Environment) {
    switch encoding {
    case .kHot:
      counts[row] = Int32(environment.encode(state, into: indices.base + row * width))
    case .stateIndex:
      indices[row] = Int32(truncatingIfNeeded: environment.index(of: state))
      counts[row] = 1
    }
  }

  /// Encodes a row behind all others.
  func append(_ row: Int, _ state: StatePointer, _ environment: any Environment) {
    reserve(row + 1, keeping: row)
    encode(row, state, environment)
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
