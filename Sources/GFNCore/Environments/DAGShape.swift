/// Directed acyclic graphs on numbered nodes, with a bound on the parents of each. Cells are the
/// adjacency matrix row by row: cell `source · nodes + target` is 1 where there is that edge.
///
/// Reachability is not kept in the cells but found anew for every mask: n² operations on words of
/// 64 nodes, no more than the n² entries of the mask take to write. So it cannot lag behind an edge that was
/// removed.
struct DAGShape: Sendable, Equatable {
  let nodes: Int
  let mostParents: Int

  var cellCount: Int { nodes * nodes }

  /// The most edges: node i of an order has at most i parents.
  var mostEdges: Int { (0..<nodes).reduce(0) { $0 + min($1, mostParents) } }

  /// The parents of a node as a set.
  func parents(of target: Int, _ state: StatePointer) -> UInt64 {
    var set: UInt64 = 0
    for source in 0..<nodes { set |= UInt64(state[source * nodes + target]) << UInt64(source) }
    return set
  }

  /// Which edges can be added: not there yet, no loop, closing no cycle, to a target with room for
  /// another parent.
  func additions(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    // Reach of each node, and its number of parents: at most 1 KiB, which fits the stack.
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * nodes) { buffer in
      guard let reach = buffer.baseAddress else { return }
      let parents = reach + nodes
      parents.update(repeating: 0, count: nodes)
      for source in 0..<nodes {
        var row: UInt64 = 0
        for target in 0..<nodes {
          let edge = UInt64(state[source * nodes + target])
          row |= edge << UInt64(target)
          parents[target] += edge
        }
        reach[source] = row
      }
      close(reach)
      for source in 0..<nodes {
        for target in 0..<nodes {
          let cell = source * nodes + target
          mask[cell] =
            source != target && state[cell] == 0 && reach[target] >> UInt64(source) & 1 == 0
            && parents[target] < UInt64(mostParents)
        }
      }
    }
  }

  /// From the children of each node to all its descendants (Warshall 1962).
  func close(_ reach: UnsafeMutablePointer<UInt64>) {
    for middle in 0..<nodes {
      let beyond = reach[middle]
      guard beyond != 0 else { continue }
      for node in 0..<nodes where reach[node] >> UInt64(middle) & 1 != 0 { reach[node] |= beyond }
    }
  }

  /// Whether cells of 0 and 1 are such a graph.
  func isGraph(_ state: StatePointer) -> Bool {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: nodes) { buffer in
      guard let reach = buffer.baseAddress else { return false }
      for source in 0..<nodes {
        reach[source] = 0
        for target in 0..<nodes {
          reach[source] |= UInt64(state[source * nodes + target]) << UInt64(target)
        }
      }
      close(reach)
      return (0..<nodes).allSatisfy { node in
        reach[node] >> UInt64(node) & 1 == 0
          && parents(of: node, state).nonzeroBitCount <= mostParents
      }
    }
  }

  /// How many acyclic graphs there are without a bound on parents (Robinson 1973):
  /// `a(n) = Σ_{k≥1} (−1)^{k+1} C(n, k) 2^{k(n−k)} a(n−k)`. Nil beyond ten nodes, which is beyond 2^63.
  static func count(nodes: Int) -> Int? {
    guard nodes <= 10 else { return nil }
    // Modulo 2^64: the alternating sums overflow, their results do not.
    var counts = [1]
    for n in 1...max(1, nodes) {
      var sum = 0
      var choose = 1
      for k in 1...n {
        choose = choose * (n - k + 1) / k
        let term = choose &* (1 << (k * (n - k))) &* counts[n - k]
        sum = k % 2 == 1 ? sum &+ term : sum &- term
      }
      counts.append(sum)
    }
    return counts[nodes]
  }
}
