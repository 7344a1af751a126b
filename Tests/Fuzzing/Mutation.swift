/// Changed bytes, the same ones for the same seed.
package struct Mutation {
  private var state: UInt64

  package init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  /// Marsaglia's xorshift64*.
  private mutating func next(below count: Int) -> Int {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return count > 0 ? Int((state &* 0x2545_F491_4F6C_DD1D) >> 33) % count : 0
  }

  /// Words on which parsers turn.
  private static let words = [
    "\"", "{", "}", "[", "(", "-1", "1e309", "nan", "9223372036854775808", "$", "\\", "\n", "\u{0}",
    "\u{1B}[2J", "\u{202E}", "🇩🇪", ",", ";", "\t", "\u{FEFF}", "=", ":", "0", "..",
  ].map { Array($0.utf8) }

  /// One of the seeds with some changes, or a mixture of two.
  package mutating func of(_ seeds: [[UInt8]]) -> [UInt8] {
    guard !seeds.isEmpty else { return [] }
    var bytes = seeds[next(below: seeds.count)]
    for _ in 0...next(below: 6) {
      let place = next(below: bytes.count + 1)
      let end = min(bytes.count, place + next(below: 16))
      switch next(below: 7) {
      case 0: bytes.removeSubrange(place..<end)
      case 1: bytes.insert(contentsOf: bytes[place..<end], at: next(below: bytes.count + 1))
      case 2: bytes.insert(contentsOf: Self.words[next(below: Self.words.count)], at: place)
      case 3: bytes = Array(bytes[..<place])
      case 4:
        let other = seeds[next(below: seeds.count)]
        bytes = Array(bytes[..<place]) + other[next(below: other.count + 1)...]
      default:
        if place < bytes.count { bytes[place] = UInt8(truncatingIfNeeded: next(below: 256)) }
      }
    }
    return bytes
  }
}
