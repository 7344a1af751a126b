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
