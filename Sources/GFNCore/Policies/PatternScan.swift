/// Sequences of up to 64 slots as bit sets: the binary digits of their letters, a word of 64 slots for
/// each digit.
struct SlotCode: Sendable {
  let length: Int
  let letters: Int

  /// Words a sequence.
  var width: Int { max(1, Int.bitWidth - (letters - 1).leadingZeroBitCount) }

  func write(_ x: StatePointer, into words: UnsafeMutablePointer<UInt64>) {
    for digit in 0..<width {
      var word: UInt64 = 0
      for slot in 0..<length { word |= UInt64(x[slot] >> Int32(digit) & 1) << UInt64(slot) }
      words[digit] = word
    }
  }

  func read(_ words: UnsafePointer<UInt64>, into x: MutableStatePointer) {
    for slot in 0..<length {
      x[slot] = (0..<width).reduce(0) {
        $0 | Int32(words[$1] >> UInt64(slot) & 1) << Int32($1)
      }
    }
  }
}

/// Means over all replayed sequences at once for every state of a trajectory, where partial sequences
/// are too many to index.
///
/// A sequence agrees with x on a set of slots; since a trajectory's sets of filled slots grow, it agrees
/// with its states up to some last one. So each sequence is looked at once a trajectory: its reward
/// is added to that last state, for every slot on which it agrees, and the states' sums are those of
/// all later ones besides.
struct PatternScan {
  let words: UnsafePointer<UInt64>
  let rewards: UnsafePointer<Double>
  let count: Int
  let width: Int
  /// Of each letter in each slot, `[slots, letters]`: what the initial state's means are made of.
  let singles: UnsafePointer<ReplayTally>
  let letters: Int

  /// Rows of 1 where a byte has its bits and 0 elsewhere, see `spread`.
  let spread: UnsafePointer<SIMD8<Double>>

  /// Slots go in eights.
  private static func chunks(_ length: Int) -> Int { (length + 7) / 8 }

  /// Workspace for one trajectory: sums of rewards and counts, `[entries, 2, slots]`.
  static func sums(length: Int) -> Int { SlotPath.entries(length: length) * 2 * chunks(length) }

  /// The bits of each byte as numbers, so that a reward is added on many slots without a branch.
  static func spread(into rows: Buffer<SIMD8<Double>>) {
    rows.reserve(256)
    for byte in 0..<256 {
      for bit in 0..<8 { rows[byte][bit] = Double(byte >> bit & 1) }
    }
  }

  /// - Parameters:
  ///   - x: the trajectory's end.
  ///   - code: the same as `SlotCode` writes it.
  ///   - sums: workspace, see `sums(length:)`.
  ///   - means: by slot, for `body`.
  ///   - body: called with the number of each state but the last, later ones first.
  func run(
    _ path: SlotPath, x: StatePointer, code: UnsafePointer<UInt64>,
    _ sums: UnsafeMutablePointer<SIMD8<Double>>, means: UnsafeMutablePointer<Double>,
    _ body: (Int) -> Void
  ) {
    let length = path.length
    let chunks = Self.chunks(length)
    sums.update(repeating: .zero, count: Self.sums(length: length))
    let all = path.filled[length]
    let first = path.filled[1]
    for object in 0..<count {
      var differing: UInt64 = 0
      for digit in 0..<width { differing |= words[object * width + digit] ^ code[digit] }
      // Those that agree with the initial state alone are in `singles`.
      if differing & first != 0 { continue }
      let row = sums + last(differing, path) * 2 * chunks
      let reward = rewards[object]
      var agreeing = all & ~differing
      for chunk in 0..<chunks {
        let bits = spread[Int(agreeing & 0xFF)]
        row[chunk] += bits * reward
        row[chunks + chunk] += bits
        agreeing >>= 8
      }
    }
    let total = sums + length * 2 * chunks
    for entry in stride(from: length - 1, to: 0, by: -1) {
      let row = sums + entry * 2 * chunks
      for chunk in 0..<(2 * chunks) { total[chunk] += row[chunk] }
      path.candidates[entry].forEachBit { slot in
        let count = total[chunks + slot / 8][slot % 8]
        means[slot] = count == 0 ? 0 : total[slot / 8][slot % 8] / count
      }
      body(entry)
    }
    path.candidates[0].forEachBit { means[$0] = singles[$0 * letters + Int(x[$0])].mean }
    body(0)
  }

  /// The last state with which a sequence agrees that does with the first slot: in steps that double,
  /// since most part early, then by bisection.
  @inline(__always)
  private func last(_ differing: UInt64, _ path: SlotPath) -> Int {
    var last = 1
    var step = 1
    while last + step <= path.length, differing & path.filled[last + step] == 0 {
      last += step
      step *= 2
    }
    var end = min(last + step, path.length + 1)
    while end - last > 1 {
      let middle = (last + end) / 2
      if differing & path.filled[middle] == 0 { last = middle } else { end = middle }
    }
    return last
  }
}
