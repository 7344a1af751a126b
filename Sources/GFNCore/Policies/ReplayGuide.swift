import Glibc

/// The guide of filled sequences (Shen et al. 2023, arXiv:2305.07170): conditional on the x of the
/// trajectory, `π_G(s → s'|x)` is proportional to the mean reward of the replayed x' that agree with s'.
public struct ReplayGuide: Sendable {
  /// Duplicates count; the oldest goes when this many are there.
  static let capacity = 1_000_000

  private let length: Int
  /// Terminating cells, the oldest at `oldest` once the ring is full.
  private var ring: [Int32] = []
  private var rewards: [Double] = []
  private var oldest = 0
  private var index: PatternIndex?

  init(length: Int, letters: Int) {
    self.length = length
    index = PatternIndex(length: length, letters: letters)
  }

  public var count: Int { rewards.count }

  /// Adds full sequences, one after the other, with their rewards.
  mutating func insert(_ cells: [Int32], rewards newRewards: [Double]) {
    for (number, reward) in newRewards.enumerated() {
      let sequence = cells[(number * length)..<((number + 1) * length)]
      if rewards.count < Self.capacity {
        ring += sequence
        rewards.append(reward)
      } else {
        let range = (oldest * length)..<((oldest + 1) * length)
        index?.add(ring[range], -1, -rewards[oldest])
        ring.replaceSubrange(range, with: sequence)
        rewards[oldest] = reward
        oldest = (oldest + 1) % Self.capacity
      }
      index?.add(sequence, 1, reward)
    }
  }

  /// `log π_G(a_t|s_t)`; π_B's own log-probability where nothing matches, so that r_t = 0.
  /// - Parameter result: for every entry of `paths` but the last of each, 0 there.
  func logProbabilities(
    _ paths: Paths, _ states: BatchStates, logPB: [Double], into result: inout [Double]
  ) {
    result.resize(paths.entryCount, filling: 0)
    states.table.withCells { cells in
      for path in 0..<paths.count {
        let entries = paths.entries(path)
        let last = entries.upperBound - 1
        let x = cells + Int(paths.rows[last]) * length
        var agreeing = index == nil ? Array(rewards.indices) : []
        for entry in entries.lowerBound..<last {
          let state = cells + Int(paths.rows[entry]) * length
          let next = cells + Int(paths.rows[entry + 1]) * length
          var total = 0.0
          var chosen = (slot: -1, mean: 0.0)
          for slot in 0..<length where state[slot] < 0 {
            let mean = index?.mean(x, state, with: slot) ?? mean(x, slot, among: agreeing)
            total += mean
            if next[slot] >= 0 { chosen = (slot, mean) }
          }
          result[entry] = chosen.mean > 0 ? log(chosen.mean / total) : logPB[entry]
          if index == nil, chosen.slot >= 0 {
            agreeing.removeAll { ring[$0 * length + chosen.slot] != x[chosen.slot] }
          }
        }
        result[last] = 0
      }
    }
  }

  /// The mean reward of those among `candidates` that have x's letter in a slot, 0 for none.
  private func mean(_ x: StatePointer, _ slot: Int, among candidates: [Int]) -> Double {
    var count = 0
    var sum = 0.0
    for candidate in candidates where ring[candidate * length + slot] == x[slot] {
      count += 1
      sum += rewards[candidate]
    }
    return count == 0 ? 0 : sum / Double(count)
  }
}

/// Count and reward sum of the replayed sequences under every partial sequence, for sequences so short
/// that all 2^L patterns of each can be kept.
private struct PatternIndex: Sendable {
  private static let longest = 12
  /// Up to this many partial sequences in all they have a place each; beyond, those that occur.
  private static let mostPlaces = 1 << 22

  private struct Entry {
    var count: Int32 = 0
    var sum = 0.0
  }

  /// Place value of each slot in base N + 1, where 0 is an empty slot.
  private let places: [Int]
  private var dense: [Entry]
  private var sparse: [Int: Entry] = [:]

  init?(length: Int, letters: Int) {
    guard length <= Self.longest, let size = power(letters + 1, length) else { return nil }
    var place = 1
    places = (0..<length).map { _ in
      defer { place = place &* (letters + 1) }
      return place
    }
    dense = [Entry](repeating: Entry(), count: size <= Self.mostPlaces ? size : 0)
  }

  mutating func add(_ sequence: ArraySlice<Int32>, _ count: Int32, _ reward: Double) {
    // All partial sequences in the order of a Gray code: each differs from the one before in one slot.
    var key = 0
    var filled = 0
    for number in 1...(1 << places.count) {
      if dense.isEmpty {
        sparse[key, default: Entry()].count += count
        sparse[key, default: Entry()].sum += reward
        if sparse[key]?.count == 0 { sparse[key] = nil }
      } else {
        dense[key].count += count
        // Without sequences no rounding stays behind either.
        dense[key].sum = dense[key].count == 0 ? 0 : dense[key].sum + reward
      }
      let slot = number.trailingZeroBitCount
      guard slot < places.count else { break }
      let step = places[slot] * Int(sequence[sequence.startIndex + slot] + 1)
      key += filled >> slot & 1 == 0 ? step : -step
      filled ^= 1 << slot
    }
  }

  /// The mean reward of the sequences that agree with `state` and have x's letter in `slot`, 0 where
  /// there are none.
  func mean(_ x: StatePointer, _ state: StatePointer, with slot: Int) -> Double {
    var key = places[slot] * Int(x[slot] + 1)
    for (other, place) in places.enumerated() { key += place * Int(state[other] + 1) }
    let entry = dense.isEmpty ? sparse[key] ?? Entry() : dense[key]
    return entry.count == 0 ? 0 : entry.sum / Double(entry.count)
  }
}
