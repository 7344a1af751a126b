import GFNLanguage

/// The nodes of a graph in layers and in an order with few crossings. Edges over several layers pass
/// through an item of their own in each layer between (Sugiyama, Tagawa and Toda, 1981).
struct GraphLayers {
  struct Item {
    /// Nil where an edge passes.
    var node: Int?
    var layer: Int
  }

  /// A part of an edge, between neighbouring layers.
  struct Link {
    var from: Int
    var to: Int
    var edge: Int
    var isFirst: Bool
    var isLast: Bool
  }

  private(set) var items: [Item] = []
  private(set) var links: [Link] = []
  /// Items by layer, from the first to the last.
  private(set) var layers: [[Int]] = []

  private static let sweeps = 8

  /// - Parameter edges: of the graph's, those that lead to a higher layer.
  init(_ graph: LayeredGraph, edges: [Int]) {
    let numbers = Set(graph.nodes.map(\.layer)).sorted()
    let place = Dictionary(uniqueKeysWithValues: zip(numbers, numbers.indices))
    layers = numbers.map { _ in [] }
    for (node, value) in graph.nodes.enumerated() { add(node, place[value.layer] ?? 0) }
    for edge in edges {
      let (start, end) = (graph.edges[edge].from, graph.edges[edge].to)
      let (first, last) = (items[start].layer, items[end].layer)
      var previous = start
      for layer in (first + 1)..<last {
        let passing = items.count
        add(nil, layer)
        links.append(
          Link(from: previous, to: passing, edge: edge, isFirst: previous == start, isLast: false))
        previous = passing
      }
      links.append(
        Link(from: previous, to: end, edge: edge, isFirst: previous == start, isLast: true))
    }
    for sweep in 0..<Self.sweeps { order(downward: sweep % 2 == 0) }
  }

  private mutating func add(_ node: Int?, _ layer: Int) {
    layers[layer].append(items.count)
    items.append(Item(node: node, layer: layer))
  }

  /// Puts each layer into the order of the means of its neighbours' places.
  private mutating func order(downward: Bool) {
    var places = [Double](repeating: 0, count: items.count)
    func note(_ layer: [Int]) {
      for (index, item) in layer.enumerated() {
        places[item] = (Double(index) + 0.5) / Double(layer.count)
      }
    }
    layers.forEach(note)
    for index in downward ? Array(layers.indices) : layers.indices.reversed() {
      let sorted = layers[index].enumerated().map { position, item -> (Double, Int, Int) in
        let near = links.compactMap { link -> Double? in
          if downward { return link.to == item ? places[link.from] : nil }
          return link.from == item ? places[link.to] : nil
        }
        let mean = near.isEmpty ? places[item] : near.reduce(0, +) / Double(near.count)
        return (mean, position, item)
      }
      layers[index] = sorted.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
      note(layers[index])
    }
  }
}

extension LayeredGraph {
  /// Whether an edge's ends are nodes.
  func contains(_ edge: Edge) -> Bool {
    nodes.indices.contains(edge.from) && nodes.indices.contains(edge.to)
  }

  /// The edges that lead from a node to one of a higher layer, by index: all of a well-formed graph.
  var forwardEdges: [Int] {
    edges.indices.filter { index in
      let edge = edges[index]
      return contains(edge) && nodes[edge.from].layer < nodes[edge.to].layer
    }
  }
}
