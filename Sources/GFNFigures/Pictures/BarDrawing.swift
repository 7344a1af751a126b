import GFNLanguage
import Glibc

/// Bars: one below the other with their numbers, or where they are many, upright beside each other.
struct BarDrawing {
  /// More bars than this stand upright where they fit.
  private static let mostLines = 24
  /// More lines than this are no picture any more.
  private static let mostBars = 60

  private let chart: BarChart
  private let style: PictureStyle
  /// On the scale of the axis; nil where there is no number.
  private let values: [[Double?]]
  private let low: Double
  private let high: Double

  static func drawing(of charts: [BarChart], _ style: PictureStyle) -> Drawing {
    let drawings = charts.map { BarDrawing($0, style).drawing }
    guard !drawings.isEmpty else { return .empty() }
    return Drawing(
      canvases: drawings.flatMap(\.canvases), notes: drawings.flatMap(\.notes))
  }

  private init(_ chart: BarChart, _ style: PictureStyle) {
    self.chart = chart
    self.style = style
    let values = chart.series.map { series in
      chart.labels.indices.map { index -> Double? in
        guard index < series.values.count else { return nil }
        let value = series.values[index]
        guard chart.isLogarithmic else { return Ticks.isDrawable(value) ? value : nil }
        return value > 0 && Ticks.isDrawable(value) ? log10(value) : nil
      }
    }
    let drawn = values.joined().compactMap { $0 }
    if chart.isLogarithmic {
      // The shortest bar is still seen.
      low = (drawn.min() ?? 0).rounded(.down) - (drawn.isEmpty ? 0 : 0.5)
      high = max(drawn.max() ?? 1, low + 1)
    } else {
      low = min(drawn.min() ?? 0, 0)
      high = max(drawn.max() ?? 1, 0)
    }
    self.values = values
  }

  private var drawing: Drawing {
    guard !chart.labels.isEmpty, !chart.series.isEmpty else { return .empty() }
    let bars = chart.labels.count * chart.series.count
    let group = chart.series.count == 1 ? 1 : chart.series.count + 1
    let room = style.width - 10
    let isUpright =
      bars > Self.mostLines && chart.labels.count * group <= room
      && (chart.isLogarithmic || low >= 0)
    return isUpright ? upright(group, room) : lying
  }

  private func part(_ value: Double) -> Double {
    high > low ? min(max((value - low) / (high - low), 0), 1) : 0
  }

  private func ink(_ number: Int) -> Ink { Ink(Palette.series(number)) }

  /// What a whole part of a bar is filled with: another character a series where colours cannot tell.
  private func filling(_ number: Int) -> Character {
    if style.isASCII { return Array("#=o-.")[number % 5] }
    return style.colours == .none ? Array("█▒░▓")[number % 4] : "█"
  }

  private var isFine: Bool { !style.isASCII && (style.colours != .none || chart.series.count == 1) }

  private static let eighths = Array("▏▎▍▌▋▊▉")
  private static let lowerEighths = Array("▁▂▃▄▅▆▇")

  private func legend() -> Canvas? {
    guard chart.series.count > 1 else { return nil }
    var canvas = Canvas(rows: 1, columns: style.width, isASCII: style.isASCII)
    var column = 1
    for (number, series) in chart.series.enumerated() {
      canvas.set(filling(number), row: 0, column: column, ink(number))
      canvas.set(filling(number), row: 0, column: column + 1, ink(number))
      canvas.write(series.name, row: 0, column: column + 3)
      column += displayWidth(Lettering.shown(series.name, isASCII: style.isASCII)) + 6
    }
    return canvas
  }
}

// MARK: - Lying bars

extension BarDrawing {
  private var lying: Drawing {
    let shown = min(chart.labels.count, max(Self.mostBars / chart.series.count, 1))
    let labels = chart.labels.prefix(shown).map {
      Lettering.fitted($0, to: max(style.width / 3, 4), isASCII: style.isASCII)
    }
    let numbers = chart.series.map { series in
      (0..<shown).map { $0 < series.values.count ? Ticks.number(series.values[$0]) : "" }
    }
    let labelWidth = max(labels.map(displayWidth).max() ?? 0, 1)
    let numberWidth = numbers.joined().map(\.count).max() ?? 0
    let room = max(style.width - labelWidth - numberWidth - 4, 1)
    var canvas = Canvas(
      rows: shown * chart.series.count + 1, columns: style.width, isASCII: style.isASCII)
    let heading =
      [chart.xLabel, chart.yLabel].filter { !$0.isEmpty }.joined(separator: " · ")
      + (chart.isLogarithmic ? ", logarithmic" : "")
    canvas.write(
      Lettering.fitted(heading, to: style.width, isASCII: style.isASCII), row: 0, column: 0, .dim)
    for label in 0..<shown {
      for series in chart.series.indices {
        let row = 1 + label * chart.series.count + series
        if series == 0 { canvas.write(labels[label], row: row, before: labelWidth) }
        canvas.set(style.isASCII ? "|" : "▕", row: row, column: labelWidth, .dim)
        var end = 0
        if let value = values[series][label] {
          end = lie(value, series, on: &canvas, row: row, from: labelWidth + 1, room)
        }
        canvas.write(numbers[series][label], row: row, column: labelWidth + 2 + end)
      }
    }
    let rest = chart.labels.count - shown
    return Drawing(
      canvases: [canvas] + (legend().map { [$0] } ?? []),
      notes: rest > 0 ? ["\(rest) more are not shown"] : [])
  }

  /// - Returns: how many columns the bar reaches.
  private func lie(
    _ value: Double, _ series: Int, on canvas: inout Canvas, row: Int, from start: Int, _ room: Int
  ) -> Int {
    let zero = chart.isLogarithmic ? 0 : part(0)
    let ends = [zero, part(value)].sorted().map { $0 * Double(room) }
    let first = Int(ends[0].rounded())
    let whole = isFine && zero == 0 ? Int(ends[1]) : Int(ends[1].rounded())
    for column in first..<max(whole, first) {
      canvas.set(filling(series), row: row, column: start + column, ink(series))
    }
    let eighth = Int((ends[1] - Double(whole)) * 8)
    guard isFine, zero == 0, eighth > 0 else { return whole }
    canvas.set(Self.eighths[eighth - 1], row: row, column: start + whole, ink(series))
    return whole + 1
  }
}

// MARK: - Upright bars

extension BarDrawing {
  private func upright(_ group: Int, _ room: Int) -> Drawing {
    let height = 12
    let raw = chart.series.flatMap(\.values)
    let axis =
      chart.isLogarithmic
      ? Ticks.logarithmic(raw, count: 4) : Ticks.linear([0] + raw, count: 5, ends: true)
    let thickness = max(1, min(4, room / (chart.labels.count * group)))
    let labelWidth = axis.ticks.map { $0.label.count }.max() ?? 0
    let left = labelWidth + 2
    let columns = chart.labels.count * group * thickness
    var canvas = Canvas(rows: height + 4, columns: style.width, isASCII: style.isASCII)
    canvas.write(chart.yLabel, row: 0, column: 0)
    for row in 1...height {
      canvas.set(style.isASCII ? "|" : "│", row: row, column: left - 1, .dim)
    }
    for tick in axis.ticks {
      let row = height - Int((axis.place(tick.position) * Double(height)).rounded()) + 1
      canvas.write(tick.label, row: row, before: left - 2)
      canvas.set(style.isASCII ? "+" : "┤", row: row, column: left - 1, .dim)
    }
    canvas.set(style.isASCII ? "+" : "└", row: height + 1, column: left - 1, .dim)
    for column in left..<(left + columns) {
      canvas.set(style.isASCII ? "-" : "─", row: height + 1, column: column, .dim)
    }
    for label in chart.labels.indices {
      for series in chart.series.indices {
        guard let value = values[series][label] else { continue }
        // On a logarithmic axis the shortest bar would be none.
        let least = chart.isLogarithmic ? 4 : 0
        let eighths = max(Int((axis.place(value) * Double(height * 8)).rounded()), least)
        let column = left + (label * group + series) * thickness
        for place in column..<(column + thickness) {
          stand(eighths, series, on: &canvas, column: place, height)
        }
      }
    }
    var free = 0
    for (index, label) in chart.labels.enumerated() {
      let start = left + index * group * thickness
      let width = displayWidth(Lettering.shown(label, isASCII: style.isASCII))
      guard start >= free, start + width <= style.width else { continue }
      canvas.write(label, row: height + 2, column: start)
      free = start + width + 1
    }
    canvas.write(
      chart.xLabel, row: height + 3,
      column: left + max(0, (columns - displayWidth(chart.xLabel)) / 2))
    return Drawing(canvases: [canvas] + (legend().map { [$0] } ?? []))
  }

  private func stand(
    _ eighths: Int, _ series: Int, on canvas: inout Canvas, column: Int, _ height: Int
  ) {
    let whole = isFine ? eighths / 8 : (eighths + 4) / 8
    for step in 0..<whole {
      canvas.set(filling(series), row: height - step, column: column, ink(series))
    }
    guard isFine, eighths % 8 > 0 else { return }
    canvas.set(
      Self.lowerEighths[eighths % 8 - 1], row: height - whole, column: column, ink(series))
  }
}
