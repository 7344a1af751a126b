extension BatchPass {
  /// Makes these trajectories the batch.
  /// - Throws: `CoreError.trajectory` where an action is not allowed or does not lead where it should.
  func load(_ batch: Trajectories) throws {
    forwardPolicy.removeAll()
    backwardPolicy.removeAll()
    states.removeAll()
    let log = try states.log(batch)
    log.sort(into: &paths, count: batch.trajectories.count, reversed: false)
  }
}
