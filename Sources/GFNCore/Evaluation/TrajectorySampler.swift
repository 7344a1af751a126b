/// Draws trajectories for measurements that nothing else needs, and keeps what is summed over them.
package final class TrajectorySampler {
  private let environment: any Environment
  private let state: TrainingState
  private let pool: ThreadPool
  private let pass: BatchPass
  private let rollout = Rollout()

  /// Trajectories that go through the networks together.
  private let chunk: Int

  package init(_ environment: any Environment, _ state: TrainingState, _ pool: ThreadPool) throws {
    self.environment = environment
    chunk = environment.drawnAtOnce
    self.state = state
    self.pool = pool
    pass = try BatchPass(environment, state, stateEstimator: nil)
  }

  /// Trajectories from s0 with π_F.
  /// - Parameter isCancelled: asked between chunks; the result is nil once it is true.
  package func forward(
    _ count: Int, from stream: inout RandomStream, isCancelled: () -> Bool = { false }
  ) throws -> TrajectorySample? {
    var sample = TrajectorySample(width: environment.stateWidth)
    while sample.count < count {
      if isCancelled() { return nil }
      try rollout.forward(
        count: min(chunk, count - sample.count),
        state.networks[state.configuration.policyEstimator], pass.states,
        pass.forwardPolicy, exploration: nil, epsilon: 0, &stream, pool, into: &pass.paths)
      pass.backwardPolicy.removeAll()
      try append(to: &sample)
    }
    return sample
  }

  /// One trajectory backward with π_B from each of these objects.
  /// - Parameters:
  ///   - ends: their cells, one after the other.
  ///   - isCancelled: as for `forward`.
  package func backward(
    from ends: [Int32], from stream: inout RandomStream, isCancelled: () -> Bool = { false }
  ) throws -> TrajectorySample? {
    var sample = TrajectorySample(width: environment.stateWidth)
    let size = chunk * environment.stateWidth
    for start in stride(from: 0, to: ends.count, by: size) {
      if isCancelled() { return nil }
      try rollout.backward(
        from: Array(ends[start..<min(start + size, ends.count)]),
        state.networks[.backwardPolicy], pass.states, pass.backwardPolicy, &stream, pool,
        into: &pass.paths)
      pass.forwardPolicy.removeAll()
      try append(to: &sample)
    }
    return sample
  }

  private func append(to sample: inout TrajectorySample) throws {
    try pass.gather(state, stateEstimator: nil, pool)
    var ends: [Int32] = []
    pass.ends(into: &ends)
    sample.cells += ends
    for path in 0..<pass.paths.count {
      let entries = pass.steps.entries(path)
      sample.logRatio.append(
        entries.reduce(0) { $0 + pass.steps.logPF[$1] - pass.steps.logPB[$1] })
      let end = sample.logReward.count * environment.stateWidth
      sample.logReward.append(
        sample.cells.withUnsafeBufferPointer { cells in
          cells.baseAddress.map { environment.logReward($0 + end) } ?? .nan
        })
    }
  }
}

/// Trajectories without their ways.
package struct TrajectorySample: Sendable {
  let width: Int
  /// Their objects, `[count, width]`.
  package internal(set) var cells: [Int32] = []
  /// log R(x), not clipped.
  package internal(set) var logReward: [Double] = []
  /// `log P_F(τ) − log P_B(τ|x)`.
  package internal(set) var logRatio: [Double] = []

  init(width: Int) { self.width = width }

  package var count: Int { logReward.count }

  package func object(_ index: Int) -> [Int32] {
    Array(cells[(index * width)..<((index + 1) * width)])
  }

  /// The mean of `log R(x) + log P_B(τ|x) − log P_F(τ)`. Over trajectories of π_F it bounds log Z* from
  /// below (ELBO); over those that go back from draws of P*, from above (EUBO).
  package var bound: SampledMean { SampledMean(zip(logReward, logRatio).map { $0 - $1 }) }
}
