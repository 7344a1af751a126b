import Synchronization

/// What a node with its parents adds to log R: `(score(j|Π) − score(j|∅) + log prior(Π)) / T`, 0 without
/// parents. log R(G) is the sum over the nodes.
///
/// Few enough are computed at once into a table; else each is computed when it is first asked for and kept.
/// Both give the same numbers, on any thread.
final class LocalScores: Sendable {
  let nodes: Int
  private let score: BGeScore
  private let prior: GraphPrior
  private let temperature: Double
  /// score(j|∅).
  private let alone: [Double]
  /// `[nodes, 2^(nodes − 1)]`: parents without the bit of the node itself. Empty where there is a cache.
  private let table: [Double]
  /// By node, by parents.
  private let cache: [Cache]

  private final class Cache: Sendable {
    let scores = Mutex<[UInt64: Double]>([:])
  }

  /// 512 KiB of scores, which 13 nodes stay below.
  private static let mostTabulated = 1 << 16
  /// A node's cache starts anew beyond this many: 64 nodes then take 150 MiB.
  private static let mostCached = 1 << 16

  /// - Parameter isTabulated: nil to decide by the number of parent sets.
  init(
    _ score: BGeScore, prior: GraphPrior, temperature: Double, mostParents: Int,
    isTabulated: Bool? = nil
  ) {
    let nodes = score.nodes
    self.nodes = nodes
    self.score = score
    self.prior = prior
    self.temperature = temperature
    let alone = (0..<nodes).map { score.local($0, parents: 0) }
    self.alone = alone
    let tabulates = isTabulated ?? (nodes <= 20 && nodes << (nodes - 1) <= Self.mostTabulated)
    guard tabulates else {
      table = []
      cache = (0..<nodes).map { _ in Cache() }
      return
    }
    cache = []
    let sets = 1 << (nodes - 1)
    var table = [Double](repeating: 0, count: nodes * sets)
    for node in 0..<nodes {
      for set in 1..<sets where set.nonzeroBitCount <= mostParents {
        table[node * sets + set] = Self.value(
          score, prior, temperature, alone, node, Self.spread(UInt64(set), around: node))
      }
    }
    self.table = table
  }

  func callAsFunction(_ node: Int, parents: UInt64) -> Double {
    guard parents != 0 else { return 0 }
    guard table.isEmpty else {
      return table[node << (nodes - 1) + Int(Self.squeeze(parents, around: node))]
    }
    if let known = cache[node].scores.withLock({ $0[parents] }) { return known }
    let value = Self.value(score, prior, temperature, alone, node, parents)
    cache[node].scores.withLock { scores in
      if scores.count >= Self.mostCached { scores.removeAll(keepingCapacity: true) }
      scores[parents] = value
    }
    return value
  }

  private static func value(
    _ score: BGeScore, _ prior: GraphPrior, _ temperature: Double, _ alone: [Double], _ node: Int,
    _ parents: UInt64
  ) -> Double {
    let weight = prior.logWeight(parents: parents.nonzeroBitCount, nodes: score.nodes)
    return (score.local(node, parents: parents) - alone[node] + weight) / temperature
  }

  /// Takes the node's own bit out.
  private static func squeeze(_ set: UInt64, around node: Int) -> UInt64 {
    let low: UInt64 = (1 << UInt64(node)) - 1
    return set & low | set >> 1 & ~low
  }

  /// Puts the node's own bit back, 0.
  private static func spread(_ set: UInt64, around node: Int) -> UInt64 {
    let low: UInt64 = (1 << UInt64(node)) - 1
    return set & low | (set & ~low) << 1
  }
}
