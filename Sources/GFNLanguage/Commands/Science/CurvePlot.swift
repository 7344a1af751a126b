import GFNCore

/// `plot curve`: what training measured, by step, of this run and of snapshots.
struct CurvePlot {
  private let session: Session
  private let arguments: Arguments
  private let runs: [Run]

  private struct Run {
    var name: String
    var workbench: Workbench
    var history: MetricHistory
  }

  /// The measures of a panel, of which there is at least one.
  private static let distances: Set<String> = ["tv", "jsd"]
  private static let standard = ["tv", "jsd", "loss", "log_z"]
  private static let present = "now"
  /// Environments up to this many states are summed for the exact log Z.
  private static let mostSummedStates = 1 << 20

  init(_ session: Session, _ arguments: Arguments) throws {
    self.session = session
    self.arguments = arguments
    runs = try (arguments.texts("NAMES") ?? [Self.present]).map { name in
      let workbench = try Self.workbench(name, session, arguments)
      return Run(
        name: name, workbench: workbench,
        history: workbench.training?.history ?? MetricHistory())
    }
  }

  private static func workbench(
    _ name: String, _ session: Session, _ arguments: Arguments
  ) throws -> Workbench {
    if let snapshot = session.snapshots[name] { return snapshot }
    guard name == present else {
      throw CommandError(
        .unknownSnapshot(name, known: session.snapshotNames + [present]),
        at: arguments.span(of: "NAMES"))
    }
    _ = try session.experiment(arguments)
    return session.workbench
  }

  func figure() throws -> Figure {
    guard runs.contains(where: { $0.history.count > 0 }) else {
      throw arguments.error(
        "nothing-measured", "training has measured nothing yet", fix: "train first: train 500")
    }
    var notes: [String] = []
    let panels = try panels().map(chart)
    for run in runs where run.history.count == 0 {
      notes.append("nothing was measured in '\(run.name)'")
    }
    let title =
      runs.count == 1
      ? "training, step \(runs[0].workbench.training?.step ?? 0)"
      : runs.map(\.name).joined(separator: ", ")
    return Figure(title, .lines(panels), notes: notes)
  }

  /// Measures that are drawn in one panel, distances together.
  private func panels() throws -> [[String]] {
    let asked = arguments.texts("measure")
    let measured = (asked ?? Self.standard).filter { name in
      runs.contains { !$0.history.points(name).isEmpty }
    }
    if let asked, let missing = asked.first(where: { !measured.contains($0) }) {
      throw arguments.error(
        "nothing-measured", "\(missing) was not measured",
        fix: "train with measure=[\(missing)], or choose among \(known)", at: "measure")
    }
    guard !measured.isEmpty else {
      throw arguments.error(
        "nothing-measured", "none of \(Self.standard.joined(separator: ", ")) was measured",
        fix: "choose with measure= among \(known)")
    }
    let together = measured.filter(Self.distances.contains)
    var panels = together.isEmpty ? [] : [together]
    panels += measured.filter { !Self.distances.contains($0) }.map { [$0] }
    return panels
  }

  private var known: String {
    MetricHistory.measures.filter { name in
      runs.contains { !$0.history.points(name).isEmpty }
    }.joined(separator: ", ")
  }

  private func chart(_ measures: [String]) throws -> LineChart {
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
    let values = series.flatMap { $0.points.map(\.y) }
    return LineChart(
      xLabel: "step", yLabel: measures.joined(separator: ", "), series,
      isLogarithmic: measures == ["loss"] && Self.spansDecades(values),
      reference: measures == ["log_z"] ? try exactLogZ() : nil)
  }

  /// A loss that falls by orders of magnitude shows nothing of its end on a linear axis.
  private static func spansDecades(_ values: [Double]) -> Bool {
    guard let least = values.min(), let greatest = values.max(), least > 0 else { return false }
    return greatest / least > 30
  }

  /// log Z*, where the runs have one environment, whose states can be summed.
  private func exactLogZ() throws -> Double? {
    guard let environment = runs.first?.workbench.environment,
      runs.allSatisfy({
        $0.workbench.environment?.specification.text == environment.specification.text
      }),
      (environment.enumeration?.states ?? .max) <= Self.mostSummedStates
    else { return nil }
    return try session.core(arguments) {
      try TargetDistribution(environment, session.workbench.pool).logZ
    }
  }
}
