import GFNCore

/// The pictures of `train watch=`, from what training has at hand.
enum WatchedFigure {
  /// Target and learned side by side on one scale.
  static func distributions(
    _ target: [Double], _ learned: [Double], on plane: GridPlane, step: Int
  ) -> Figure {
    let maps = [("target", target), ("learned", learned)].map { ($0, plane.sums(of: $1)) }
    let high = maps.flatMap(\.1).reduce(0, max)
    return Figure(
      "step \(step)",
      .heatMaps(
        maps.map { title, values in
          HeatMap(
            title, rows: plane.rows, columns: plane.columns, values,
            scale: .sequential(low: 0, high: high), xLabel: "x0",
            yLabel: plane.rows > 1 ? "x1" : "")
        }))
  }

  /// The rows so far: a distance from the target where one is measured, the loss and log Z.
  static func curve(of table: Table, logZ: Double?) -> Figure {
    let distance = ["tv", "jsd", "kl_target", "kl_learned"].first { name in
      table.columns.contains { $0.name == name }
    }
    let steps = numbers(of: "step", in: table)
    let charts = ([distance].compactMap { $0 } + ["loss", "log_z"]).compactMap {
      name -> LineChart? in
      let values = numbers(of: name, in: table)
      guard values.contains(where: \.isFinite) else { return nil }
      let points = zip(steps, values).map { LineChart.Point($0, $1) }
      return LineChart(
        xLabel: "step", yLabel: name, [.init(name, points)],
        reference: name == "log_z" ? logZ : nil)
    }
    return Figure("", .lines(charts))
  }

  private static func numbers(of name: String, in table: Table) -> [Double] {
    guard let column = table.columns.firstIndex(where: { $0.name == name }) else { return [] }
    return table.rows.map { row in
      if case .number(let number, _) = row[column] { number } else { .nan }
    }
  }
}

/// The first two coordinates of a grid; all others are summed over.
struct GridPlane {
  /// Values of coordinate 1, or one row where there is none.
  let rows: Int
  /// Values of coordinate 0.
  let columns: Int
  /// States that differ in the other coordinates alone; they follow each other.
  private let inner: Int

  init?(_ environment: any Environment) {
    guard let grid = environment as? Hypergrid, let states = grid.enumeration?.terminating else {
      return nil
    }
    columns = grid.side
    rows = grid.dim > 1 ? grid.side : 1
    inner = states / (columns * rows)
  }

  /// Sums over the states of each cell, `[rows, columns]`. Coordinate 0 is the most significant of a
  /// state's index.
  func sums(of values: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: rows * columns)
    guard values.count == rows * columns * inner else { return result }
    for cell in 0..<(rows * columns) {
      var sum = 0.0
      for index in (cell * inner)..<((cell + 1) * inner) { sum += values[index] }
      result[cell % rows * columns + cell / rows] = sum
    }
    return result
  }
}
