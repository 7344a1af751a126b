import GFNLanguage
import GFNParameters
import Glibc

extension GnuplotPage {
  /// A series with no more points shows each, with its error as a bar.
  private static let fewPoints = 24

  /// Charts one above the other, each with its legend to the right.
  init(of figure: Figure, lines charts: [LineChart]) {
    let plotHeight = charts.count == 1 ? 300.0 : 180.0
    let stack = Stack(
      of: figure, plotHeight: plotHeight, panel: plotHeight + 68,
      legends: charts.map(Self.names(of:)))
    self = stack.page
    for (chart, area) in zip(charts, stack.areas) { draw(chart, in: area) }
  }

  private static func names(of chart: LineChart) -> [String] {
    let reference = chart.reference.map { [formatted($0, .significant(4))] } ?? []
    return legendNames(chart.series.map(\.name) + reference, yLabel: chart.yLabel)
  }

  private mutating func draw(_ chart: LineChart, in area: Area) {
    let chart = chart.spreadOut
    begin(area)
    axes(chart.xLabel, chart.yLabel)
    add("set grid ytics linecolor rgb '\(GnuplotColours.grid)' linetype 1 linewidth 0.8")
    if !Self.names(of: chart).isEmpty { legend(rightOf: area) }
    guard let extent = Extent(of: chart) else {
      add("set xrange [0:1]")
      add("set yrange [0:1]")
      return finishBare()
    }
    if chart.isLogarithmic {
      add("set logscale y")
      ticks("y", extent.logarithmicTicks.map { (formatted($0, .significant(3)), $0) })
    }
    add("set xrange [\(Self.number(extent.x.lowerBound)):\(Self.number(extent.x.upperBound))]")
    if !chart.names.isEmpty {
      // So many characters that all together fit below the axis.
      let room = max(90 / chart.names.count, 3)
      ticks(
        "x", chart.names.enumerated().map { (Self.cut($1, to: room), Double($0 + 1)) })
    }
    if let y = extent.y {
      add("set yrange [\(Self.number(y.lowerBound)):\(Self.number(y.upperBound))]")
    }
    var bands: [String] = []
    var lines: [String] = []
    if let reference = chart.reference, extent.shows(reference) {
      let block = data([extent.x.lowerBound, extent.x.upperBound].map { [$0, reference] })
      lines.append(
        "\(block) using 1:2 with lines dashtype 2 linewidth 1.4 linecolor rgb "
          + "'\(GnuplotColours.axis)' \(Self.name(formatted(reference, .significant(4))))")
    }
    for (index, series) in chart.series.enumerated() {
      let rows = extent.rows(of: series)
      guard rows.contains(where: { !$0.isEmpty }) else { continue }
      let block = data(rows)
      let colour = GnuplotColours.series(index)
      let dash = index / GnuplotColours.series.count + 1
      let hasErrors = series.points.contains { $0.error != nil }
      let isSparse = series.points.count <= Self.fewPoints
      if hasErrors, isSparse {
        bands.append(
          "\(block) using 1:2:3:4 with yerrorbars pointtype 7 pointsize 0.1 linewidth 1.2 "
            + "linecolor rgb '\(colour)' notitle")
      } else if hasErrors {
        bands.append(
          "\(block) using 1:3:4 with filledcurves linecolor rgb '#c0\(colour.dropFirst())' notitle")
      }
      let kind =
        !chart.names.isEmpty
        ? "points pointtype 7 pointsize 0.8"
        : isSparse ? "linespoints pointtype 7 pointsize 0.5" : "lines"
      lines.append(
        "\(block) using 1:2 with \(kind) linewidth 1.8 dashtype \(dash) linecolor rgb '\(colour)' "
          + Self.name(series.name))
    }
    add("plot " + (bands + lines).joined(separator: ", "))
  }
}

/// The numbers that a chart shows.
private struct Extent {
  /// Of all points, with ends apart.
  var x: ClosedRange<Double>
  /// On a logarithmic axis, and where all points have the same height; else gnuplot chooses.
  var y: ClosedRange<Double>?
  private let isLogarithmic: Bool
  /// What an error bar does not go below on a logarithmic axis.
  private let floor: Double

  /// - Returns: nil where nothing can be shown.
  init?(of chart: LineChart) {
    isLogarithmic = chart.isLogarithmic
    let points = chart.series.flatMap(\.points).filter {
      Self.shows($0.x, $0.y, chart.isLogarithmic)
    }
    let heights = points.map(\.y)
    guard let left = points.map(\.x).min(), let right = points.map(\.x).max(),
      let low = heights.min(), let high = heights.max()
    else { return nil }
    x =
      !chart.names.isEmpty
      ? 0.5...(Double(chart.names.count) + 0.5)
      : left < right ? left...right : (left - 1)...(left + 1)
    floor = low / 10
    if isLogarithmic {
      var ends = points.flatMap { [$0.y, $0.y + ($0.error.map(abs) ?? 0)] }
      ends += points.map { max($0.y - ($0.error.map(abs) ?? 0), low / 3) }
      if let reference = chart.reference { ends.append(reference) }
      ends.removeAll { !Self.shows(0, $0, true) }
      y = ((ends.min() ?? low) / 1.15)...((ends.max() ?? high) * 1.15)
    } else if low == high, points.allSatisfy({ ($0.error ?? 0) == 0 }),
      chart.reference == nil || chart.reference == low
    {
      let margin = max(abs(low) * 0.1, 1e-6)
      y = (low - margin)...(low + margin)
    }
  }

  /// Powers of ten; over less than two decades their doubles and fives too, and over less than that the
  /// ends.
  var logarithmicTicks: [Double] {
    guard let y else { return [] }
    let decades = Int(log10(y.lowerBound).rounded(.down))...Int(log10(y.upperBound).rounded(.up))
    let isShort = y.upperBound / y.lowerBound < 100
    let step = max(1, decades.count / 8)
    let ticks = decades.filter { isShort || $0 % step == 0 }.flatMap { decade in
      (isShort ? [1.0, 2, 5] : [1]).map { $0 * pow(10, Double(decade)) }
    }.filter(y.contains)
    return ticks.count > 1 ? ticks : [y.lowerBound, y.upperBound]
  }

  func shows(_ height: Double) -> Bool { Self.shows(0, height, isLogarithmic) }

  /// Beyond, gnuplot's own arithmetic overflows.
  private static let limit = 1e150

  private static func shows(_ x: Double, _ y: Double, _ isLogarithmic: Bool) -> Bool {
    abs(x) < limit && abs(y) < limit && (!isLogarithmic || y > 1 / limit)
  }

  /// `x y low high` of each point; an empty row where there is a gap.
  func rows(of series: LineChart.Series) -> [[Double]] {
    series.points.map { point in
      guard Self.shows(point.x, point.y, isLogarithmic) else { return [] }
      let error = point.error.map { $0.isFinite ? abs($0) : 0 } ?? 0
      let low = isLogarithmic ? max(point.y - error, min(floor, point.y)) : point.y - error
      return [point.x, point.y, low, point.y + error]
    }
  }
}
