import GFNLanguage
import GFNParameters

extension GnuplotPage {
  /// Beyond so many edges their probabilities would cover each other.
  private static let edgeTextLimit = 60
  private static let sizeLimit = 2_400.0

  /// A graph in layers from left to right: discs as large as the flow, arrows as wide as probable.
  init(of figure: Figure, graph: LayeredGraph) {
    let layout = LayeredLayout(graph)
    let names = Double(min(graph.nodes.map(\.label.count).max() ?? 0, 18))
    let apart = (
      x: min(max(names * 7 + 40, 130), Self.sizeLimit / Double(max(layout.layers.count, 1))),
      y: min(86, Self.sizeLimit / Double(max(layout.height, 1)))
    )
    let drawn = (
      width: apart.x * Double(max(layout.layers.count, 1)),
      height: apart.y * Double(max(layout.height, 1)) + 20
    )
    var figure = figure
    if graph.nodes.contains(where: { $0.reward != nil }) {
      figure.notes.append("orange: where a trajectory may end")
    }
    self.init(of: figure, width: max(drawn.width, 260), contentHeight: drawn.height)
    begin(content, isBare: true)
    let left = (width - drawn.width) / 2 + apart.x / 2
    let flows = graph.nodes.compactMap(\.flow).filter(\.isFinite)
    let most = flows.max() ?? 0
    let discs = zip(graph.nodes, layout.places(count: graph.nodes.count)).map { node, place in
      let share = most > 0 ? max(node.flow ?? 0, 0) / most : 0
      return Disc(
        x: left + Double(place.layer) * apart.x,
        y: drawn.height / 2 + 8 - place.offset * apart.y * Double(max(layout.height, 1)),
        radius: 6 + min(apart.y * 0.16, 14) * (share.isFinite ? share.squareRoot() : 0))
    }
    let ways = GraphWays(
      layers: layout.layers.map { $0.map { (discs[$0].x, discs[$0].y) } }, apart.y)
    let ranks = layout.places(count: graph.nodes.count).map(\.layer)
    for edge in graph.edges where graph.contains(edge) {
      let (from, to) = (discs[edge.from], discs[edge.to])
      draw(
        edge, from, to,
        through: ways.corners(
          from: (from.x, from.y), to: (to.x, to.y), ranks[edge.from], ranks[edge.to]),
        isNamed: graph.edges.count <= Self.edgeTextLimit)
    }
    draw(graph.nodes, discs)
  }

  private struct Disc {
    var x: Double
    var y: Double
    var radius: Double
  }

  /// The direction from one place to another, of length 1; nil where they are one.
  private static func direction(
    _ from: (x: Double, y: Double), _ to: (x: Double, y: Double)
  ) -> (x: Double, y: Double)? {
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    let length = (dx * dx + dy * dy).squareRoot()
    return length > 0 ? (dx / length, dy / length) : nil
  }

  private mutating func draw(
    _ edge: LayeredGraph.Edge, _ from: Disc, _ to: Disc, through corners: [(x: Double, y: Double)],
    isNamed: Bool
  ) {
    let second = corners.first ?? (to.x, to.y)
    let last = corners.last ?? (from.x, from.y)
    let (dx, dy, near) = (to.x - from.x, to.y - from.y, from.radius + to.radius)
    guard dx * dx + dy * dy > near * near,
      let (ux, uy) = Self.direction((from.x, from.y), second),
      let (vx, vy) = Self.direction(last, (to.x, to.y))
    else { return }
    let probability = edge.probability.flatMap { $0.isFinite ? min(max($0, 0), 1) : nil }
    let start = (from.x + ux * from.radius, from.y + uy * from.radius)
    let final = (to.x - vx * (to.radius + 1), to.y - vy * (to.radius + 1))
    let places = [start] + corners.map { ($0.x, $0.y) } + [final]
    for (index, (first, next)) in zip(places, places.dropFirst()).enumerated() {
      let head =
        index == places.count - 2
        ? "head filled size screen \(Self.number(8 / width)), 18" : "nohead"
      add(
        "set arrow from \(Self.number(first.0)), \(Self.number(first.1)) to "
          + "\(Self.number(next.0)), \(Self.number(next.1)) \(head) back "
          + "linewidth \(Self.number(0.6 + 2.4 * (probability ?? 0.2))) linecolor rgb '#8aa4b8'")
    }
    guard isNamed, let probability else { return }
    // Nearer to its start, where edges to one node have not met yet, and beside the line.
    let part = 0.36
    let end = places[1]
    add(
      "set label \(Self.quoted(formatted(probability, .fixed(2)))) at "
        + "\(Self.number(start.0 + (end.0 - start.0) * part - uy * 8)), "
        + "\(Self.number(start.1 + (end.1 - start.1) * part + ux * 8)) center front "
        + Self.style(8.5, GnuplotColours.axis))
  }

  private mutating func draw(_ nodes: [LayeredGraph.Node], _ discs: [Disc]) {
    for (node, disc) in zip(nodes, discs) {
      let name = Self.cut(node.label, to: 18)
      let numbers = [
        node.flow.map { "F \(formatted($0, .significant(3)))" },
        node.reward.map { "R \(formatted($0, .significant(3)))" },
      ].compactMap { $0 }.joined(separator: "  ")
      text(name, disc.x, disc.y - disc.radius - 8, size: 10, GnuplotColours.text)
      text(numbers, disc.x, disc.y - disc.radius - 20, size: 8.5, GnuplotColours.axis)
    }
    let rows = zip(nodes, discs).map { node, disc in
      [
        disc.x, disc.y, disc.radius,
        GnuplotColours.number(of: node.reward == nil ? GnuplotColours.go : GnuplotColours.stop),
      ]
    }
    guard !rows.isEmpty else { return finishBare() }
    add(
      "plot \(data(rows)) using 1:2:3:4 with circles fillstyle solid 1 noborder linecolor rgb variable "
        + "notitle")
  }

  private mutating func text(
    _ text: String, _ x: Double, _ y: Double, size: Double, _ colour: String
  ) {
    guard !text.isEmpty else { return }
    add(
      "set label \(Self.quoted(text)) at \(Self.number(x)), \(Self.number(y)) center front "
        + Self.style(size, colour))
  }
}
