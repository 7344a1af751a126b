import GFNLanguage
import Glibc

/// A line chart with its axes, and below it what the lines are.
struct LineDrawing {
  private static let narrowest = 36
  private static let widest = 100
  private static let gap = 2

  private let chart: LineChart
  private let style: PictureStyle
  private let width: Int
  private let height: Int
  /// A series' points that have a place, on the scale of the axes; nil is a gap.
  private let points: [[Spot?]]

  private struct Spot {
    var x: Double
    var y: Double
    /// The ends of the error bar.
    var bar: (low: Double, high: Double)?
  }

  static func drawing(of charts: [LineChart], _ style: PictureStyle) -> Drawing {
    guard !charts.isEmpty else { return .empty() }
    let perRow = min(charts.count, max(1, (style.width + gap) / (narrowest + gap)))
    let width = min((style.width - gap * (perRow - 1)) / perRow, widest)
    var height = min(max(width / 4, 8), 16)
    if let limit = style.height {
      // Beside the title a band has its label, three lines of the x axis and a legend.
      let bands = (charts.count - 1) / perRow + 1
      height = min(height, max((limit - bands) / bands - 5, 3))
    }
    let panels = charts.map { LineDrawing($0, style, width: width, height: height).canvas }
    return Drawing(
      canvases: [Canvas.panels(panels, perRow: perRow, gap: gap, isASCII: style.isASCII)])
  }

  private init(_ chart: LineChart, _ style: PictureStyle, width: Int, height: Int) {
    let chart = chart.spreadOut
    self.chart = chart
    self.style = style
    self.width = width
    self.height = height
    func position(_ y: Double) -> Double? { Self.position(y, in: chart) }
    points = chart.series.map { series in
      series.points.map { point -> Spot? in
        guard Ticks.isDrawable(point.x), let y = position(point.y) else { return nil }
        var spot = Spot(x: point.x, y: y)
        if let error = point.error, error > 0, let high = position(point.y + error) {
          // What a bar on a logarithmic axis loses below, it loses without end.
          spot.bar = (position(point.y - error) ?? y, high)
        }
        return spot
      }
    }
  }

  private var canvas: Canvas {
    let legend = legend
    let drawn = points.joined().compactMap { $0 }
    guard !drawn.isEmpty else {
      var canvas = Canvas(rows: 2, columns: width, isASCII: style.isASCII)
      canvas.write(chart.yLabel, row: 0, column: 0)
      canvas.write("nothing to draw", row: 1, column: 2, .dim)
      return canvas
    }
    let yAxis = yAxis(drawn)
    let labelWidth = yAxis.ticks.map { $0.label.count }.max() ?? 0
    let left = labelWidth + 2
    let columns = max(width - left, 4)
    let xAxis = xAxis(drawn, columns: columns)
    var canvas = Canvas(rows: height + 4, columns: width, isASCII: style.isASCII)
    canvas.write(
      Lettering.fitted(chart.yLabel, to: width, isASCII: style.isASCII), row: 0, column: 0)
    drawAxes(on: &canvas, xAxis, yAxis, left: left, columns: columns)
    drawSeries(on: &canvas, xAxis, yAxis, left: left, columns: columns)
    return legend.rows == 0
      ? canvas : Canvas.stack([canvas, legend], isASCII: style.isASCII)
  }

  private func yAxis(_ drawn: [Spot]) -> Ticks {
    let count = height / 3 + 1
    var values = drawn.flatMap { spot in spot.bar.map { [spot.y, $0.low, $0.high] } ?? [spot.y] }
    guard chart.isLogarithmic else {
      if let reference = chart.reference { values.append(reference) }
      return .linear(values, count: count, ends: true)
    }
    return .logarithmic(
      values.map { pow(10, $0) } + (chart.reference.map { [$0] } ?? []), count: count)
  }

  /// As many ticks as their labels leave room for.
  private func xAxis(_ drawn: [Spot], columns: Int) -> Ticks {
    guard chart.names.isEmpty else {
      let room = max(columns / chart.names.count - 1, 1)
      return .named(
        chart.names.map { Lettering.fitted($0, to: room, isASCII: style.isASCII) })
    }
    let values = drawn.map(\.x)
    let isWhole = values.allSatisfy { $0 == $0.rounded() }
    var count = max(columns / 3, 2)
    while true {
      let axis = Ticks.linear(values, count: count, ends: false, isWhole: isWhole)
      let longest = axis.ticks.map { $0.label.count }.max() ?? 0
      if count == 2 || axis.ticks.count * (longest + 3) <= columns { return axis }
      count -= 1
    }
  }

  private func drawAxes(
    on canvas: inout Canvas, _ xAxis: Ticks, _ yAxis: Ticks, left: Int, columns: Int
  ) {
    let isASCII = style.isASCII
    let bottom = height + 1
    for row in 1...height { canvas.set(isASCII ? "|" : "│", row: row, column: left - 1, .dim) }
    canvas.set(isASCII ? "+" : "└", row: bottom, column: left - 1, .dim)
    for column in 0..<columns {
      canvas.set(isASCII ? "-" : "─", row: bottom, column: left + column, .dim)
    }
    for tick in yAxis.ticks {
      let row = height - Int((yAxis.place(tick.position) * Double(height - 1)).rounded())
      canvas.write(tick.label, row: row, before: left - 2)
      canvas.set(isASCII ? "+" : "┤", row: row, column: left - 1, .dim)
    }
    var free = 0
    for tick in xAxis.ticks {
      let column = left + Int((xAxis.place(tick.position) * Double(columns - 1)).rounded())
      canvas.set(isASCII ? "+" : "┬", row: bottom, column: column, .dim)
      let length = displayWidth(tick.label)
      let start = min(max(column - length / 2, 0), max(width - length, 0))
      guard start >= free else { continue }
      canvas.write(tick.label, row: bottom + 1, column: start)
      free = start + length + 1
    }
    let label = Lettering.fitted(chart.xLabel, to: columns, isASCII: isASCII)
    canvas.write(label, row: bottom + 2, column: left + (columns - displayWidth(label)) / 2)
  }

  private func drawSeries(
    on canvas: inout Canvas, _ xAxis: Ticks, _ yAxis: Ticks, left: Int, columns: Int
  ) {
    var grid = DotGrid(rows: height, columns: columns, isASCII: style.isASCII)
    let (across, down, width) = (grid.across, grid.down, grid.width)
    func x(_ value: Double) -> Int { Int((xAxis.place(value) * Double(width - 1)).rounded()) }
    func y(_ value: Double) -> Int {
      // Characters of an axis stand in the middle of their rows.
      let rows = Double(height - 1) * Double(down)
      return Int(((1 - yAxis.place(value)) * rows).rounded()) + (down - 1) / 2
    }
    if let reference = chart.reference.flatMap({ Self.position($0, in: chart) }) {
      for dot in 0..<width where dot % (3 * across) < 2 * across - 1 {
        grid.dot(x: dot, y: y(reference), "-", Ink(.grey))
      }
    }
    var letters: [(column: Int, row: Int, number: Int)] = []
    for (number, spots) in points.enumerated() {
      let ink = ink(number)
      let mark = mark(number)
      var dash = dash(number)
      var rows = [Int?](repeating: nil, count: columns)
      let isDense = spots.count > columns / 3
      var before: (x: Int, y: Int)?
      for spot in spots {
        guard let spot else {
          before = nil
          continue
        }
        let place = (x: x(spot.x), y: y(spot.y))
        if let bar = spot.bar {
          let ends = y(bar.high)...max(y(bar.high), y(bar.low))
          // Bars that would touch are a band with dotted edges.
          for dot in ends where !isDense || dot == ends.lowerBound || dot == ends.upperBound {
            if isDense, !(place.x % 2 == 0) { continue }
            grid.dot(x: place.x, y: dot, isDense ? "." : "|", ink)
          }
        }
        if let before, chart.names.isEmpty {
          grid.line(from: before, to: place, mark, ink, &dash) { x, y in
            rows[x / across] = y / down
          }
        } else {
          grid.dot(x: place.x, y: place.y, mark, ink)
        }
        rows[place.x / across] = place.y / down
        before = place
      }
      if hasLetters, chart.names.isEmpty { letters += letterPlaces(number, on: rows) }
      markLonePoints(spots, x: { x($0) / across }, y: { y($0) / down }, number, &letters)
    }
    grid.draw(on: &canvas, row: 1, column: left)
    for letter in letters {
      let lone: Character = style.isASCII ? "*" : "•"
      canvas.set(
        hasLetters ? self.letter(letter.number) : lone, row: 1 + letter.row,
        column: left + letter.column, ink(letter.number))
    }
  }

  /// On the scale of the axis; nil for what has no place on it.
  private static func position(_ y: Double, in chart: LineChart) -> Double? {
    guard chart.isLogarithmic else { return Ticks.isDrawable(y) ? y : nil }
    return y > 0 && Ticks.isDrawable(y) ? log10(y) : nil
  }

  /// A point that is joined to no other is hardly seen as a single dot.
  private func markLonePoints(
    _ spots: [Spot?], x: (Double) -> Int, y: (Double) -> Int, _ number: Int,
    _ letters: inout [(column: Int, row: Int, number: Int)]
  ) {
    for (index, spot) in spots.enumerated() {
      guard let spot else { continue }
      let hasLeft = index > 0 && spots[index - 1] != nil
      let hasRight = index + 1 < spots.count && spots[index + 1] != nil
      if !chart.names.isEmpty || !hasLeft && !hasRight {
        letters.append((x(spot.x), y(spot.y), number))
      }
    }
  }
}

// MARK: - What tells the series apart

extension LineDrawing {
  private var hasLetters: Bool { style.colours == .none && chart.series.count > 1 }

  private func ink(_ number: Int) -> Ink { Ink(Palette.series(number)) }

  private func letter(_ number: Int) -> Character {
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    return letters[number % letters.count]
  }

  private func mark(_ number: Int) -> Character { chart.series.count > 1 ? letter(number) : "*" }

  /// Which of the dashes: another for each series without colours, else where the colours come again.
  private func dashNumber(_ number: Int) -> Int {
    if style.isASCII { return 0 }
    return (hasLetters ? number : number / Palette.count) % DotGrid.Dash.all.count
  }

  private func dash(_ number: Int) -> DotGrid.Dash { DotGrid.Dash.all[dashNumber(number)] }

  /// Some places on a line, others than those of the other lines.
  private func letterPlaces(
    _ number: Int, on rows: [Int?]
  ) -> [(column: Int, row: Int, number: Int)] {
    let spacing = 16
    let first = (number * 5 + 3) % spacing
    var places = stride(from: first, to: rows.count, by: spacing).compactMap { column in
      rows[column].map { (column: column, row: $0, number: number) }
    }
    // A short line has one at its end.
    if places.isEmpty, let end = rows.lastIndex(where: { $0 != nil }), let row = rows[end] {
      places.append((end, row, number))
    }
    return places
  }

  /// The names of the lines, in as many rows as they need.
  private var legend: Canvas {
    var entries: [(sample: String, ink: Ink, name: String)] = []
    let isNamed =
      chart.series.count > 1 || chart.series.contains { ![chart.yLabel, ""].contains($0.name) }
    if isNamed {
      for (number, series) in chart.series.enumerated() {
        let line = style.isASCII ? "" : ["──", "╌╌", "┈┈", "─┈"][dashNumber(number)]
        let sample =
          hasLetters
          ? "\(letter(number))\(line.isEmpty ? "" : " ")\(line)" : line.isEmpty ? "*" : line
        entries.append((sample, ink(number), series.name))
      }
    }
    if let reference = chart.reference, Self.position(reference, in: chart) != nil {
      entries.append((style.isASCII ? "- -" : "╌╌╌", Ink(.grey), Ticks.number(reference)))
    }
    var rows: [[(sample: String, ink: Ink, name: String)]] = []
    var used = width
    for entry in entries {
      let size = displayWidth(entry.sample) + displayWidth(entry.name) + 4
      if used + size > width {
        rows.append([])
        used = 1
      }
      rows[rows.count - 1].append(entry)
      used += size
    }
    var canvas = Canvas(rows: rows.count, columns: width, isASCII: style.isASCII)
    for (row, entries) in rows.enumerated() {
      var column = 1
      for entry in entries {
        canvas.write(entry.sample, row: row, column: column, entry.ink)
        column += displayWidth(entry.sample) + 1
        let name = Lettering.fitted(entry.name, to: width - column, isASCII: style.isASCII)
        canvas.write(name, row: row, column: column)
        column += displayWidth(name) + 3
      }
    }
    return canvas
  }
}
