import GFNParameters
import Glibc
import Synchronization

/// Rewards that a program of the user's gives, asked for once each.
package final class ProgramReward: StateReward {
  /// What an answer is.
  enum Returns: String {
    case reward
    case logReward = "log_reward"
    case score
  }

  /// Cells of a state.
  private let width: Int
  /// An object as it is typed.
  private let text: @Sendable (StatePointer) -> String
  private let scorer: any ObjectScorer
  private let returns: Returns
  /// From scores to rewards.
  private let transform: RewardTransform
  private let memory: Mutex<Known>

  private struct Known {
    var table: StateTable
    var logRewards: [Double] = []
  }

  var isLogarithm: Bool { returns == .logReward }
  /// Objects that the program itself has scored.
  package var evaluations: Int { scorer.evaluations }

  init(
    width: Int, text: @escaping @Sendable (StatePointer) -> String, _ scorer: any ObjectScorer,
    _ returns: Returns, _ transform: RewardTransform
  ) {
    self.width = width
    self.text = text
    self.scorer = scorer
    self.returns = returns
    self.transform = transform
    memory = Mutex(Known(table: StateTable(width: width)))
  }

  /// Ends the program; it is started again when it is asked again.
  package func close() { scorer.close() }

  /// Sees to it that the rewards of terminating states are known.
  /// - Parameter cells: the first cells of each.
  /// - Throws: `CoreError.program`; `Interruption.GivenUp`.
  func know(_ states: [StatePointer]) throws {
    try memory.withLock { known in
      var asked = StateTable(width: width)
      var texts: [String] = []
      for state in states where known.table.row(of: state) == nil && asked.insert(state).isNew {
        texts.append(text(state))
      }
      guard !texts.isEmpty else { return }
      let scores = try ask(texts)
      for (row, score) in scores.enumerated() {
        asked.withCells { _ = known.table.insert($0 + row * width) }
        known.logRewards.append(try logReward(score, of: texts[row]))
      }
    }
  }

  /// Takes scores from elsewhere for what the program would be asked for.
  /// - Throws: `CoreError.program` where they make no rewards.
  func learn(_ states: [StatePointer], _ scores: [Double]) throws {
    try memory.withLock { known in
      for (state, score) in zip(states, scores) where known.table.row(of: state) == nil {
        if returns == .reward, score < 0 {
          throw CoreError.program(
            reason: "the reward \(formatted(score)) of '\(text(state))' is negative",
            remedy: "correct the file, or say returns=score")
        }
        let value = try logReward(score, of: text(state))
        _ = known.table.insert(state)
        known.logRewards.append(value)
      }
    }
  }

  /// The same for so many objects.
  /// - Parameter object: writes the one with a number.
  func knowAll(_ count: Int, object: (Int, MutableStatePointer) -> Void) throws {
    var cells = [Int32](repeating: 0, count: Self.chunk * width)
    for start in stride(from: 0, to: count, by: Self.chunk) {
      let rows = min(Self.chunk, count - start)
      try cells.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        for row in 0..<rows {
          object(start + row, base + row * width)
        }
        try know((0..<rows).map { StatePointer(base + $0 * width) })
      }
    }
  }

  private static let chunk = 1024

  /// The objects whose rewards are known, in the order in which they were asked for.
  package func scored() -> [(cells: [Int32], logReward: Double)] {
    memory.withLock { known in
      known.logRewards.enumerated().map { (known.table.state($0.offset), $0.element) }
    }
  }

  /// How many rewards are known.
  var count: Int { memory.withLock { $0.table.count } }

  private func ask(_ texts: [String]) throws -> [Double] {
    do {
      let scores = try scorer.scores(of: texts)
      guard scores.count == texts.count else {
        throw ProgramFault(reason: "the program gave too few scores", remedy: "try it by hand")
      }
      return scores
    } catch let fault as ProgramFault {
      throw CoreError.program(reason: fault.reason, remedy: fault.remedy)
    }
  }

  private func logReward(_ score: Double, of object: String) throws -> Double {
    switch returns {
    case .logReward: return score
    case .reward: return log(score)
    case .score:
      let reward = transform.plain(score)
      guard reward.isFinite, reward >= 0 else {
        throw CoreError.program(
          reason:
            "the score \(formatted(score)) of '\(object)' makes the reward \(formatted(reward))",
          remedy: "a reward is finite and ≥ 0: set min=0 or another exponent")
      }
      return log(reward)
    }
  }

  /// NaN where it is not known and cannot be asked for now.
  func logReward(_ state: StatePointer) -> Double {
    let value = memory.withLock { known in
      known.table.row(of: state).map { known.logRewards[$0] }
    }
    if let value { return value }
    guard (try? know([state])) != nil else { return .nan }
    return memory.withLock { known in
      known.table.row(of: state).map { known.logRewards[$0] } ?? .nan
    }
  }

  func reward(_ state: StatePointer) -> Double { exp(logReward(state)) }
}
