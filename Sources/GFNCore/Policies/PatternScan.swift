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

/// What a scan adds up for one trajectory.
struct SlotSum {
  var sum = 0.0
  var count = 0.0
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

  /// Sums of workspace for one trajectory.
  static func sums(length: Int) -> Int { SlotPath.entries(length: length) * length }

  /// - Parameters:
  ///   - x: the trajectory's end.
  ///   - code: the same as `SlotCode` writes it.
  ///   - sums: workspace, see `sums(length:)`.
  ///   - means: by slot, for `body`.
  ///   - body: called with the number of each state but the last, later ones first.
  func run(
    _ path: SlotPath, x: StatePointer, code: UnsafePointer<UInt64>,
    _ sums: UnsafeMutablePointer<SlotSum>, means: UnsafeMutablePointer<Double>,
    _ body: (Int) -> Void
  ) {
    let length = path.length
    sums.update(repeating: SlotSum(), count: Self.sums(length: length))
    let all = path.filled[length]
    let first = path.filled[1]
    for object in 0..<count {
      var differing: UInt64 = 0
      for digit in 0..<width { differing |= words[object * width + digit] ^ code[digit] }
      // Those that agree with the initial state alone are in `singles`.
      if differing & first != 0 { continue }
      var last = 1
      var end = length + 1
      while end - last > 1 {
        let middle = (last + end) / 2
        if differing & path.filled[middle] == 0 { last = middle } else { end = middle }
      }
      let row = sums + last * length
      let reward = rewards[object]
      (all & ~differing & ~first).forEachBit {
        row[$0].sum += reward
        row[$0].count += 1
      }
    }
    let total = sums + length * length
    for entry in stride(from: length - 1, to: 0, by: -1) {
      let row = sums + entry * length
      for slot in 0..<length {
        total[slot].sum += row[slot].sum
        total[slot].count += row[slot].count
        means[slot] = total[slot].count == 0 ? 0 : total[slot].sum / total[slot].count
      }
      body(entry)
    }
    path.candidates[0].forEachBit { means[$0] = singles[$0 * letters + Int(x[$0])].mean }
    body(0)
  }
}
