import GFNParameters
import Glibc

/// Takes all states of a graph through the networks, a chunk at a time: policies on the way there,
/// gradients on the way back.
final class GraphPass {
  let graph: StateGraph
  private let state: TrainingState
  private let pool: ThreadPool
  private let pass: BatchPass
  private let gradient = Buffer<Float>()

  private static let chunk = 4096
  private static let mostBackwardNumbers = 1 << 27

  init(_ graph: StateGraph, _ state: TrainingState, _ pool: ThreadPool) throws {
    self.graph = graph
    self.state = state
    self.pool = pool
    pass = try BatchPass(graph.environment, state, stateEstimator: nil)
  }

  /// Enters a chunk of states, a row each, and evaluates π_F on them.
  private func enter(_ states: Range<Int>) {
    let environment = graph.environment
    pass.states.removeAll()
    pass.forwardPolicy.removeAll()
    pass.backwardPolicy.removeAll()
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: environment.stateWidth) { cells in
      guard let cells = cells.baseAddress else { return }
      for index in states {
        environment.state(at: index, into: cells)
        _ = pass.states.insert(cells)
      }
    }
    pass.forwardPolicy.evaluate(
      state.networks[state.configuration.policyEstimator], pass.states, pool)
  }

  private var chunks: [Range<Int>] {
    (0..<blockCount(0..<graph.states, Self.chunk)).map {
      block($0, of: 0..<graph.states, Self.chunk)
    }
  }

  /// - Throws: `CoreError.nonFinite` where the networks give no policy, `.tooLarge`.
  func policy() throws -> GraphPolicy {
    let width = pass.backwardPolicy.actions
    let (numbers, overflow) = graph.states.multipliedReportingOverflow(by: width)
    guard !overflow, numbers <= Self.mostBackwardNumbers else {
      throw StateGraph.tooLarge("\(graph.states) × \(width) backward actions")
    }
    var logPF = [Double](repeating: 0, count: graph.edgeCount)
    // By state and backward action, as an edge's own is that of its child.
    var backward = [Double](repeating: 0, count: numbers)
    for states in chunks {
      enter(states)
      pass.backwardPolicy.evaluate(state.networks[.backwardPolicy], pass.states, pool)
      try Interruption.check()
      for (row, index) in states.enumerated() {
        let edges = graph.edges(index)
        for edge in edges {
          logPF[edge] = pass.forwardPolicy.logProbability(Int32(row), graph.actions[edge])
        }
        try normalise(&logPF, edges, "pf")
        let actions = (index * width)..<((index + 1) * width)
        for (action, place) in actions.enumerated() {
          backward[place] = pass.backwardPolicy.logProbability(Int32(row), Int32(action))
        }
        // The initial state has no parent.
        if index > 0 { try normalise(&backward, actions, "pb") }
      }
    }
    let logPB = (0..<graph.edgeCount).map { edge in
      let child = Int(graph.children[edge])
      return child < 0 ? 0 : backward[child * width + Int(graph.inverses[edge])]
    }
    return GraphPolicy(logPF: logPF, logPB: logPB, logZ: state.logZ)
  }

  private func normalise(
    _ values: inout [Double], _ range: Range<Int>, _ network: String
  ) throws {
    let sum = logSumExp(values[range])
    guard sum.isFinite else {
      throw CoreError.nonFinite(step: nil, quantity: "an output of \(network)", value: .nan)
    }
    for index in range { values[index] -= sum }
  }

  /// Pulls gradients with respect to π_F's logits back to its parameters, `Jᵀ g`. The map is linear: the
  /// difference of two gradients is best taken before it, in Float64.
  /// - Parameter gradients: ∂/∂logit by edge, each.
  /// - Returns: each in the forward policy's layout.
  func parameterGradients(_ gradients: [[Double]]) -> [[Float]] {
    guard let network = state.networks[state.configuration.policyEstimator] else { return [] }
    let actions = pass.forwardPolicy.actions
    var results = gradients.map { _ in
      [Float](repeating: 0, count: network.shape.parameterCount)
    }
    for states in chunks {
      enter(states)
      for number in gradients.indices {
        gradient.fill(states.count * actions, with: 0)
        for (row, index) in states.enumerated() {
          for edge in graph.edges(index) {
            gradient[row * actions + Int(graph.actions[edge])] = Float(gradients[number][edge])
          }
        }
        pass.forwardPolicy.backward(
          network, pass.states, logitGradient: gradient.base, into: &results[number], pool)
      }
    }
    return results
  }
}
