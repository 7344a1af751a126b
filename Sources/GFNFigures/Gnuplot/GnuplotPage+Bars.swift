import GFNLanguage

extension GnuplotPage {
  /// As many names are put below a chart of bars at most.
  private static let tickLimit = 24

  /// Charts one above the other, the bars of several series side by side.
  init(of figure: Figure, bars charts: [BarChart]) {
    let plotHeight = charts.count == 1 ? 280.0 : 180.0
    let names = charts.flatMap(\.labels).map(\.count).max() ?? 0
    let below = 50 + (names > 5 ? min(Double(names), 20) * 6 : 10)
    let stack = Stack(
      of: figure, plotHeight: plotHeight, panel: plotHeight + 10 + below,
      legends: charts.map(Self.names(of:)))
    self = stack.page
    for (chart, area) in zip(charts, stack.areas) { draw(chart, in: area) }
  }

  private static func names(of chart: BarChart) -> [String] {
    legendNames(chart.series.map(\.name), yLabel: chart.yLabel)
  }

  private mutating func draw(_ chart: BarChart, in area: Area) {
    begin(area)
    axes(chart.xLabel, chart.yLabel)
    add("set grid ytics linecolor rgb '\(GnuplotColours.grid)' linetype 1 linewidth 0.8")
    if !Self.names(of: chart).isEmpty { legend(rightOf: area) }
    add("set xrange [-0.6:\(Self.number(Double(max(chart.labels.count, 1)) - 0.4))]")
    nameBars(of: chart)
    let heights = chart.series.flatMap { $0.values.prefix(chart.labels.count) }.filter {
      abs($0) < 1e150 && (!chart.isLogarithmic || $0 > 0)
    }
    guard let low = heights.min(), let high = heights.max() else {
      add("set yrange [0:1]")
      return finishBare()
    }
    let bottom: Double
    if chart.isLogarithmic {
      bottom = low / 3
      add("set logscale y")
      add("set yrange [\(Self.number(bottom)):\(Self.number(high * 1.5))]")
    } else {
      bottom = 0
      let top = low == 0 && high == 0 ? 1 : max(high, 0)
      add("set yrange [\(Self.number(min(low, 0) * 1.05)):\(Self.number(top * 1.05))]")
    }
    let width = 0.8 / Double(chart.series.count)
    let plots = chart.series.enumerated().compactMap { index, series -> String? in
      let rows = zip(chart.labels.indices, series.values).compactMap { bar, value -> [Double]? in
        guard value.isFinite, abs(value) < 1e150, value > 0 || !chart.isLogarithmic else {
          return nil
        }
        let left = Double(bar) - 0.4 + Double(index) * width
        return [left + width / 2, value, left, left + width, bottom, value]
      }
      guard !rows.isEmpty else { return nil }
      return "\(data(rows)) using 1:2:3:4:5:6 with boxxyerror fillstyle solid 0.9 noborder "
        + "linecolor rgb '\(GnuplotColours.series(index))' \(Self.name(series.name))"
    }
    add("plot " + plots.joined(separator: ", "))
  }

  /// Names the bars, not all where there are many.
  private mutating func nameBars(of chart: BarChart) {
    let step = max(1, (chart.labels.count + Self.tickLimit - 1) / Self.tickLimit)
    let names = chart.labels.indices.filter { $0 % step == 0 }.map {
      (name: Self.cut(chart.labels[$0], to: 20), place: Double($0))
    }
    // What stands side by side must not touch.
    let width = names.map { Double($0.name.count) * 6.5 + 8 }.max() ?? 0
    let isTight = width * Double(names.count) > 540
    ticks("x", names, rotation: isTight ? 45 : 0)
  }
}
