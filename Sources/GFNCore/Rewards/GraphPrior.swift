import Glibc

/// What a graph is worth before there are data: a sum over its nodes.
enum GraphPrior: Sendable, Equatable {
  /// Every graph alike.
  case uniform
  /// Every edge multiplies by β.
  case edge(logBeta: Double)
  /// Every number of parents of a node alike: −log C(n − 1, l) (Eggeling et al. 2019).
  case fair

  /// The logarithm for one node with this many parents; 0 without parents.
  func logWeight(parents: Int, nodes: Int) -> Double {
    switch self {
    case .uniform: return 0
    case .edge(let logBeta): return Double(parents) * logBeta
    case .fair:
      let others = Double(nodes - 1)
      let l = Double(parents)
      return lgamma(l + 1) + lgamma(others - l + 1) - lgamma(others + 1)
    }
  }
}
