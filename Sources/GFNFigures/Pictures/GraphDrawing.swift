import GFNLanguage

/// A small graph: boxes in layers from left to right, with lines between; a larger one as a list.
struct GraphDrawing {
  private static let mostNodes = 16
  private static let mostEdges = 30
  private static let tallest = 40
  private static let widestLabel = 12
  private static let gaps = 8...16

  private let graph: LayeredGraph
  private let style: PictureStyle
  private let layers: GraphLayers
  private let texts: [[String]]
  /// Columns of a layer's boxes, and of what lies between layers.
  private let widths: [Int]
  private let gap: Int
  private let height: Int
  /// The first line of each item.
  private let tops: [Int]

  static func drawing(of graph: LayeredGraph, _ style: PictureStyle) -> Drawing {
    guard !graph.nodes.isEmpty else { return .empty() }
    return GraphDrawing(graph, style)?.drawing ?? GraphList.drawing(of: graph, style)
  }

  /// - Returns: nil where the graph is too large for a drawing.
  private init?(_ graph: LayeredGraph, _ style: PictureStyle) {
    let edges = graph.forwardEdges
    // What cannot be drawn must not be lost.
    guard graph.nodes.count <= Self.mostNodes, edges.count <= Self.mostEdges,
      edges.count == graph.edges.count
    else { return nil }
    let layers = GraphLayers(graph, edges: edges)
    let texts = graph.nodes.map { Self.texts(of: $0, style) }
    let widths = layers.layers.map { layer in
      layer.compactMap { layers.items[$0].node }
        .flatMap { texts[$0].map(displayWidth) }.reduce(0, max) + 4
    }
    let between = layers.layers.count - 1
    let room = style.width - widths.reduce(0, +)
    let gap = between == 0 ? 0 : min(room / between, Self.gaps.upperBound)
    guard room >= 0, between == 0 || gap >= Self.gaps.lowerBound else { return nil }
    let heights = layers.items.map { item in item.node.map { texts[$0].count + 2 } ?? 1 }
    let totals = layers.layers.map { layer in
      layer.reduce(layer.count - 1) { $0 + heights[$1] }
    }
    let height = totals.max() ?? 0
    guard height <= Self.tallest else { return nil }
    var tops = [Int](repeating: 0, count: layers.items.count)
    for (layer, total) in zip(layers.layers, totals) {
      // What is left is shared by the spaces between.
      let spare = height - total
      var used = 0
      for (index, item) in layer.enumerated() {
        tops[item] = used + spare * (2 * index + 1) / (2 * layer.count)
        used += heights[item] + 1
      }
    }
    self.graph = graph
    self.style = style
    self.layers = layers
    self.texts = texts
    self.widths = widths
    self.gap = gap
    self.height = height
    self.tops = tops
  }

  private static func texts(of node: LayeredGraph.Node, _ style: PictureStyle) -> [String] {
    [Lettering.fitted(node.label, to: widestLabel, isASCII: style.isASCII)]
      + [("F", node.flow), ("R", node.reward)].compactMap { name, value in
        value.map { "\(name) \(Ticks.number($0))" }
      }
  }

  private func start(of layer: Int) -> Int { widths[..<layer].reduce(0, +) + gap * layer }

  /// The line at which edges meet an item.
  private func middle(_ item: Int) -> Int {
    tops[item] + (layers.items[item].node.map { (texts[$0].count + 1) / 2 } ?? 0)
  }

  private var drawing: Drawing {
    let columns = start(of: widths.count - 1) + (widths.last ?? 0)
    var canvas = Canvas(rows: height, columns: columns, isASCII: style.isASCII)
    var grid = DotGrid(rows: height, columns: columns, isASCII: style.isASCII)
    for link in layers.links { draw(link, on: &grid) }
    for (item, value) in layers.items.enumerated() where value.node == nil {
      // The edge goes straight through the layer.
      let first = start(of: value.layer)
      let row = middle(item)
      var dash = DotGrid.Dash.solid
      grid.line(
        from: dot(grid, column: first - 1, row),
        to: dot(grid, column: first + widths[value.layer], row),
        "-", Ink(.grey), &dash)
    }
    grid.draw(on: &canvas, row: 0, column: 0)
    for (item, value) in layers.items.enumerated() {
      if let node = value.node { drawBox(node, item, on: &canvas) }
    }
    for link in layers.links where link.isLast {
      canvas.set(
        style.isASCII ? ">" : "▸", row: middle(link.to),
        column: start(of: layers.items[link.to].layer) - 1, Ink(.grey))
    }
    let missing = writeProbabilities(on: &canvas)
    return Drawing(canvases: [canvas], notes: missing + [meaning].filter { !$0.isEmpty })
  }

  /// What the letters and numbers are.
  private var meaning: String {
    let parts = [
      graph.nodes.contains { $0.flow != nil } ? "F is the flow" : nil,
      graph.nodes.contains { $0.reward != nil } ? "R the reward" : nil,
      graph.edges.contains { $0.probability != nil } ? "on the lines stands π_F" : nil,
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }

  private func dot(_ grid: DotGrid, column: Int, _ row: Int) -> (x: Int, y: Int) {
    (column * grid.across, row * grid.down + grid.down / 2)
  }

  private func ends(of link: GraphLayers.Link) -> (
    from: (column: Int, row: Int), to: (column: Int, row: Int)
  ) {
    let layer = layers.items[link.from].layer
    let first = start(of: layer) + widths[layer]
    return ((first, middle(link.from)), (first + gap - 1, middle(link.to)))
  }

  private func draw(_ link: GraphLayers.Link, on grid: inout DotGrid) {
    let ends = ends(of: link)
    let first = dot(grid, column: ends.from.column, ends.from.row)
    let last = dot(grid, column: ends.to.column, ends.to.row)
    let rise = last.y - first.y
    let character: Character = rise == 0 ? "-" : rise > 0 ? "\\" : "/"
    var dash = DotGrid.Dash.solid
    grid.dot(x: first.x, y: first.y, character, Ink(.grey))
    grid.line(from: first, to: last, character, Ink(.grey), &dash)
  }

  private func drawBox(_ node: Int, _ item: Int, on canvas: inout Canvas) {
    let layer = layers.items[item].layer
    let (top, left, width) = (tops[item], start(of: layer), widths[layer])
    let lines = texts[node]
    let ink = Ink(graph.nodes[node].reward == nil ? Palette.sky : Palette.green)
    let frame: [Character] = style.isASCII ? Array("++++-|") : Array("┌┐└┘─│")
    for row in 0...(lines.count + 1) {
      let isEdge = row == 0 || row == lines.count + 1
      for column in 0..<width {
        canvas.set(isEdge ? frame[4] : " ", row: top + row, column: left + column, ink)
      }
      let corner = row == 0 ? 0 : 2
      canvas.set(isEdge ? frame[corner] : frame[5], row: top + row, column: left, ink)
      canvas.set(
        isEdge ? frame[corner + 1] : frame[5], row: top + row, column: left + width - 1, ink)
    }
    for (row, text) in lines.enumerated() {
      canvas.write(text, row: top + 1 + row, column: left + 2, row == 0 ? .bold : Ink())
    }
  }

  /// Writes each probability on its line where it meets no other.
  /// - Returns: those that had no room, to be said in words.
  private func writeProbabilities(on canvas: inout Canvas) -> [String] {
    var taken = Set<Int>()
    var missing: [String] = []
    let columns = canvas.columns
    // Short edges first: they have fewer places.
    for link in layers.links where link.isFirst {
      guard let probability = graph.edges[link.edge].probability else { continue }
      let text = NumberFormat.fixed(2).string(probability)
      let ends = ends(of: link)
      let isPlaced = [0.5, 0.35, 0.65, 0.2, 0.8].contains { part in
        let middle = Double(ends.from.column) + Double(ends.to.column - ends.from.column) * part
        let column = min(
          max(Int(middle) - text.count / 2, ends.from.column + 1),
          max(ends.to.column - text.count, ends.from.column))
        let share =
          (Double(column + text.count / 2) - Double(ends.from.column))
          / Double(max(ends.to.column - ends.from.column, 1))
        let row = Int(
          (Double(ends.from.row) + Double(ends.to.row - ends.from.row) * share).rounded())
        // A blank on each side keeps numbers apart.
        let cells = ((column - 1)...(column + text.count)).map { row * columns + $0 }
        guard taken.isDisjoint(with: cells) else { return false }
        taken.formUnion(cells)
        canvas.write(text, row: row, column: column)
        return true
      }
      if !isPlaced {
        let edge = graph.edges[link.edge]
        missing.append("\(graph.nodes[edge.from].label) → \(graph.nodes[edge.to].label) \(text)")
      }
    }
    return missing.isEmpty ? [] : ["without room: " + missing.joined(separator: ", ")]
  }
}

/// A graph in words: for each node, by layers, its flow and where it leads to.
enum GraphList {
  /// More nodes than this tell nobody anything.
  private static let mostNodes = 200

  static func drawing(of graph: LayeredGraph, _ style: PictureStyle) -> Drawing {
    var leading = [[LayeredGraph.Edge]](repeating: [], count: graph.nodes.count)
    for edge in graph.edges where graph.nodes.indices.contains(edge.from) {
      leading[edge.from].append(edge)
    }
    let order = graph.nodes.indices.sorted {
      (graph.nodes[$0].layer, $0) < (graph.nodes[$1].layer, $1)
    }
    var lines: [(text: String, ink: Ink)] = []
    var layer: Int?
    for node in order.prefix(mostNodes) {
      let value = graph.nodes[node]
      if value.layer != layer {
        lines.append(("layer \(value.layer)", .dim))
        layer = value.layer
      }
      let text = line(value, leading[node], graph)
      for part in Lettering.wrapped(text, to: max(style.width - 2, 1), isASCII: style.isASCII) {
        lines.append(("  " + part, Ink()))
      }
    }
    var canvas = Canvas(rows: lines.count, columns: style.width, isASCII: style.isASCII)
    for (row, line) in lines.enumerated() {
      canvas.write(line.text, row: row, column: 0, line.ink)
    }
    let rest = graph.nodes.count - mostNodes
    return Drawing(canvases: [canvas], notes: rest > 0 ? ["\(rest) more nodes are not shown"] : [])
  }

  /// `s0 (flow 3.75) → a 0.40, b 0.60`.
  private static func line(
    _ node: LayeredGraph.Node, _ edges: [LayeredGraph.Edge], _ graph: LayeredGraph
  ) -> String {
    let numbers = [("flow", node.flow), ("reward", node.reward)].compactMap { name, value in
      value.map { "\(name) \(Ticks.number($0))" }
    }
    var text = node.label
    if !numbers.isEmpty { text += " (\(numbers.joined(separator: ", ")))" }
    let targets = edges.map { edge -> String in
      let name = graph.nodes.indices.contains(edge.to) ? graph.nodes[edge.to].label : "?"
      return edge.probability.map { "\(name) \(NumberFormat.fixed(2).string($0))" } ?? name
    }
    return targets.isEmpty ? text : "\(text) → \(targets.joined(separator: ", "))"
  }
}
