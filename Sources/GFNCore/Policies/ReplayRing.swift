/// The replayed objects of a guide, each as a few 64-bit words, with their rewards: a ring from which
/// the oldest goes when it is full.
struct ReplayRing: Sendable {
  /// Words an object.
  let width: Int
  /// Duplicates count.
  let capacity: Int
  /// `[objects, width]`
  private(set) var words: [UInt64] = []
  private(set) var rewards: [Double] = []
  /// The place of the oldest object once the ring is full.
  private(set) var oldest = 0

  static let usualCapacity = 1_000_000

  init(width: Int, capacity: Int) {
    self.width = width
    self.capacity = capacity
  }

  var count: Int { rewards.count }
  var byteCount: Int { 8 * (words.count + rewards.count) }
  var isFull: Bool { count == capacity }

  /// Adds an object, in the place of the oldest where the ring is full.
  mutating func insert(_ object: UnsafeBufferPointer<UInt64>, _ reward: Double) {
    guard isFull else {
      words.append(contentsOf: object)
      rewards.append(reward)
      return
    }
    for word in 0..<width { words[oldest * width + word] = object[word] }
    rewards[oldest] = reward
    oldest = (oldest + 1) % capacity
  }
}

extension ReplayRing: Checkpointed {
  mutating func code(_ coder: inout StateCoder) throws {
    // What it was made with is the environment's.
    coder.visit("width")
    coder.visit("capacity")
    try coder.code("rewards", &rewards)
    guard count <= capacity else { throw coder.broken("rewards", "holds more than \(capacity)") }
    try coder.code("words", bits: &words, count: count * width)
    try coder.code("oldest", &oldest, in: 0...max(count - 1, 0))
  }
}

/// How many replayed objects there are of some kind, and the sum of their rewards.
struct ReplayTally: Sendable {
  var count = 0
  var sum = 0.0

  /// 0 where there are none.
  var mean: Double { count == 0 ? 0 : sum / Double(count) }

  /// Takes one more object, or one less.
  mutating func add(_ reward: Double, removing: Bool) {
    count += removing ? -1 : 1
    // Without objects no rounding stays behind either.
    sum = count == 0 ? 0 : removing ? sum - reward : sum + reward
  }
}
