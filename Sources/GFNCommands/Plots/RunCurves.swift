import GFNCore
import GFNLanguage
import GFNParameters

/// Measured runs as charts by step, which `plot curve` and `train watch=curve` draw.
struct RunCurves {
  struct Run {
    var name: String
    var history: MetricHistory
  }

  let runs: [Run]

  /// What is drawn unasked, where it was measured.
  static let standard = ["tv", "jsd", "loss", "log_z"]
  /// The measures that share a panel.
  private static let distances: Set<String> = ["tv", "jsd"]

  func hasMeasured(_ measure: String) -> Bool {
    runs.contains { !$0.history.points(measure).isEmpty }
  }

  /// A panel for each measure, distances together.
  /// - Parameter logZ: of the target, where it is known.
  func charts(of measures: [String], logZ: Double?) -> [LineChart] {
    let together = measures.filter(Self.distances.contains)
    let apart = measures.filter { !Self.distances.contains($0) }.map { [$0] }
    return ((together.isEmpty ? [] : [together]) + apart).map { chart($0, logZ: logZ) }
  }

  /// What a reader should know of the charts: infinite values are gaps in them.
  func notes(of measures: [String]) -> [String] {
    measures.flatMap { measure in
      runs.compactMap { run in
        let name = runs.count == 1 ? measure : "\(measure) of '\(run.name)'"
        return Figure.noteOfInfinite(name, run.history.points(measure).map(\.value))
      }
    }
  }

  private func chart(_ measures: [String], logZ: Double?) -> LineChart {
    var series: [LineChart.Series] = []
    for measure in measures {
      for run in runs {
        let points = run.history.points(measure)
        guard !points.isEmpty else { continue }
        let name =
          runs.count == 1 ? measure : measures.count == 1 ? run.name : "\(measure) \(run.name)"
        series.append(
          LineChart.Series(name, points.map { LineChart.Point(Double($0.step), $0.value) }))
      }
    }
    let values = series.flatMap { $0.points.map(\.y).filter(\.isFinite) }
    return LineChart(
      xLabel: "step", yLabel: measures.joined(separator: ", "), series,
      isLogarithmic: measures == ["loss"] && Self.spansDecades(values),
      reference: measures == ["log_z"] ? logZ : nil)
  }

  /// A loss that falls by orders of magnitude shows nothing of its end on a linear axis.
  private static func spansDecades(_ values: [Double]) -> Bool {
    guard let least = values.min(), let greatest = values.max(), least > 0 else { return false }
    return greatest / least > 30
  }
}

extension Figure {
  /// A line below a picture in which infinite values are gaps; nil where there are none.
  static func noteOfInfinite(_ name: String, _ values: [Double]) -> String? {
    let count = values.count(where: \.isInfinite)
    guard count > 0 else { return nil }
    return "\(name) is infinite at \(count) of \(counted(values.count, "row"))"
  }
}
