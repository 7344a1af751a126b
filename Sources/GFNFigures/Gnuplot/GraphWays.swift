/// The ways of edges over several layers, around the nodes that stand in them.
struct GraphWays {
  typealias Place = (x: Double, y: Double)

  /// The nodes of each layer.
  private let layers: [[Place]]
  /// How far apart the nodes of a layer are.
  private let spacing: Double

  /// An edge comes no nearer to a node than this part of the spacing.
  private static let clearance = 0.3

  init(layers: [[Place]], _ spacing: Double) {
    self.layers = layers
    self.spacing = spacing
  }

  /// Where a line bends that would else go through nodes: half way to the next node, rather above, since
  /// names stand below.
  /// - Parameter first: the layer of the start, `last` that of the end.
  func corners(from start: Place, to end: Place, _ first: Int, _ last: Int) -> [Place] {
    guard last > first + 1, end.x != start.x else { return [] }
    var corners: [Place] = []
    for layer in layers[(first + 1)..<last] {
      guard let x = layer.first?.x else { continue }
      let from = corners.last ?? start
      let y = from.y + (end.y - from.y) * (x - from.x) / (end.x - from.x)
      guard let near = layer.first(where: { abs($0.y - y) < Self.clearance * spacing }) else {
        continue
      }
      corners.append((x, near.y + (y < near.y - 1 ? -spacing : spacing) / 2))
    }
    return corners
  }
}
