import GFNParameters

/// The exact terminating distribution of π_F by dynamic programming over all states in topological
/// order: `u(s0) = 1`, `u(s') = Σ u(s) π_F(a|s)` over the edges (s, a) that lead to s',
/// `P_F(x) = u(x) π_F(exit|x)`. The sum is over actions, so parallel edges count as they should.
package final class ExactEvaluation {
  private let environment: any Environment
  private let pool: ThreadPool
  /// The dense arithmetic of the evaluations so far.
  package private(set) var work = DenseWork()
  private var programmeSeconds = 0.0
  private var edges = 0.0
  /// The rate of the dynamic programme alone over the evaluations so far.
  package var edgesPerSecond: Double { edges / programmeSeconds }
  /// States that go through the network at a time. Their activations are fresh memory in each
  /// evaluation: with twice as many, a tenth of the time on 256 × 256 goes into its first touch.
  private static let chunk = 4096
  /// States that a thread lists and encodes at a time.
  private static let blockSize = 256

  package init(_ environment: any Environment, _ pool: ThreadPool) {
    self.environment = environment
    self.pool = pool
  }

  /// - Parameter isCancelled: asked between chunks; the result is nil once it is true.
  /// - Returns: P_F over the terminating states in terminating-index order.
  /// - Throws: `CoreError.tooLarge` where the states cannot be enumerated, `.nonFinite` where there is
  ///   no policy.
  package func terminatingProbabilities(
    _ state: TrainingState, isCancelled: () -> Bool = { false }
  ) throws -> [Double]? {
    try distribution(state, isCancelled: isCancelled)?.terminating
  }

  /// The same, with the probability u(s) that a trajectory visits each state, in index order.
  package func distribution(
    _ state: TrainingState, isCancelled: () -> Bool = { false }
  ) throws -> (terminating: [Double], visiting: [Double])? {
    try MatrixProduct.requireCorrect()
    let enumeration = try environment.enumerable()
    let encoding = state.configuration.policy.encoding
    guard let network = state.networks[state.configuration.policyEstimator] else { return nil }
    let pass = NetworkPass(network.shape)
    let features = FeatureRows(encoding, environment)
    let width = environment.stateWidth
    let capacity = min(Self.chunk, enumeration.states)
    features.reserve(capacity, keeping: 0)
    let edges = EdgeFlow(environment, capacity: capacity, logits: pass.outputs)
    var flow = [Double](repeating: 0, count: enumeration.states)
    var ends = [Double](repeating: 0, count: enumeration.terminating)
    flow[0] = 1
    for start in stride(from: 0, to: enumeration.states, by: Self.chunk) {
      if isCancelled() { return nil }
      let count = min(Self.chunk, enumeration.states - start)
      pool.run(blocks: blockCount(0..<count, Self.blockSize)) { number in
        let rows = block(number, of: 0..<count, Self.blockSize)
        environment.list(
          (start + rows.lowerBound)..<(start + rows.upperBound),
          into: edges.rows.from(rows.lowerBound))
        for row in rows { features.encode(row, edges.rows.cells + row * width, environment) }
      }
      pass.removeRows()
      pass.forward(network, features, upTo: count, pool, finisher: edges)
      try Interruption.check()
      try push(edges, start, count, &flow, &ends)
    }
    work = work + pass.work
    return (ends, flow)
  }

  /// One chunk of the dynamic programme.
  private func push(
    _ edges: EdgeFlow, _ start: Int, _ count: Int, _ flow: inout [Double], _ ends: inout [Double]
  ) throws {
    let begun = monotonicNanoseconds()
    let pushed = flow.withUnsafeMutableBufferPointer { flow in
      ends.withUnsafeMutableBufferPointer { ends -> Int? in
        guard let flow = flow.baseAddress, let ends = ends.baseAddress else { return nil }
        return edges.push(start, count: count, flow, ends)
      }
    }
    guard let pushed else {
      throw CoreError.nonFinite(step: nil, quantity: "an output of pf", value: .nan)
    }
    programmeSeconds += Double(monotonicNanoseconds() &- begun) / 1e9
    self.edges += Double(pushed)
  }
}
