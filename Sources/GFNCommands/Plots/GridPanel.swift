import GFNLanguage

/// A number for each cell of a grid's picture.
struct GridPanel {
  var title: String
  /// `[rows, columns]` of the projection.
  var values: [Double]
  var scale = HeatMap.Scale.sequential(low: 0, high: 0)
  var notes: [String] = []

  /// Panels of probabilities, from 0 to the greatest of all.
  static func onOneScale(_ panels: [GridPanel]) -> [GridPanel] {
    let greatest = panels.flatMap(\.values).filter(\.isFinite).max() ?? 0
    return panels.map { panel in
      var panel = panel
      panel.scale = .sequential(low: 0, high: greatest)
      return panel
    }
  }
}

extension GridProjection {
  /// Heat maps side by side; of one coordinate, curves in one chart, a third panel below.
  func picture(of panels: [GridPanel], yLabel: String) -> Figure.Content {
    guard axes.count == 1 else {
      return .heatMaps(
        panels.map { panel in
          HeatMap(
            panel.title, rows: rows, columns: columns, panel.values, scale: panel.scale,
            xLabel: xLabel, yLabel: self.yLabel)
        })
    }
    func series(_ panel: GridPanel) -> LineChart.Series {
      LineChart.Series(
        panel.title, panel.values.enumerated().map { LineChart.Point(Double($0), $1) })
    }
    var charts = [LineChart(xLabel: xLabel, yLabel: yLabel, panels.prefix(2).map(series))]
    if panels.count > 2 {
      charts.append(
        LineChart(
          xLabel: xLabel, yLabel: "difference", panels.dropFirst(2).map(series), reference: 0))
    }
    return .lines(charts)
  }
}
