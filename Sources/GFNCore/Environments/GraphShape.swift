/// The states and actions of an explicit graph: nodes numbered so that every edge goes up, the first
/// one s0, and the edges of each in both directions.
struct GraphShape: Sendable, Equatable {
  /// The edges of every node in one direction, those of node n from `starts[n]` to `starts[n + 1]`.
  struct Edges: Sendable, Equatable {
    fileprivate(set) var starts: [Int32]
    /// The node at the other end.
    fileprivate(set) var ends: [Int32]
    /// The place of the edge among those of the other end in the other direction: the action that
    /// undoes it.
    fileprivate(set) var inverses: [Int32]
    /// The most edges of one node.
    fileprivate(set) var most: Int

    func count(_ node: Int32) -> Int { Int(starts[Int(node) + 1] - starts[Int(node)]) }

    func edge(_ node: Int32, _ action: Int) -> (end: Int32, inverse: Int32) {
      let index = Int(starts[Int(node)]) + action
      return (ends[index], inverses[index])
    }
  }

  let names: [String]
  let outgoing: Edges
  let incoming: Edges
  /// The terminating index of each node, −1 where it has no reward.
  let exits: [Int32]
  let terminating: [Int32]
  /// Edges of the longest path.
  let longest: Int

  static let mostNodes = 1 << 16
  private static let mostEdgesOfANode = 1024

  /// - Returns: the shape and the rewards by terminating index.
  /// - Throws: `CoreError`, which shows what is wrong where.
  static func make(_ text: GraphText) throws -> (GraphShape, [Double]) {
    let check = try GraphCheck(text)
    let shape = try GraphShape(check)
    return (shape, shape.terminating.compactMap { check.rewards[check.order[Int($0)]] })
  }

  private init(_ check: GraphCheck) throws {
    let count = check.order.count
    names = check.order.map { check.names[$0] }
    var number = [Int32](repeating: 0, count: count)
    for (new, old) in check.order.enumerated() { number[old] = Int32(new) }
    let edges = check.edges.map { (source: number[$0.source], target: number[$0.target]) }
    (outgoing, incoming) = try Self.directions(edges, names)
    var exits = [Int32](repeating: -1, count: count)
    var terminating: [Int32] = []
    for (new, old) in check.order.enumerated() where check.rewards[old] != nil {
      exits[new] = Int32(terminating.count)
      terminating.append(Int32(new))
    }
    self.exits = exits
    self.terminating = terminating
    var steps = [Int](repeating: 0, count: count)
    for node in 0..<count {
      for index in Int(outgoing.starts[node])..<Int(outgoing.starts[node + 1]) {
        let end = Int(outgoing.ends[index])
        steps[end] = max(steps[end], steps[node] + 1)
      }
    }
    longest = steps.max() ?? 0
  }

  /// The edges as those that leave and those that enter each node, each in the order of the text.
  private static func directions(
    _ edges: [(source: Int32, target: Int32)], _ names: [String]
  ) throws -> (outgoing: Edges, incoming: Edges) {
    var outgoing = try direction(edges.map(\.source), names)
    var incoming = try direction(edges.map(\.target), names)
    var left = outgoing.starts
    var entered = incoming.starts
    for (source, target) in edges {
      let out = left[Int(source)]
      let into = entered[Int(target)]
      outgoing.ends[Int(out)] = target
      outgoing.inverses[Int(out)] = into - incoming.starts[Int(target)]
      incoming.ends[Int(into)] = source
      incoming.inverses[Int(into)] = out - outgoing.starts[Int(source)]
      left[Int(source)] += 1
      entered[Int(target)] += 1
    }
    return (outgoing, incoming)
  }

  /// Room for edges, of which each belongs to one of `nodes`.
  private static func direction(_ nodes: [Int32], _ names: [String]) throws -> Edges {
    var counts = [Int32](repeating: 0, count: names.count)
    for node in nodes { counts[Int(node)] += 1 }
    let most = Int(counts.max() ?? 0)
    guard most <= mostEdgesOfANode else {
      let node = counts.firstIndex(of: Int32(most)).map { names[$0] } ?? ""
      throw CoreError.tooLarge(
        what: "the edges of '\(node)' on one side", size: "\(most) actions",
        remedy: "at most \(mostEdgesOfANode) edges leave or enter a node")
    }
    var starts: [Int32] = [0]
    for count in counts { starts.append((starts.last ?? 0) + count) }
    let none = [Int32](repeating: 0, count: nodes.count)
    return Edges(starts: starts, ends: none, inverses: none, most: most)
  }
}
