/// Finds whether a text describes a pointed directed acyclic graph in which every node lies on a way
/// from s0 to an end.
///
/// Nodes are numbered in the order in which the edges first name them; number 0 is s0.
struct GraphCheck {
  struct Edge {
    var source: Int
    var target: Int
    var place: GraphText.Place
  }

  private(set) var names: [String] = []
  private(set) var edges: [Edge] = []
  /// By node; nil where there is none.
  private(set) var rewards: [Double?] = []
  /// All nodes in an order in which every edge goes up (Kahn 1962), s0 the first.
  private(set) var order: [Int] = []
  private var numbers: [String: Int] = [:]
  private var outgoing: [[Int]] = []

  /// - Throws: `CoreError` for a cycle, a node that no path from s0 reaches, a dead end, an edge or a
  ///   reward given twice, a reward of no node and an edge into s0.
  init(_ text: GraphText) throws {
    guard !text.edges.isEmpty else {
      throw CoreError.option(name: "edges", reason: "there is no edge; write one as 's0 -> a'")
    }
    try connect(text.edges)
    try reward(text.rewards)
    try sort()
    try reach()
  }

  private mutating func number(_ name: String) -> Int {
    if let number = numbers[name] { return number }
    numbers[name] = names.count
    names.append(name)
    return names.count - 1
  }

  private mutating func connect(_ written: [GraphText.Edge]) throws {
    struct Pair: Hashable {
      var source: Int
      var target: Int
    }
    var seen: Set<Pair> = []
    for edge in written {
      let source = number(edge.source)
      let target = number(edge.target)
      guard target != 0 else {
        throw edge.place.error(
          "the edge \(edge.source) -> \(edge.target) leads into '\(names[0])', the initial state, "
            + "which is the first node named")
      }
      guard seen.insert(Pair(source: source, target: target)).inserted else {
        throw edge.place.error("the edge \(edge.source) -> \(edge.target) is there twice")
      }
      edges.append(Edge(source: source, target: target, place: edge.place))
    }
    guard names.count <= GraphShape.mostNodes else {
      throw CoreError.tooLarge(
        what: "a graph", size: "\(names.count) nodes",
        remedy: "give at most \(GraphShape.mostNodes)")
    }
    outgoing = [[Int]](repeating: [], count: names.count)
    for edge in edges { outgoing[edge.source].append(edge.target) }
  }

  private mutating func reward(_ written: [GraphText.Reward]) throws {
    rewards = [Double?](repeating: nil, count: names.count)
    for reward in written {
      guard let node = numbers[reward.node] else {
        throw reward.place.error(
          "no edge names the node '\(reward.node)'; the nodes are \(listed(names))")
      }
      guard rewards[node] == nil else {
        throw reward.place.error("'\(reward.node)' has two rewards")
      }
      rewards[node] = reward.value
    }
  }

  private mutating func sort() throws {
    var open = [Int](repeating: 0, count: names.count)
    for edge in edges { open[edge.target] += 1 }
    order = names.indices.filter { open[$0] == 0 }
    var next = 0
    while next < order.count {
      for target in outgoing[order[next]] {
        open[target] -= 1
        if open[target] == 0 { order.append(target) }
      }
      next += 1
    }
    guard let left = open.firstIndex(where: { $0 > 0 }) else { return }
    throw cycle(left) { open[$0] > 0 }
  }

  /// The error that shows a cycle. Every node that is left has a parent that is left: going back
  /// from one of them meets itself.
  private func cycle(_ start: Int, _ isLeft: (Int) -> Bool) -> CoreError {
    var parent = [Int](repeating: -1, count: names.count)
    for edge in edges where isLeft(edge.source) { parent[edge.target] = edge.source }
    var seen: Set<Int> = []
    var node = start
    while seen.insert(node).inserted, parent[node] >= 0 { node = parent[node] }
    var path = [node]
    while let last = path.last, parent[last] >= 0, parent[last] != node {
      path.append(parent[last])
    }
    // Backward it is node, its parent, …; the first node named goes first.
    path.reverse()
    if let first = path.min(), let index = path.firstIndex(of: first) {
      path = Array(path[index...] + path[..<index])
    }
    let closing = edges.last { $0.source == path.last && $0.target == path.first }
    let reason = "\(shown(path + path.prefix(1))) is a cycle; every path must end"
    return closing?.place.error(reason) ?? .option(name: "edges", reason: reason)
  }

  private func reach() throws {
    // Where the first path from s0 came from.
    var previous = [Int](repeating: -1, count: names.count)
    var isReached = [Bool](repeating: false, count: names.count)
    var reached = [0]
    isReached[0] = true
    var next = 0
    while next < reached.count {
      for target in outgoing[reached[next]] where !isReached[target] {
        isReached[target] = true
        previous[target] = reached[next]
        reached.append(target)
      }
      next += 1
    }
    let apart = names.indices.filter { !isReached[$0] }
    let entered = Set(edges.map(\.target))
    if let source = apart.first(where: { !entered.contains($0) }) {
      let reason =
        "no path from '\(names[0])', the first node named, reaches "
        + "\(listed(apart.map { names[$0] })): no edge leads to '\(names[source])'"
      throw edges.first { $0.source == source }?.place.error(reason)
        ?? CoreError.option(name: "edges", reason: reason)
    }
    for node in names.indices where outgoing[node].isEmpty && rewards[node] == nil {
      var path = [node]
      while let last = path.last, previous[last] >= 0 { path.append(previous[last]) }
      let reason =
        "\(shown(path.reversed())) is a dead end: '\(names[node])' has neither an edge nor a "
        + "reward; give it one, as '\(names[node]) 1'"
      throw edges.first { $0.target == node }?.place.error(reason)
        ?? CoreError.option(name: "edges", reason: reason)
    }
  }

  /// A path, its middle left out where it is long.
  private func shown(_ path: [Int]) -> String {
    let words = path.map { names[$0] }
    let cut = words.count > 12 ? words.prefix(8) + ["…"] + words.suffix(3) : words[...]
    return cut.joined(separator: " -> ")
  }

  private func listed(_ names: [String]) -> String {
    let some = names.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 8 ? "\(some), …" : some
  }
}
