import GFNLanguage

/// Places for the nodes of a graph: layers from left to right, in each the nodes from top to bottom.
struct LayeredLayout {
  /// The nodes of each layer, from top to bottom.
  private(set) var layers: [[Int]]

  init(_ graph: LayeredGraph) {
    let sorted = GraphLayers(graph, edges: graph.forwardEdges)
    layers = sorted.layers.map { $0.compactMap { sorted.items[$0].node } }
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
}
