import GFNLanguage
import GFNParameters

extension GnuplotPage {
  /// More cells are drawn as one image, whose file stays small; fewer as squares, which stay sharp.
  private static let squareLimit = 4_096
  /// A labelled matrix with no more rows and columns shows its numbers.
  private static let numberLimit = 14

  /// Maps side by side, with square cells; maps on one scale share its colour bar.
  init(of figure: Figure, heatMaps maps: [HeatMap]) {
    let side = Double(max(maps.map { max($0.rows, $0.columns) }.max() ?? 1, 1))
    let room = maps.count == 1 ? 380.0 : 250.0
    let isNamed = maps.contains { !$0.rowLabels.isEmpty || !$0.columnLabels.isEmpty }
    let cell = min(max(room / side, isNamed ? 26 : 1), 48)
    let lefts = maps.map { 46 + Self.length(of: $0.rowLabels) }
    let widths = maps.map { cell * Double(max($0.columns, 1)) }
    let rights = maps.indices.map { Self.hasBar($0, maps) ? 66.0 : 14.0 }
    let plotHeight = cell * Double(max(maps.map(\.rows).max() ?? 1, 1))
    let isTurned = maps.contains { Self.isWide($0.columnLabels, cell) }
    let below = 56 + (isTurned ? maps.map { Self.length(of: $0.columnLabels) }.max() ?? 0 : 0)
    let titleHeight = maps.contains { !$0.title.isEmpty } ? 24.0 : 8
    let total = zip(zip(lefts, widths), rights).reduce(0) { $0 + $1.0.0 + $1.0.1 + $1.1 }
    self.init(
      of: figure, width: max(total, 240), contentHeight: titleHeight + plotHeight + below)
    var left = (width - total) / 2
    for (index, map) in maps.enumerated() {
      let height = cell * Double(max(map.rows, 1))
      let area = Area(
        left: left + lefts[index], bottom: content.top - titleHeight - height,
        width: widths[index], height: height)
      draw(map, in: area, cell: cell, hasBar: Self.hasBar(index, maps))
      left += lefts[index] + widths[index] + rights[index]
    }
  }

  /// The last map of a scale has its colour bar.
  private static func hasBar(_ index: Int, _ maps: [HeatMap]) -> Bool {
    index + 1 == maps.count || maps[index + 1].scale != maps[index].scale
  }

  private static func length(of names: [String]) -> Double {
    min(Double(names.map(\.count).max() ?? 0), 14) * 6.5
  }

  /// Names that would touch each other in cells of this width.
  private static func isWide(_ names: [String], _ cell: Double) -> Bool {
    names.contains { Double(min($0.count, 14)) * 6.5 + 6 > cell }
  }

  private mutating func draw(_ map: HeatMap, in area: Area, cell: Double, hasBar: Bool) {
    begin(area)
    axes(map.xLabel, map.yLabel)
    label(
      Self.cut(map.title, to: max(Int(area.width / 6.5), 8)), area.left + area.width / 2,
      area.top + 12, "center")
    let (columns, rows) = (Double(map.columns), Double(map.rows))
    add("set border 0")
    add("set xrange [-0.5:\(Self.number(columns - 0.5))]")
    let ends = map.startsOnTop ? (rows - 0.5, -0.5) : (-0.5, rows - 0.5)
    add("set yrange [\(Self.number(ends.0)):\(Self.number(ends.1))]")
    add(
      "set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillstyle solid 1 "
        + "noborder fillcolor rgb '\(GnuplotColours.nothing)'")
    name("x", map.columnLabels, count: map.columns, cell: cell)
    name("y", map.rowLabels, count: map.rows, cell: cell)
    setColours(of: map.scale, barRightOf: hasBar ? area : nil)
    mark(map)
    if !map.rowLabels.isEmpty, max(map.rows, map.columns) <= Self.numberLimit { write(map) }
    guard map.rows > 0, map.columns > 0, map.values.count >= map.rows * map.columns else {
      add("unset colorbox")
      add("set xrange [0:1]")
      add("set yrange [0:1]")
      return finishBare()
    }
    plot(map)
  }

  private mutating func plot(_ map: HeatMap) {
    let isSmall = map.rows * map.columns <= Self.squareLimit
    let block = data(
      (0..<(map.rows * map.columns)).compactMap { index -> [Double]? in
        let value = map.values[index]
        // An image needs every cell; gnuplot leaves those that are no number empty.
        guard value.isFinite || !isSmall else { return nil }
        return [Double(index % map.columns), Double(index / map.columns), value]
      })
    if isSmall {
      // A hair wider than a cell, so that no seam shows between two.
      add(
        "plot \(block) using 1:2:(0.505):(0.505):3 with boxxyerror fillstyle solid 1 noborder "
          + "linecolor palette notitle")
    } else {
      add("plot \(block) using 1:2:3 with image notitle")
    }
  }

  /// - Parameter area: of the map beside which the colour bar stands; nil for none.
  private mutating func setColours(of scale: HeatMap.Scale, barRightOf area: Area?) {
    let (low, high) = scale.bounds
    let palette = scale.palette.enumerated().map { "\($0) '\($1)'" }
    add("set palette defined (\(palette.joined(separator: ", ")))")
    add("set cbrange [\(Self.number(low)):\(Self.number(high))]")
    guard let area else { return add("unset colorbox") }
    add(
      "set colorbox user origin screen \(Self.number((area.right + 10) / width)), "
        + "screen \(Self.number(area.bottom / height)) size screen \(Self.number(11 / width)), "
        + "screen \(Self.number(area.height / height)) noborder")
    add("set cbtics \(Self.number(Self.tickStep(from: low, to: high))) scale 0 offset -0.2, 0")
  }

  /// A round step that makes about four ticks.
  private static func tickStep(from low: Double, to high: Double) -> Double {
    let rough = (high - low) / 4
    var unit = 1.0
    while unit > rough, unit > 1e-300 { unit /= 10 }
    while unit * 10 <= rough { unit *= 10 }
    return rough / unit >= 5 ? unit * 5 : rough / unit >= 2 ? unit * 2 : unit
  }

  /// Names the rows or columns, or numbers some of them.
  private mutating func name(_ axis: String, _ names: [String], count: Int, cell: Double) {
    guard names.isEmpty else {
      let names = names.prefix(count).enumerated().map {
        (name: Self.cut($1, to: 14), place: Double($0))
      }
      let isTurned = axis == "x" && Self.isWide(names.map(\.name), cell)
      return ticks(axis, names, rotation: isTurned ? 90 : 0)
    }
    var step = 1
    while Double(step) * cell < 24 { step *= step == 2 || step == 20 || step == 200 ? 5 : 2 }
    let places = stride(from: 0, to: count, by: step)
    ticks(axis, places.map { (name: String($0), place: Double($0)) })
  }

  private mutating func mark(_ map: HeatMap) {
    for index in map.marks where (0..<(map.rows * map.columns)).contains(index) {
      let (column, row) = (Double(index % map.columns), Double(index / map.columns))
      add(
        "set object rectangle from \(Self.number(column - 0.46)), \(Self.number(row - 0.46)) to "
          + "\(Self.number(column + 0.46)), \(Self.number(row + 0.46)) front fillstyle empty border "
          + "linecolor rgb '\(GnuplotColours.mark)' linewidth 2")
    }
  }

  /// Writes the numbers into their cells.
  private mutating func write(_ map: HeatMap) {
    for (index, value) in map.values.prefix(map.rows * map.columns).enumerated()
    where value.isFinite {
      let place = map.scale.place(value) ?? 0
      let colour = map.scale.colour(at: place, sixteen: 0).contrast.hexadecimal
      add(
        "set label \(Self.quoted(formatted(value, .fixed(2)))) at "
          + "\(index % map.columns), \(index / map.columns) center front \(Self.style(8, colour))")
    }
  }
}
