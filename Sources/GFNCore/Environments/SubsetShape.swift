/// The subsets of 0…size−1 with at most `most` elements, numbered by size and then in the order of the
/// combinatorial number system: the set p₀ < p₁ < … is number `Σ C(p_j, j + 1)` of its size (Lehmer
/// 1964), so that adding an element always raises the number.
struct SubsetShape: Sendable {
  let size: Int
  let most: Int
  /// C(p, j) at `p · (most + 1) + j`.
  private let binomials: [Int]
  /// The number of the first set of each size, and of all.
  private let offsets: [Int]

  /// Nil where there are more than 2^24 sets.
  init?(size: Int, most: Int) {
    let limit = 1 << 24
    let width = most + 1
    // What no number of a set needs stays at a bound that sums cannot overflow.
    var binomials = [Int](repeating: 0, count: (size + 1) * width)
    for p in 0...size {
      binomials[p * width] = 1
      guard p > 0, most > 0 else { continue }
      for j in 1...most {
        let above = (p - 1) * width + j
        binomials[p * width + j] = min(binomials[above - 1] + binomials[above], 2 * limit)
      }
    }
    var offsets = [0]
    for count in 0...most {
      let sum = offsets[count] + binomials[size * width + count]
      guard sum <= limit else { return nil }
      offsets.append(sum)
    }
    self.size = size
    self.most = most
    self.binomials = binomials
    self.offsets = offsets
  }

  var sets: Int { offsets[most + 1] }
  /// Those of `most` elements.
  var largest: Int { sets - offsets[most] }

  /// How many of 0…p−1 choose j.
  private func choose(_ p: Int, _ j: Int) -> Int { binomials[p * (most + 1) + j] }

  func count(_ state: StatePointer) -> Int {
    var count = 0
    for element in 0..<size { count += Int(state[element]) }
    return count
  }

  /// The number of a set among those of its size.
  func rank(_ state: StatePointer) -> Int {
    var rank = 0
    var count = 0
    for element in 0..<size where state[element] != 0 {
      count += 1
      rank += choose(element, count)
    }
    return rank
  }

  func index(of state: StatePointer) -> Int { offsets[count(state)] + rank(state) }

  func state(at index: Int, into state: MutableStatePointer) {
    let count = (offsets.firstIndex { $0 > index } ?? offsets.count) - 1
    set(rank: index - offsets[count], count: count, into: state)
  }

  /// The greatest element first: it is the greatest p with C(p, count) ≤ rank.
  func set(rank: Int, count: Int, into state: MutableStatePointer) {
    state.update(repeating: 0, count: size)
    var rank = rank
    var count = count
    for element in stride(from: size - 1, through: 0, by: -1) where count > 0 {
      let smaller = choose(element, count)
      guard smaller <= rank else { continue }
      state[element] = 1
      rank -= smaller
      count -= 1
    }
  }
}
