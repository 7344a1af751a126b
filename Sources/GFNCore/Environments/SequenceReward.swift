import Glibc

/// Where the rewards of sequences come from.
enum SequenceReward: Sendable {
  /// R and log R by terminating index.
  case table([Double], logs: [Double])
  /// Computed from the raw score whenever one is asked for.
  case scores(NumpyArray, FittedTransform)
  case hamming(HammingReward)
  /// They come from elsewhere.
  case none

  init(_ rewards: [Double]) { self = .table(rewards, logs: rewards.map { log($0) }) }

  func reward(_ state: StatePointer, _ shape: SequenceShape) -> Double {
    switch self {
    case .table(let rewards, _): rewards[shape.index(of: state)]
    case .scores(let scores, let transform): transform(scores[shape.index(of: state)])
    case .hamming(let reward): exp(reward.logReward(HammingReward.bits(state, shape.length)))
    case .none: .nan
    }
  }

  func logReward(_ state: StatePointer, _ shape: SequenceShape) -> Double {
    switch self {
    case .table(_, let logs): logs[shape.index(of: state)]
    case .scores(let scores, let transform): log(transform(scores[shape.index(of: state)]))
    case .hamming(let reward): reward.logReward(HammingReward.bits(state, shape.length))
    case .none: .nan
    }
  }

  /// log R of the sequences with consecutive indices.
  func logRewards(
    of objects: Range<Int>, _ shape: SequenceShape, into result: UnsafeMutablePointer<Double>
  ) {
    switch self {
    case .table(_, let logs):
      for (row, index) in objects.enumerated() { result[row] = logs[index] }
    case .scores(let scores, let transform):
      for (row, index) in objects.enumerated() { result[row] = log(transform(scores[index])) }
    case .none: for row in 0..<objects.count { result[row] = .nan }
    case .hamming(let reward):
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: shape.length) { buffer in
        guard let state = buffer.baseAddress else { return }
        for (row, index) in objects.enumerated() {
          shape.sequence(at: index, into: state)
          result[row] = reward.logReward(HammingReward.bits(state, shape.length))
        }
      }
    }
  }
}

/// The modes of a table too large to sort.
struct TopModes: ModeSet {
  let top: TopScores
  let shape: SequenceShape

  var total: Int? { top.count }

  func mode(of state: StatePointer) -> Int? {
    let index = shape.index(of: state)
    return top.contains(index) ? index : nil
  }
}
