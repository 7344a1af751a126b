/// The probability of every edge under a distribution over graphs: `P(s→t) = Σ_G P(G) [s→t in G]`.
package struct EdgeMarginals: Sendable, Equatable {
  package let nodes: Int
  /// `[nodes, nodes]`, source by target.
  package private(set) var probabilities: [Double]
  /// Where they are estimated: how many graphs were drawn.
  package let samples: Int?

  /// - Parameter distribution: over all graphs, in index order.
  package init(_ network: BayesianNetwork, _ distribution: [Double]) {
    nodes = network.nodes
    samples = nil
    probabilities = [Double](repeating: 0, count: network.stateWidth)
    for (index, p) in distribution.enumerated() where p > 0 {
      for (cell, edge) in network.state(at: index).enumerated() where edge != 0 {
        probabilities[cell] += p
      }
    }
  }

  /// - Parameter graphs: cells of independent draws.
  package init(_ network: BayesianNetwork, samples graphs: [[Int32]]) {
    nodes = network.nodes
    samples = graphs.count
    probabilities = [Double](repeating: 0, count: network.stateWidth)
    for graph in graphs {
      for (cell, edge) in graph.enumerated() where edge != 0 { probabilities[cell] += 1 }
    }
    for cell in probabilities.indices { probabilities[cell] /= Double(max(1, graphs.count)) }
  }

  package subscript(source: Int, target: Int) -> Double { probabilities[source * nodes + target] }

  /// Of an estimate: `√(p (1 − p)/(N − 1))`.
  package func standardError(_ source: Int, _ target: Int) -> Double {
    guard let samples else { return 0 }
    let p = self[source, target]
    return (p * (1 - p) / Double(max(1, samples - 1))).squareRoot()
  }

  /// The edges with a probability above ½. Together they may close a cycle.
  package var likely: [Bool] { probabilities.map { $0 > 0.5 } }
}
