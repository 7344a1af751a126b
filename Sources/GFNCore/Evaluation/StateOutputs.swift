import GFNParameters

/// What the estimators say of many states at once: π_F of every action, and the learned log F(s) where the
/// objective has one.
package struct StateOutputs: Sendable {
  package let actions: Int
  /// π_F, `[states, actions]`, 0 where masked.
  package let probabilities: [Double]
  /// log F(s) by state: of the state flow (db, subtb) or the logarithm of the sum of the edge flows (fm);
  /// empty where the objective has neither.
  package let logFlow: [Double]

  private static let chunk = 4096
  /// The most states that are taken on.
  package static let mostStates = 1 << 20

  /// - Parameters:
  ///   - count: how many states, all of them different.
  ///   - cells: writes the cells of one.
  ///   - isCancelled: asked between chunks.
  /// - Returns: nil where it was cancelled.
  /// - Throws: `CoreError.tooLarge` beyond `mostStates`; where the networks do not fit the environment.
  package init?(
    of count: Int, _ environment: any Environment, _ state: TrainingState, _ pool: ThreadPool,
    isCancelled: () -> Bool = { false }, cells: (Int, MutableStatePointer) -> Void
  ) throws {
    guard count <= Self.mostStates else {
      throw CoreError.tooLarge(
        what: "a policy over all states", size: "\(count) states",
        remedy: "choose a smaller environment (at most 2^20 states)")
    }
    let source = state.configuration.objective.kind.logZSource
    let estimator: Estimator? =
      source == .stateFlow && state.networks[.stateFlow] != nil ? .stateFlow : nil
    let pass = try BatchPass(environment, state, stateEstimator: estimator)
    actions = environment.forwardActionCount
    var probabilities: [Double] = []
    probabilities.reserveCapacity(count * actions)
    var logFlow: [Double] = []
    for start in stride(from: 0, to: count, by: Self.chunk) {
      if isCancelled() { return nil }
      let rows = min(Self.chunk, count - start)
      pass.states.removeAll()
      pass.forwardPolicy.removeAll()
      pass.backwardPolicy.removeAll()
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: environment.stateWidth) { buffer in
        guard let base = buffer.baseAddress else { return }
        for index in start..<(start + rows) {
          cells(index, base)
          _ = pass.states.insert(base)
        }
      }
      pass.paths = Paths()
      try pass.gather(state, stateEstimator: estimator, pool)
      try Interruption.check()
      let forward = pass.forwardPolicy
      for place in 0..<(rows * actions) {
        probabilities.append(
          pass.states.forwardMask[place] ? Double(forward.probabilities[place]) : 0)
      }
      switch source {
      case .stateFlow:
        guard let outputs = pass.stateEstimator?.outputs else { break }
        for row in 0..<rows { logFlow.append(Double(outputs[row])) }
      case .edgeFlow:
        guard let logits = forward.network?.outputs else { break }
        for row in 0..<rows {
          let places = (row * actions)..<((row + 1) * actions)
          logFlow.append(
            logSumExp(
              places.filter { pass.states.forwardMask[$0] }.map { Double(logits[$0]) }))
        }
      case .parameter, .batch, .none: break
      }
    }
    self.probabilities = probabilities
    self.logFlow = logFlow
  }
}
