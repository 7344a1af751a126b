import GFNParameters
import Glibc

/// Rewards of the objects that a file lists, and one for all others.
struct TableReward: StateReward {
  private let table: StateTable
  private let logRewards: [Double]
  /// log R of what is not listed; NaN where everything is.
  private let missing: Double
  /// How scores became rewards.
  let transform: FittedTransform
  var isLogarithm: Bool { false }

  /// - Parameters:
  ///   - missing: the score of what the file does not list.
  /// - Throws: `CoreError.file` for what is no object of the environment, `.option` where rewards would be
  ///   none, or where objects have no score and none is given for them.
  init(
    _ environment: any Environment, _ read: FileReader, path: String, missing: Double?,
    _ transform: RewardTransform
  ) throws {
    let bytes = try read(path)
    guard !path.lowercased().hasSuffix(".npy") else {
      throw CoreError.file(
        path: path, line: nil,
        reason:
          "a NumPy array has a score for every sequence of one length; here objects are listed with "
          + "their scores, in columns (.tsv, .csv) or JSON Lines (.jsonl)")
    }
    var list = ObjectScores(environment, path: path)
    try list.read(bytes, try UTF8Text(bytes, path: path))
    guard !list.scores.isEmpty else {
      throw CoreError.file(path: path, line: nil, reason: "lists no object")
    }
    try list.requireAll(in: environment, missing: missing)
    let all = list.scores + (missing.map { [$0] } ?? [])
    let fitted = try transform.fitted(
      low: all.reduce(.infinity, min), high: all.reduce(-.infinity, max))
    let name = list
    func logReward(_ score: Double, _ object: () -> String) throws -> Double {
      let reward = fitted(score)
      guard reward.isFinite, reward >= 0 else {
        throw CoreError.file(
          path: name.path, line: nil,
          reason:
            "the score \(formatted(score)) of \(object()) makes the reward \(formatted(reward)); a "
            + "reward is finite and ≥ 0 (min= raises the scores)")
      }
      return log(reward)
    }
    table = list.table
    logRewards = try list.scores.enumerated().map { row, score in
      try logReward(score) { "'\(environment.text(name.table.state(row)))'" }
    }
    self.missing = try missing.map { try logReward($0) { "what is missing" } } ?? .nan
    self.transform = fitted
  }

  func logReward(_ state: StatePointer) -> Double {
    table.row(of: state).map { logRewards[$0] } ?? missing
  }

  func reward(_ state: StatePointer) -> Double { exp(logReward(state)) }

  /// The listed objects with the greatest rewards, `share` of them rounded up, as modes.
  func best(_ share: Double) -> ListedModes {
    let table = table
    return ListedModes(ListedModes.greatest(logRewards, fraction: share)) {
      table.row(of: $0) ?? -1
    }
  }
}

/// The objects of a file with their scores.
struct ObjectScores: ScoreReading {
  let path: String
  private let environment: any Environment
  private(set) var table: StateTable
  private(set) var scores: [Double] = []
  var isProven = false
  var hasComplements: Bool { false }
  var takesSemicolons: Bool { true }

  init(_ environment: any Environment, path: String) {
    self.environment = environment
    self.path = path
    table = StateTable(width: environment.stateWidth)
  }

  mutating func take(_ object: String, _ score: Double, line: Int, _ place: String) throws {
    let name = quoted(object, or: "the object")
    let cells: [Int32]
    do {
      cells = try environment.state(from: .word(object))
    } catch CoreError.state(_, let reason) {
      throw refuse(line, "\(name) is no object here\(place): \(reason)")
    }
    guard environment.forwardMask(cells).last == true else {
      throw refuse(line, "\(name) is no object\(place): no trajectory may end there")
    }
    let isNew = cells.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { table.insert($0).isNew } ?? false
    }
    guard isNew else { throw refuse(line, "\(name) already has a score") }
    scores.append(score)
    isProven = true
  }

  /// - Throws: `CoreError.file` where objects have no score and none is given for them.
  func requireAll(in environment: any Environment, missing: Double?) throws {
    guard missing == nil else { return }
    guard let count = environment.enumeration?.terminating else {
      throw CoreError.file(
        path: path, line: nil,
        reason:
          "lists \(counted(scores.count, "object")) of more than can be counted; missing=SCORE gives the "
          + "others one")
    }
    guard scores.count < count else { return }
    let first = (0..<count).lazy.map { environment.terminatingState(at: $0) }.first { cells in
      cells.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { table.row(of: $0) == nil } ?? false
      }
    }
    let lacking = count - scores.count
    throw CoreError.file(
      path: path, line: nil,
      reason:
        "\(lacking) of \(counted(count, "object")) \(lacking == 1 ? "has" : "have") no score, the first "
        + "is '\(first.map(environment.text) ?? "")'; missing=SCORE gives them one")
  }
}
