import GFNCore
import GFNLanguage
import GFNParameters

/// How a grid is drawn in one or two of its coordinates: the others are summed over or held.
struct GridProjection {
  let dim: Int
  let side: Int
  /// The coordinate across and, in two dimensions, the one up.
  let axes: [Int]
  /// The other coordinates, ascending, with the values at which they are held.
  let held: [(axis: Int, value: Int)]
  /// Other coordinates are summed over.
  let isSummed: Bool

  /// More cells on a side are no picture.
  private static let mostColumns = 1024
  private static let mostPoints = 65_536

  /// The first two coordinates, or the only one; all others are summed over.
  init(_ grid: Hypergrid) {
    dim = grid.dim
    side = grid.side
    axes = grid.dim == 1 ? [0] : [0, 1]
    held = []
    isSummed = grid.dim > 2
  }

  /// - Throws: `CommandError` where axes= or fixed= do not fit the grid.
  init(_ grid: Hypergrid, _ arguments: Arguments) throws {
    dim = grid.dim
    side = grid.side
    let (dim, side) = (grid.dim, grid.side)
    let axes = arguments.integers("axes") ?? (dim == 1 ? [0] : [0, 1])
    self.axes = axes
    guard axes.count == 1 || axes.count == 2, Set(axes).count == axes.count else {
      throw arguments.error(
        "option", "axes= takes one coordinate or two different ones",
        fix: "write axes=(0, 1)", at: "axes")
    }
    if let axis = axes.first(where: { $0 >= dim }) {
      throw arguments.error(
        "option", "the grid has no coordinate \(axis)",
        fix: "its coordinates are 0…\(dim - 1)", at: "axes")
    }
    let others = (0..<dim).filter { !axes.contains($0) }
    isSummed = !others.isEmpty && !arguments.has("fixed")
    if arguments.has("fixed") {
      let values = arguments.integers("fixed") ?? []
      guard values.count == others.count else {
        throw arguments.error(
          "option",
          "fixed= has \(counted(values.count, "value")), the grid has \(counted(others.count, "other coordinate"))",
          fix: others.isEmpty
            ? "leave it out"
            : "give one for each of \(others.map { "x\($0)" }.joined(separator: ", "))",
          at: "fixed")
      }
      if let value = values.first(where: { $0 >= side }) {
        throw arguments.error(
          "option", "no coordinate is \(value)", fix: "coordinates lie in 0…\(side - 1)",
          at: "fixed")
      }
      held = zip(others, values).map { ($0, $1) }
    } else {
      held = []
    }
    guard side <= (axes.count == 1 ? Self.mostPoints : Self.mostColumns) else {
      throw arguments.error(
        "too-large", "\(side) cells on a side are too many for a picture",
        fix: axes.count == 2 && side <= Self.mostPoints
          ? "draw one coordinate: axes=(0)" : "choose a smaller grid")
    }
  }

  var columns: Int { side }
  var rows: Int { axes.count == 1 ? 1 : side }
  var count: Int { rows * columns }
  var xLabel: String { "x\(axes[0])" }
  var yLabel: String { axes.count == 1 ? "" : "x\(axes[1])" }

  /// What is done with the other coordinates, for a title: empty where there are none.
  var remark: String {
    if isSummed { return ", others summed" }
    return held.map { ", x\($0.axis) = \($0.value)" }.joined()
  }

  /// Calls `body` with the index of every state that is drawn and its cell of the picture.
  func forEach(_ body: (_ index: Int, _ cell: Int) -> Void) {
    let strides = (0..<dim).map { axis in (axis + 1..<dim).reduce(1) { value, _ in value * side } }
    if isSummed {
      for index in 0..<(strides[0] * side) {
        body(
          index,
          axes.reversed().reduce(0) { $0 * side + index / strides[$1] % side })
      }
      return
    }
    let base = held.reduce(0) { $0 + $1.value * strides[$1.axis] }
    for cell in 0..<count {
      var index = base + cell % side * strides[axes[0]]
      if axes.count == 2 { index += cell / side * strides[axes[1]] }
      body(index, cell)
    }
  }

  /// The cell of the picture in which a state lies; nil where it is not drawn.
  func cell(of state: [Int32]) -> Int? {
    for (axis, value) in held where Int(state[axis]) != value { return nil }
    return axes.reversed().reduce(0) { $0 * side + Int(state[$1]) }
  }

  /// The coordinates of a cell of the picture where the others are held.
  func state(at cell: Int) -> [Int32] {
    var state = [Int32](repeating: 0, count: dim)
    for (axis, value) in held { state[axis] = Int32(value) }
    state[axes[0]] = Int32(cell % side)
    if axes.count == 2 { state[axes[1]] = Int32(cell / side) }
    return state
  }

  /// The sum of a number over the states behind each cell.
  func sums(_ values: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    forEach { index, cell in sums[cell] += values[index] }
    return sums
  }
}
