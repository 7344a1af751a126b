import GFNLanguage

extension GnuplotPage {
  /// A policy on a grid: in each cell an arrow for each way to go on, as long as the way is probable,
  /// and between them a disc for stopping, as large as that is.
  init(of figure: Figure, arrows field: PolicyField) {
    let side = Double(max(field.rows, field.columns, 1))
    let cell = min(max(440 / side, 9), 56)
    let plot = (
      width: cell * Double(max(field.columns, 1)), height: cell * Double(max(field.rows, 1))
    )
    let names = ["go on, as long as probable", "stop, as large as probable"]
    let left = 60.0
    self.init(
      of: figure, width: left + plot.width + Self.legendWidth(names),
      contentHeight: plot.height + 62)
    let area = Area(
      left: left, bottom: content.top - 10 - plot.height, width: plot.width, height: plot.height)
    begin(area)
    axes(field.xLabel, field.yLabel)
    add("set border 15 linecolor rgb '\(GnuplotColours.grid)' linewidth 0.8")
    add("set xrange [-0.5:\(Self.number(Double(max(field.columns, 1)) - 0.5))]")
    add("set yrange [-0.5:\(Self.number(Double(max(field.rows, 1)) - 0.5))]")
    let step = cell >= 24 ? 1 : cell >= 12 ? 2 : 5
    for (axis, count) in [("x", field.columns), ("y", field.rows)] {
      ticks(axis, stride(from: 0, to: count, by: step).map { (String($0), Double($0)) })
    }
    drawLattice(field)
    legend(rightOf: area)
    drawPolicy(field, names)
  }

  /// Thin lines between the cells.
  private mutating func drawLattice(_ field: PolicyField) {
    func line(_ from: (Double, Double), _ to: (Double, Double)) -> String {
      "set arrow from \(Self.number(from.0)), \(Self.number(from.1)) to \(Self.number(to.0)), "
        + "\(Self.number(to.1)) nohead back linecolor rgb '\(GnuplotColours.grid)' linewidth 0.6"
    }
    let (right, top) = (Double(field.columns) - 0.5, Double(field.rows) - 0.5)
    for column in 1..<max(field.columns, 1) {
      add(line((Double(column) - 0.5, -0.5), (Double(column) - 0.5, top)))
    }
    for row in 1..<max(field.rows, 1) {
      add(line((-0.5, Double(row) - 0.5), (right, Double(row) - 0.5)))
    }
  }

  private mutating func drawPolicy(_ field: PolicyField, _ names: [String]) {
    var arrows: [[Double]] = []
    var discs: [[Double]] = []
    for (index, cell) in field.cells.prefix(field.rows * field.columns).enumerated() {
      let (x, y) = (Double(index % field.columns), Double(index / field.columns))
      let (left, bottom) = (x - Self.corner, y - Self.corner)
      if cell.right > Self.least { arrows.append([left, bottom, cell.right * Self.reach, 0]) }
      if cell.up > Self.least { arrows.append([left, bottom, 0, cell.up * Self.reach]) }
      if cell.stop > Self.least {
        let radius = Self.radius * cell.stop.squareRoot()
        discs.append([x + Self.aside, y + Self.aside, radius])
      }
    }
    var plots: [String] = []
    if !discs.isEmpty {
      plots.append(
        "\(data(discs)) using 1:2:3 with circles fillstyle solid 0.95 noborder linecolor rgb "
          + "'\(GnuplotColours.stop)' \(Self.name(names[1]))")
    }
    if !arrows.isEmpty {
      plots.append(
        "\(data(arrows)) using 1:2:3:4 with vectors head filled size screen 0.008, 22 linewidth 1.3 "
          + "linecolor rgb '\(GnuplotColours.go)' \(Self.name(names[0]))")
    }
    if plots.isEmpty { finishBare() } else { add("plot " + plots.joined(separator: ", ")) }
  }

  /// What is less probable is not shown.
  private static let least = 0.005
  /// Lengths in cells: how far from the centre the arrows start, to the left and below.
  private static let corner = 0.34
  /// The length of an arrow that is certain.
  private static let reach = 0.74
  /// How far from the centre a disc is, to the right and above.
  private static let aside = 0.09
  /// The radius of the disc of a certain stop.
  private static let radius = 0.33
}
