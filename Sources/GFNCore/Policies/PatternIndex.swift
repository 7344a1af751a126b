/// Count and reward sum of the replayed sequences under every partial sequence that a trajectory can pass
/// through, where all of them have a place: on fill the 2^L patterns of each sequence, on blocks its
/// L (L + 1) / 2 blocks.
struct PatternIndex: Sendable {
  /// Sequences longer than this would have too many patterns.
  private static let longest = 12
  private static let mostPlaces = 1 << 22

  private let growth: SlotPath.Growth
  private let length: Int
  private let letters: Int
  /// On fill, the place value of each slot in base N + 1, where 0 is an empty slot; on blocks, the first
  /// place of the blocks with each offset and size, `[length, length + 1]`.
  private let places: [Int]
  private var tallies: [ReplayTally]

  /// Nil where there are too many partial sequences.
  init?(_ growth: SlotPath.Growth, length: Int, letters: Int) {
    self.growth = growth
    self.length = length
    self.letters = letters
    var size = 1
    var places: [Int] = []
    switch growth {
    case .fill:
      guard length <= Self.longest else { return nil }
      for _ in 0..<length {
        places.append(size)
        size *= letters + 1
        guard size <= Self.mostPlaces else { return nil }
      }
    case .blocks:
      for offset in 0..<length {
        for count in 0...length {
          places.append(size)
          guard (1...(length - offset)).contains(count) else { continue }
          guard let blocks = power(letters, count), blocks <= Self.mostPlaces else { return nil }
          size += blocks
          guard size <= Self.mostPlaces else { return nil }
        }
      }
    }
    self.places = places
    tallies = [ReplayTally](repeating: ReplayTally(), count: size)
  }

  mutating func add(_ x: StatePointer, _ reward: Double, removing: Bool) {
    switch growth {
    case .fill:
      // All partial sequences in the order of a Gray code: each differs from the one before in one
      // slot.
      var key = 0
      var filled = 0
      for number in 1...(1 << length) {
        tallies[key].add(reward, removing: removing)
        let slot = number.trailingZeroBitCount
        guard slot < length else { break }
        let step = places[slot] * Int(x[slot] + 1)
        key += filled >> slot & 1 == 0 ? step : -step
        filled ^= 1 << slot
      }
    case .blocks:
      for offset in 0..<length {
        var word = 0
        for count in 1...(length - offset) {
          word = word * letters + Int(x[offset + count - 1])
          tallies[places[offset * (length + 1) + count] + word].add(reward, removing: removing)
        }
      }
    }
  }

  /// The reward sums of all partial sequences.
  var sums: [Double] {
    get { tallies.map(\.sum) }
    set { for (place, sum) in newValue.enumerated() { tallies[place].sum = sum } }
  }

  /// The mean reward of the sequences that agree with x on these slots, 0 where there are none.
  func mean(_ x: StatePointer, on slots: UInt64) -> Double {
    var key = 0
    switch growth {
    case .fill: slots.forEachBit { key += places[$0] * Int(x[$0] + 1) }
    case .blocks:
      slots.forEachBit { key = key * letters + Int(x[$0]) }
      key += places[slots.trailingZeroBitCount * (length + 1) + slots.nonzeroBitCount]
    }
    return tallies[key].mean
  }
}
