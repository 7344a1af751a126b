import GFNCore
import GFNLanguage
import GFNParameters

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `plot target|learned|error|flow|policy`: a grid as heat maps or arrows, in one dimension as curves.
struct GridPlot {
  private let session: Session
  private let arguments: Arguments
  private let grid: Hypergrid
  private let state: TrainingState
  private let projection: GridProjection
  private var kind: String { arguments.variant ?? "" }

  /// - Throws: `CommandError` where the environment is no grid.
  init(_ session: Session, _ arguments: Arguments) throws {
    self.session = session
    self.arguments = arguments
    let (environment, state) = try session.experiment(arguments)
    guard let grid = environment.base as? Hypergrid else {
      let instead =
        environment.sequenceAlphabet != nil
        ? "plot logo or plot histogram"
        : environment.base is BayesianNetwork
          ? "plot edges or plot histogram" : "plot graph or plot histogram"
      throw arguments.error(
        "conflict",
        "'plot \(arguments.variant ?? "")' draws grids, and \(environment.specification.kind) is none",
        fix: "try \(instead)")
    }
    self.grid = grid
    self.state = state
    projection = try GridProjection(grid, arguments)
  }

  func figure() throws -> Figure {
    switch kind {
    case "target": probabilities([try target()])
    case "learned": probabilities([try learned()])
    case "error": try error()
    case "flow": try flow()
    default: try policy()
    }
  }

  /// All states can be listed.
  private var isEnumerable: Bool { (try? grid.enumerable()) != nil }

  private func tooLarge(_ what: String, _ remedy: String) -> CommandError {
    arguments.error(
      "too-large", "the grid has too many states for \(what) over all of them", fix: remedy)
  }

  // MARK: - Probabilities

  private func target() throws -> GridPanel {
    if isEnumerable {
      let target = try session.core(arguments) {
        try TargetDistribution(grid, session.workbench.pool)
      }
      return GridPanel(title: "target P*", values: projection.sums(target.probabilities))
    }
    guard !projection.isSummed else {
      throw tooLarge("a sum", "hold the other coordinates: fixed=[…]")
    }
    let rewards = (0..<projection.count).map { grid.reward(projection.state(at: $0)) }
    return GridPanel(
      title: "reward R", values: rewards,
      notes: ["the grid has too many states for Z, so R itself is shown"])
  }

  private func learned() throws -> GridPanel {
    if isEnumerable, !arguments.has("samples") {
      return GridPanel(
        title: "learned P_F",
        values: projection.sums(try session.exactDistribution(arguments).terminating))
    }
    let samples = try session.samples(
      arguments.integer("samples") ?? PlotKind.usualSamples, arguments)
    guard !samples.isEmpty else {
      throw arguments.error("interrupted", "the sampling was interrupted")
    }
    var values = [Double](repeating: 0, count: projection.count)
    for sample in samples {
      if let cell = projection.cell(of: sample.cells) { values[cell] += 1 }
    }
    let total = Double(samples.count)
    return GridPanel(
      title: "learned P_F", values: values.map { $0 / total },
      notes: ["estimated from \(counted(samples.count, "sample")) of the learned policy"])
  }

  private func probabilities(_ panels: [GridPanel]) -> Figure {
    figure(GridPanel.onOneScale(panels), yLabel: "probability")
  }

  private func error() throws -> Figure {
    guard isEnumerable else {
      throw tooLarge("P*", "choose a smaller grid, or look at 'plot learned'")
    }
    let target = try target()
    let learned = try learned()
    let differences = zip(learned.values, target.values).map(-)
    let difference = GridPanel(
      title: "learned − target", values: differences,
      scale: .diverging(limit: differences.map(abs).max() ?? 0))
    return figure(
      GridPanel.onOneScale([target, learned]) + [difference], yLabel: "probability")
  }

  private func figure(_ panels: [GridPanel], yLabel: String) -> Figure {
    Figure(
      "\(kind) of \(grid.specification.kind)\(projection.remark), step \(state.step)",
      projection.picture(of: panels, yLabel: yLabel), notes: panels.flatMap(\.notes))
  }

  // MARK: - The policy

  /// What the estimators say of the states that are drawn, in the order of `GridProjection.forEach`; all
  /// states where others are summed.
  private func outputs() throws -> StateOutputs {
    let isSummed = projection.isSummed
    guard !isSummed || isEnumerable else {
      throw tooLarge("a sum", "hold the other coordinates: fixed=[…]")
    }
    let count = isSummed ? grid.enumeration?.states ?? 0 : projection.count
    let outputs = try session.core(arguments) {
      try StateOutputs(
        of: count, grid, state, session.workbench.pool,
        isCancelled: { session.interruption.isRequested }
      ) { index, cells in
        if isSummed {
          grid.state(at: index, into: cells)
        } else {
          for (place, value) in projection.state(at: index).enumerated() { cells[place] = value }
        }
      }
    }
    guard let outputs else {
      throw arguments.error("interrupted", "looking at the policy was interrupted")
    }
    return outputs
  }

  private func flow() throws -> Figure {
    let outputs = try outputs()
    var flows = [Double](repeating: 0, count: projection.count)
    var title = "log10 F(s), learned"
    if outputs.logFlow.isEmpty {
      guard isEnumerable else {
        throw tooLarge(
          "the probability of a visit", "choose an objective that learns F: objective subtb")
      }
      let logZ = try session.core(arguments) {
        try state.reportedLogZ(in: grid, session.workbench.pool)
      }
      title = logZ.isNaN ? "log10 P(visit)" : "log10 F(s) = Z · P(visit)"
      let total = exp(logZ.isNaN ? 0 : logZ)
      flows = projection.sums(try session.exactDistribution(arguments).visiting)
        .map { $0 * total }
    } else if projection.isSummed {
      flows = projection.sums(outputs.logFlow.map { exp($0) })
    } else {
      for (cell, logFlow) in outputs.logFlow.enumerated() { flows[cell] = exp(logFlow) }
    }
    let values = flows.map { $0 > 0 && $0.isFinite ? log10($0) : .nan }
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else {
      throw arguments.error(
        "non-finite", "no state has a flow that is a number", fix: "train, or 'reset'")
    }
    return figure(
      [GridPanel(title: title, values: values, scale: .sequential(low: low, high: high))],
      yLabel: "log10 flow")
  }

  private func policy() throws -> Figure {
    let outputs = try outputs()
    let visiting =
      projection.isSummed ? try session.exactDistribution(arguments).visiting : []
    var weights = [Double](repeating: 0, count: projection.count)
    var cells = [PolicyField.Cell](
      repeating: PolicyField.Cell(right: 0, up: 0, stop: 0), count: projection.count)
    func add(_ index: Int, to cell: Int, weight: Double) {
      func probability(_ action: Int) -> Double {
        weight * outputs.probabilities[index * outputs.actions + action]
      }
      weights[cell] += weight
      cells[cell].right += probability(projection.axes[0])
      if projection.axes.count == 2 { cells[cell].up += probability(projection.axes[1]) }
      cells[cell].stop += probability(grid.exitAction)
    }
    if projection.isSummed {
      projection.forEach { index, cell in add(index, to: cell, weight: visiting[index]) }
    } else {
      for cell in 0..<projection.count { add(cell, to: cell, weight: 1) }
    }
    for cell in cells.indices where weights[cell] > 0 {
      cells[cell].right /= weights[cell]
      cells[cell].up /= weights[cell]
      cells[cell].stop /= weights[cell]
    }
    var notes: [String] = []
    if projection.isSummed { notes.append("averaged over the other coordinates by P(visit)") }
    if projection.dim > projection.axes.count {
      notes.append("what is left to 1 goes along the other coordinates")
    }
    return Figure(
      "policy π_F of \(grid.specification.kind)\(projection.remark), step \(state.step)",
      .arrows(
        PolicyField(
          rows: projection.rows, columns: projection.columns, cells, xLabel: projection.xLabel,
          yLabel: projection.yLabel)), notes: notes)
  }
}
