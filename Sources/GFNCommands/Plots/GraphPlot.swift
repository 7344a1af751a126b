import GFNCore
import GFNLanguage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `plot graph`: all states of a small environment in layers, with flows, rewards and π_F.
struct GraphPlot {
  private let session: Session
  private let arguments: Arguments
  private let environment: any Environment
  private let state: TrainingState

  /// More states are no picture.
  static let mostNodes = 64

  init(_ session: Session, _ arguments: Arguments) throws {
    self.session = session
    self.arguments = arguments
    (environment, state) = try session.experiment(arguments)
  }

  func figure() throws -> Figure {
    guard let count = environment.enumeration?.states, count <= Self.mostNodes else {
      let size = environment.enumeration.map { "\($0.states)" } ?? "more than 2^63"
      throw arguments.error(
        "too-large", "a graph of \(size) states is no picture; \(Self.mostNodes) are",
        fix: "choose a smaller environment, or 'inspect STATE' shows one state with its neighbours")
    }
    let cells = (0..<count).map { environment.state(at: $0) }
    guard
      let outputs = try session.core(
        arguments,
        {
          try StateOutputs(of: count, environment, state, session.workbench.pool) {
            index, pointer in
            environment.state(at: index, into: pointer)
          }
        })
    else { throw arguments.error("interrupted", "looking at the policy was interrupted") }
    let edges = edges(cells, outputs)
    let (flows, note) = try flows(outputs)
    // The longest way from s0. Indices ascend along every edge.
    var layers = [Int](repeating: 0, count: count)
    for edge in edges { layers[edge.to] = max(layers[edge.to], layers[edge.from] + 1) }
    let nodes = cells.indices.map { index in
      LayeredGraph.Node(
        environment.text(cells[index]), layer: layers[index], flow: flows[index],
        reward: reward(cells[index]))
    }
    return Figure(
      "graph of \(environment.specification.kind), step \(state.step)",
      .graph(LayeredGraph(nodes: nodes, edges: edges)),
      notes: [note] + (environment.rewardIsExponential ? ["rewards are log R"] : []))
  }

  /// By their start, parallel edges as one.
  private func edges(_ cells: [[Int32]], _ outputs: StateOutputs) -> [LayeredGraph.Edge] {
    var edges: [LayeredGraph.Edge] = []
    for (from, state) in cells.enumerated() {
      let first = edges.count
      for (action, isAllowed) in environment.forwardMask(state).enumerated()
      where isAllowed && action != environment.exitAction {
        var child = state
        child.withUnsafeMutableBufferPointer { buffer in
          _ = buffer.baseAddress.map { environment.step($0, forward: action) }
        }
        let to = environment.index(child)
        let probability = outputs.probabilities[from * outputs.actions + action]
        if let place = edges[first...].firstIndex(where: { $0.to == to }) {
          edges[place].probability = (edges[place].probability ?? 0) + probability
        } else {
          edges.append(LayeredGraph.Edge(from: from, to: to, probability: probability))
        }
      }
    }
    return edges
  }

  /// F(s) as `inspect` shows it; the probability of a visit where Z is no number one could show.
  private func flows(_ outputs: StateOutputs) throws -> (flows: [Double?], note: String) {
    if !environment.rewardIsExponential, !outputs.logFlow.isEmpty {
      return (outputs.logFlow.map { Self.shown(exp($0)) }, "flows are the learned F(s)")
    }
    let visiting = try session.exactDistribution(arguments).visiting
    let logZ = try session.core(arguments) {
      try state.reportedLogZ(in: environment, session.workbench.pool)
    }
    guard logZ.isFinite, !environment.rewardIsExponential else {
      return (visiting.map(Self.shown), "flows are the probability of a visit")
    }
    return (
      visiting.map { Self.shown($0 * exp(logZ)) },
      "flows are Z times the probability of a visit, with the learned Z"
    )
  }

  private static func shown(_ flow: Double) -> Double? { flow.isFinite ? flow : nil }

  private func reward(_ cells: [Int32]) -> Double? {
    guard environment.forwardMask(cells)[environment.exitAction] else { return nil }
    return environment.rewardIsExponential
      ? environment.logReward(cells) : environment.reward(cells)
  }
}
