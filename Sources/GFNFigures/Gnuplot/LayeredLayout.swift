import GFNLanguage

/// Places for the nodes of a graph: layers from left to right, in each the nodes from top to bottom so
/// that few edges cross (Sugiyama et al., 1981: each node near the mean place of its neighbours).
struct LayeredLayout {
  /// The nodes of each layer, from top to bottom.
  private(set) var layers: [[Int]]

  private static let sweeps = 4

  init(_ graph: LayeredGraph) {
    let used = Set(graph.nodes.map(\.layer)).sorted()
    let rank = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
    layers = [[Int]](repeating: [], count: used.count)
    for (index, node) in graph.nodes.enumerated() { layers[rank[node.layer] ?? 0].append(index) }
    var parents = [[Int]](repeating: [], count: graph.nodes.count)
    var children = parents
    for edge in graph.edges where graph.contains(edge) {
      parents[edge.to].append(edge.from)
      children[edge.from].append(edge.to)
    }
    for _ in 0..<Self.sweeps {
      for layer in layers.indices.dropFirst() { sort(layer, by: parents) }
      for layer in layers.indices.dropLast().reversed() { sort(layer, by: children) }
    }
  }

  /// The greatest number of nodes in a layer.
  var height: Int { layers.map(\.count).max() ?? 0 }

  /// Where each node stands: its layer, and its place from −0.5 at the top to 0.5 at the bottom, in
  /// parts of the greatest layer.
  func places(count: Int) -> [(layer: Int, offset: Double)] {
    var places = [(layer: Int, offset: Double)](repeating: (0, 0), count: count)
    for (layer, nodes) in layers.enumerated() {
      for (index, node) in nodes.enumerated() {
        let middle = Double(index) - Double(nodes.count - 1) / 2
        places[node] = (layer, middle / Double(max(height, 1)))
      }
    }
    return places
  }

  private mutating func sort(_ layer: Int, by neighbours: [[Int]]) {
    let places = places(count: neighbours.count)
    let nodes = layers[layer]
    let means = nodes.map { node -> Double in
      let offsets = neighbours[node].map { places[$0].offset }
      return offsets.isEmpty
        ? places[node].offset : offsets.reduce(0, +) / Double(offsets.count)
    }
    let order = nodes.indices.sorted { (means[$0], $0) < (means[$1], $1) }
    layers[layer] = order.map { nodes[$0] }
  }
}

extension LayeredGraph {
  /// Whether an edge's ends are nodes.
  func contains(_ edge: Edge) -> Bool {
    nodes.indices.contains(edge.from) && nodes.indices.contains(edge.to)
  }
}
