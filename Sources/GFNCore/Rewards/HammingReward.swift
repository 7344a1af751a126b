import GFNParameters

/// `log R(x) = −α · min over the modes m of the Hamming distance of x and m`, for sequences of bits (after
/// the bit sequences of Malkin et al. 2022, arXiv:2201.13259, whose distance is the edit distance).
struct HammingReward: Sendable {
  let alpha: Double
  /// One bit a slot, the first slot the lowest.
  let modes: [UInt64]
  private let numbers: [UInt64: Int]

  init(alpha: Double, modes: [UInt64]) {
    self.alpha = alpha
    self.modes = modes
    numbers = Dictionary(zip(modes, modes.indices)) { first, _ in first }
  }

  /// Different random modes, every bit 0 or 1 with the same probability.
  /// - Throws: `CoreError.option` where there are not so many sequences.
  static func modes(_ count: Int, length: Int, seed: UInt64) throws -> [UInt64] {
    guard length >= Int.bitWidth - 1 || count <= 1 << length else {
      throw CoreError.option(
        name: "modes",
        reason:
          "there are only \(1 << length) sequences of \(counted(length, "bit")), not \(count); "
          + "give fewer modes or a greater length")
    }
    var stream = RandomStream(seed: seed, .modes)
    var seen: Set<UInt64> = []
    var modes: [UInt64] = []
    while modes.count < count {
      let bits = stream.next() >> UInt64(UInt64.bitWidth - length)
      if seen.insert(bits).inserted { modes.append(bits) }
    }
    return modes
  }

  func logReward(_ bits: UInt64) -> Double {
    var least = UInt64.bitWidth
    for mode in modes { least = min(least, (mode ^ bits).nonzeroBitCount) }
    // Not −0 at a mode.
    return least == 0 ? 0 : -alpha * Double(least)
  }

  /// The number of the mode that a sequence is.
  func number(_ bits: UInt64) -> Int? { numbers[bits] }
}
