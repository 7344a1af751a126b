/// A double as an integer of the same order; both zeros are one.
private func orderKey(_ value: Double) -> UInt64 {
  let bits = (value + 0).bitPattern
  return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
}

/// The double with an order key.
private func value(ofKey key: UInt64) -> Double {
  Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
}

/// The `count` sequences with the greatest scores of a table too large to sort: all whose score lies
/// above a threshold, and of those at the threshold the first in index order up to the count.
struct TopScores: Sendable {
  private let scores: NumpyArray
  let count: Int
  /// Scores with keys up to this one have the least reward, and count as tied.
  private let floor: UInt64
  private let threshold: UInt64
  /// The index of the last sequence at the threshold that belongs to the top.
  private let lastTied: Int

  private static let blocks = 16
  private static let digitBits = 16
  private static let buckets = 1 << digitBits

  /// Finds the threshold digit by digit: a histogram of the scores' highest 16 bits, then of the next
  /// among those in the bucket where the count is reached, and so on.
  init(_ scores: NumpyArray, count: Int, _ transform: FittedTransform, _ pool: ThreadPool) {
    self.scores = scores
    self.count = count
    floor = Self.floor(transform)
    let histograms = Buffer<UInt32>()
    var prefix: UInt64 = 0
    var rest = count
    for shift in stride(from: 64 - Self.digitBits, through: 0, by: -Self.digitBits) {
      histograms.fill(Self.blocks * Self.buckets, with: 0)
      let scan = Scan(
        count: scores.count, floor: floor, prefix: prefix, shift: UInt64(shift),
        histograms: histograms.base)
      scores.withScores { scan.run($0, scores.element, pool) }
      var bucket = Self.buckets - 1
      while bucket > 0 {
        let inBucket = (0..<Self.blocks).reduce(0) {
          $0 + Int(histograms[$1 * Self.buckets + bucket])
        }
        if inBucket >= rest { break }
        rest -= inBucket
        bucket -= 1
      }
      prefix = prefix << UInt64(Self.digitBits) | UInt64(bucket)
    }
    threshold = prefix
    // The last histogram counts the ties block by block: only one block is searched.
    let tied = Int(prefix & UInt64(Self.buckets - 1))
    var block = 0
    while block + 1 < Self.blocks {
      let ties = Int(histograms[block * Self.buckets + tied])
      if ties >= rest { break }
      rest -= ties
      block += 1
    }
    let range = Scan.range(block, of: scores.count)
    var last = range.upperBound - 1
    for index in range where max(orderKey(scores[index]), floor) == threshold {
      rest -= 1
      last = index
      if rest <= 0 { break }
    }
    lastTied = last
  }

  func contains(_ index: Int) -> Bool {
    let key = max(orderKey(scores[index]), floor)
    return key > threshold || (key == threshold && index <= lastTied)
  }

  /// The greatest key whose score the transform raises to its minimum, 0 for none: by bisection, so
  /// that it agrees with the transform to the last bit.
  private static func floor(_ transform: FittedTransform) -> UInt64 {
    func isRaised(_ key: UInt64) -> Bool {
      transform.unclamped(value(ofKey: key)) <= transform.transform.minimum
    }
    var low = orderKey(transform.low)
    var high = orderKey(transform.high)
    guard isRaised(low) else { return 0 }
    if isRaised(high) { return high }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if isRaised(middle) { low = middle } else { high = middle }
    }
    return low
  }

  /// One pass over the scores.
  private struct Scan {
    let count: Int
    let floor: UInt64
    let prefix: UInt64
    let shift: UInt64
    /// `[blocks, buckets]`
    let histograms: UnsafeMutablePointer<UInt32>

    static func range(_ block: Int, of count: Int) -> Range<Int> {
      (count * block / blocks)..<(count * (block + 1) / blocks)
    }

    func run(_ base: UnsafeRawPointer, _ element: NumpyArray.Element, _ pool: ThreadPool) {
      switch element {
      case .float32:
        pool.run(blocks: blocks, with: (self, base)) { context, block in
          let (scan, base) = context
          let scores = Scores<Float>(base: base)
          for index in Self.range(block, of: scan.count) {
            scan.note(Double(scores[index]), block)
          }
        }
      case .float64:
        pool.run(blocks: blocks, with: (self, base)) { context, block in
          let (scan, base) = context
          let scores = Scores<Double>(base: base)
          for index in Self.range(block, of: scan.count) { scan.note(scores[index], block) }
        }
      }
    }

    @inline(__always)
    private func note(_ score: Double, _ block: Int) {
      let key = max(orderKey(score), floor)
      // Two shifts: one by 64 bits at once would be none.
      guard (key >> shift) >> UInt64(digitBits) == prefix else { return }
      histograms[block * buckets + Int(key >> shift & UInt64(buckets - 1))] += 1
    }
  }
}

/// The least and the greatest of a table's scores.
struct ScoreRange: Sendable {
  private(set) var low = Double.infinity
  private(set) var high = -Double.infinity
  /// The first score that is no finite number.
  private(set) var unusable: Int?

  private static let blocks = 64

  init(_ scores: NumpyArray, _ pool: ThreadPool) {
    let partial = Buffer<Partial>(capacity: Self.blocks)
    scores.withScores { base in
      let context = (base, scores.element, scores.count, partial.base)
      pool.run(blocks: Self.blocks, with: context) { context, block in
        let (base, element, count, partial) = context
        let range = (count * block / Self.blocks)..<(count * (block + 1) / Self.blocks)
        partial[block] =
          switch element {
          case .float32: Self.scan(Scores<Float>(base: base), range)
          case .float64: Self.scan(Scores<Double>(base: base), range)
          }
      }
    }
    for block in 0..<Self.blocks {
      low = min(low, partial[block].low)
      high = max(high, partial[block].high)
      if unusable == nil, partial[block].unusable >= 0 { unusable = partial[block].unusable }
    }
  }

  private struct Partial {
    var low: Double
    var high: Double
    /// −1 for none.
    var unusable: Int
  }

  @inline(__always)
  private static func scan<Element: BinaryFloatingPoint & BitwiseCopyable>(
    _ scores: Scores<Element>, _ range: Range<Int>
  ) -> Partial {
    var low = Element.infinity
    var high = -Element.infinity
    for index in range {
      let score = scores[index]
      guard score.isFinite else {
        return Partial(low: Double(low), high: Double(high), unusable: index)
      }
      low = min(low, score)
      high = max(high, score)
    }
    return Partial(low: Double(low), high: Double(high), unusable: -1)
  }
}
