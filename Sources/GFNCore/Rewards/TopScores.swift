/// A double as an integer of the same order; both zeros are one.
private func orderKey(_ value: Double) -> UInt64 {
  let bits = (value + 0).bitPattern
  return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
}

/// The double with an order key.
private func value(ofKey key: UInt64) -> Double {
  Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
}

/// The `count` sequences with the greatest rewards of a table too large to sort: all whose reward lies
/// above a threshold, and of those at the threshold the first in index order up to the count.
struct TopScores: Sendable {
  private let scores: NumpyArray
  let count: Int
  /// The keys of the scores whose reward is the threshold: more than one where the transform makes
  /// different scores alike, as those that it raises to its minimum.
  private let tied: ClosedRange<UInt64>
  /// The index of the last sequence at the threshold that belongs to the top.
  private let lastTied: Int

  private static let blocks = 16
  private static let digitBits = 16
  private static let buckets = 1 << digitBits

  init(_ scores: NumpyArray, count: Int, _ transform: FittedTransform, _ pool: ThreadPool) {
    self.scores = scores
    self.count = count
    let threshold = Self.key(ofRank: count, scores, pool)
    let tied = Self.alike(threshold, transform)
    self.tied = tied
    let counts = Buffer<Count>(capacity: Self.blocks)
    let scan = TieScan(count: scores.count, tied: tied, counts: counts.base)
    scores.withScores { scan.run($0, scores.element, pool) }
    var rest = count - (0..<Self.blocks).reduce(0) { $0 + counts[$1].above }
    var block = 0
    while block + 1 < Self.blocks, counts[block].tied < rest {
      rest -= counts[block].tied
      block += 1
    }
    lastTied =
      Self.range(block, of: scores.count).first { index in
        if tied.contains(orderKey(scores[index])) { rest -= 1 }
        return rest <= 0
      } ?? scores.count - 1
  }

  func contains(_ index: Int) -> Bool {
    let key = orderKey(scores[index])
    return key > tied.upperBound || (tied.contains(key) && index <= lastTied)
  }

  /// The key of the score with `rank − 1` scores above it or equal, found digit by digit: a histogram
  /// of the scores' highest 16 bits, then of the next among those in the bucket where the rank is
  /// reached, and so on.
  private static func key(
    ofRank rank: Int, _ scores: NumpyArray, _ pool: ThreadPool
  ) -> UInt64 {
    let histograms = Buffer<UInt32>()
    var prefix: UInt64 = 0
    var rest = rank
    for shift in stride(from: UInt64.bitWidth - digitBits, through: 0, by: -digitBits) {
      histograms.fill(blocks * buckets, with: 0)
      let scan = DigitScan(
        count: scores.count, prefix: prefix, shift: UInt64(shift), histograms: histograms.base)
      scores.withScores { scan.run($0, scores.element, pool) }
      var bucket = buckets - 1
      while bucket > 0 {
        let held = (0..<blocks).reduce(0) { $0 + Int(histograms[$1 * buckets + bucket]) }
        if held >= rest { break }
        rest -= held
        bucket -= 1
      }
      prefix = prefix << UInt64(digitBits) | UInt64(bucket)
    }
    return prefix
  }

  /// The keys with the same reward as one, by bisection: so they agree with the transform to the last
  /// bit.
  private static func alike(_ key: UInt64, _ transform: FittedTransform) -> ClosedRange<UInt64> {
    let reward = transform(value(ofKey: key))
    var (low, high) = (orderKey(transform.low), key)
    while low < high {
      let middle = low + (high - low) / 2
      if transform(value(ofKey: middle)) < reward { low = middle + 1 } else { high = middle }
    }
    let first = min(low, key)
    (low, high) = (key, max(key, orderKey(transform.high)))
    while low < high {
      let middle = high - (high - low) / 2
      if transform(value(ofKey: middle)) > reward { high = middle - 1 } else { low = middle }
    }
    return first...low
  }

  private static func range(_ block: Int, of count: Int) -> Range<Int> {
    (count * block / blocks)..<(count * (block + 1) / blocks)
  }

  /// One pass that counts digits behind a prefix.
  private struct DigitScan {
    let count: Int
    let prefix: UInt64
    let shift: UInt64
    /// `[blocks, buckets]`
    let histograms: UnsafeMutablePointer<UInt32>

    func run(_ base: UnsafeRawPointer, _ element: NumpyArray.Element, _ pool: ThreadPool) {
      pool.run(blocks: blocks, with: (self, base, element)) { context, block in
        let (scan, base, element) = context
        switch element {
        case .float32: scan.run(Scores<Float>(base: base), block)
        case .float64: scan.run(Scores<Double>(base: base), block)
        }
      }
    }

    @inline(__always)
    private func run<Element: BinaryFloatingPoint & BitwiseCopyable>(
      _ scores: Scores<Element>, _ block: Int
    ) {
      let histogram = histograms + block * buckets
      for index in range(block, of: count) {
        let key = orderKey(Double(scores[index]))
        // Two shifts: one by 64 bits at once would be none.
        guard (key >> shift) >> UInt64(digitBits) == prefix else { continue }
        histogram[Int(key >> shift & UInt64(buckets - 1))] += 1
      }
    }
  }

  private struct Count {
    var above: Int
    var tied: Int
  }

  /// One pass that counts what lies above the threshold and at it.
  private struct TieScan {
    let count: Int
    let tied: ClosedRange<UInt64>
    /// `[blocks]`
    let counts: UnsafeMutablePointer<Count>

    func run(_ base: UnsafeRawPointer, _ element: NumpyArray.Element, _ pool: ThreadPool) {
      pool.run(blocks: blocks, with: (self, base, element)) { context, block in
        let (scan, base, element) = context
        scan.counts[block] =
          switch element {
          case .float32: scan.run(Scores<Float>(base: base), block)
          case .float64: scan.run(Scores<Double>(base: base), block)
          }
      }
    }

    @inline(__always)
    private func run<Element: BinaryFloatingPoint & BitwiseCopyable>(
      _ scores: Scores<Element>, _ block: Int
    ) -> Count {
      var result = Count(above: 0, tied: 0)
      for index in range(block, of: count) {
        let key = orderKey(Double(scores[index]))
        result.above += key > tied.upperBound ? 1 : 0
        result.tied += key >= tied.lowerBound && key <= tied.upperBound ? 1 : 0
      }
      return result
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
