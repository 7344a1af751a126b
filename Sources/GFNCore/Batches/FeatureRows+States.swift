extension FeatureRows {
  convenience init(_ encoding: InputEncoding, _ environment: any Environment) {
    self.init(encoding, width: encoding == .stateIndex ? 1 : environment.activeFeatureCount)
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
}
