import GFNCore
import GFNLanguage

/// `plot curve`: what training measured, by step, of this run and of snapshots.
struct CurvePlot {
  private let session: Session
  private let arguments: Arguments
  private let names: [String]
  private let workbenches: [Workbench]
  private let curves: RunCurves

  private static let present = "now"
  /// Environments up to this many states are summed for the exact log Z.
  private static let mostSummedStates = 1 << 20

  init(_ session: Session, _ arguments: Arguments) throws {
    self.session = session
    self.arguments = arguments
    names = arguments.texts("NAMES") ?? [Self.present]
    workbenches = try names.map { try Self.workbench($0, session, arguments) }
    curves = RunCurves(
      runs: zip(names, workbenches).map { name, workbench in
        RunCurves.Run(name: name, history: workbench.training?.history ?? MetricHistory())
      })
  }

  private static func workbench(
    _ name: String, _ session: Session, _ arguments: Arguments
  ) throws -> Workbench {
    if let snapshot = session.snapshots[name] as? Workbench { return snapshot }
    guard name == present else {
      throw CommandError(
        .unknownSnapshot(name, known: session.snapshotNames + [present]),
        at: arguments.span(of: "NAMES"))
    }
    _ = try session.experiment(arguments)
    return session.workbench
  }

  func figure() throws -> Figure {
    guard curves.runs.contains(where: { $0.history.count > 0 }) else {
      throw arguments.error(
        "nothing-measured", "training has measured nothing yet", fix: "train first: train 500")
    }
    let measures = try measures()
    let charts = curves.charts(
      of: measures, logZ: measures.contains("log_z") ? try exactLogZ() : nil)
    let step = workbenches.first?.training?.step ?? 0
    return Figure(
      names.count == 1 ? "training, step \(step)" : names.joined(separator: ", "),
      .lines(charts),
      notes: curves.runs.filter { $0.history.count == 0 }.map {
        "nothing was measured in '\($0.name)'"
      } + curves.notes(of: measures))
  }

  /// What is drawn: what was asked for, or what of the usual was measured.
  private func measures() throws -> [String] {
    let asked = arguments.texts("measure")
    let measured = (asked ?? RunCurves.standard).filter(curves.hasMeasured)
    if let asked, let missing = asked.first(where: { !measured.contains($0) }) {
      throw arguments.error(
        "nothing-measured", "\(missing) was not measured",
        fix: "train with measure=[\(missing)], or choose among \(known)", at: "measure")
    }
    guard !measured.isEmpty else {
      throw arguments.error(
        "nothing-measured", "none of \(RunCurves.standard.joined(separator: ", ")) was measured",
        fix: "choose with measure= among \(known)")
    }
    return measured
  }

  private var known: String {
    Measure.names.filter(curves.hasMeasured).joined(separator: ", ")
  }

  /// log Z*, where the runs have one environment, whose states can be summed.
  private func exactLogZ() throws -> Double? {
    guard let environment = workbenches.first?.environment,
      workbenches.allSatisfy({
        $0.environment?.specification.text == environment.specification.text
      }),
      (environment.enumeration?.states ?? .max) <= Self.mostSummedStates
    else { return nil }
    return try session.core(arguments) {
      try TargetDistribution(environment, session.workbench.pool).logZ
    }
  }
}
