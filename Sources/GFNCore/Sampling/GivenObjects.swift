import GFNParameters

/// Objects of a file for a replay buffer to start with: a list, or a table with scores.
package struct GivenObjects: Sendable {
  /// Of the objects, one after the other.
  package let cells: [Int32]
  /// The scores of a table, of each object; empty where there is a list.
  package let scores: [Double]

  /// - Throws: `CoreError.file`, which names the line; `CoreError.notText`.
  package init(_ bytes: [UInt8], path: String, in environment: any Environment) throws {
    let name = path.lowercased()
    guard [".csv", ".tsv", ".jsonl", ".ndjson"].contains(where: name.hasSuffix) else {
      cells = try ObjectList.read(bytes, path: path, in: environment)
      scores = []
      return
    }
    var list = ObjectScores(environment, path: path)
    try list.read(bytes, try UTF8Text(bytes, path: path))
    guard !list.scores.isEmpty else {
      throw CoreError.file(path: path, line: nil, reason: "lists no object")
    }
    cells = (0..<list.scores.count).flatMap { list.table.state($0) }
    scores = list.scores
  }
}

extension TrainingState {
  /// Starts the buffer of replayed objects with given ones: offline data, or a warm start. Where a program
  /// scores objects, it is not asked for those whose scores are given.
  /// - Returns: how many there are.
  /// - Throws: `CoreError.conflict` where no objects are replayed; what a program's fault throws.
  package mutating func replay(
    _ objects: GivenObjects, in environment: any Environment
  ) throws -> Int {
    guard var buffer = replayBuffer, buffer.kind == .objects else {
      throw CoreError.conflict(
        reason: "there is no buffer of objects", remedy: "say explore replay=objects")
    }
    let width = environment.stateWidth
    let count = objects.cells.count / width
    let logRewards = try objects.cells.withUnsafeBufferPointer { buffer -> [Double] in
      guard let base = buffer.baseAddress else { return [] }
      let states = (0..<count).map { StatePointer(base + $0 * width) }
      if objects.scores.count == count {
        try environment.program?.learn(states, objects.scores)
      }
      try environment.program?.know(states)
      return states.map(environment.clippedLogReward)
    }
    buffer.insert(objects: objects.cells, logRewards: logRewards)
    replayBuffer = buffer
    return count
  }
}
