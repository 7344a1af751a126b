import GFNCore
import GFNLanguage
import GFNParameters

/// When `train watch=` draws, and what: as often as drawing takes little of the time, and at the end.
struct TrainingWatch {
  static let choices = [
    Choice("learned", "target and learned distribution of a grid; elsewhere the curve"),
    Choice("curve", "what was measured so far, as 'plot curve' draws it"),
  ]

  /// At most ten pictures a second.
  private static let shortest = Duration.milliseconds(100)
  /// So many times as long as the last picture took, none is drawn: that leaves them 1/26 of the time.
  private static let restPerDrawing = 25
  /// More states than this take too long to be summed up on the way.
  private static let mostStates = 65_536

  private let session: Session
  private let evaluation: ExactEvaluation
  private let grid: GridProjection?
  private let target: TargetDistribution?
  private let clock = ContinuousClock()
  private var due: ContinuousClock.Instant
  /// The last step that the curve has.
  private var stepDrawn: Int?

  /// - Parameter target: where it is known already.
  /// - Returns: nil where nothing is watched, or nobody watches.
  init?(
    _ session: Session, _ arguments: Arguments, _ environment: any Environment,
    _ target: TargetDistribution?
  ) {
    guard let word = arguments.word("watch"), session.showsLive else { return nil }
    self.session = session
    evaluation = ExactEvaluation(environment, session.workbench.pool)
    due = clock.now + Self.shortest
    let states = environment.enumeration?.states ?? .max
    guard word == "learned", states <= Self.mostStates, let grid = environment.base as? Hypergrid,
      let target = target ?? (try? TargetDistribution(environment, session.workbench.pool))
    else {
      self.grid = nil
      self.target = target
      return
    }
    self.grid = GridProjection(grid)
    self.target = target
  }

  /// Draws where it is time.
  /// - Parameter learned: P_F of this state where it is known already.
  mutating func show(
    _ state: TrainingState, learned: [Double]?, _ history: MetricHistory,
    isLast: Bool
  ) throws {
    let start = clock.now
    guard isLast || start >= due, !session.interruption.isAbort else { return }
    if let grid, let target {
      guard
        let learned = try learned
          ?? evaluation.terminatingProbabilities(
            state, isCancelled: { session.interruption.isAbort })
      else { return }
      let panels = GridPanel.onOneScale([
        GridPanel(title: "target P*", values: grid.sums(target.probabilities)),
        GridPanel(title: "learned P_F", values: grid.sums(learned)),
      ])
      show(state, grid.picture(of: panels, yLabel: "probability"))
    } else {
      guard let last = history.steps.last, last != stepDrawn else { return }
      stepDrawn = last
      let curves = RunCurves(runs: [RunCurves.Run(name: "now", history: history)])
      let measures = RunCurves.standard.filter(curves.hasMeasured)
      show(
        state, .lines(curves.charts(of: measures, logZ: target?.logZ)),
        notes: curves.notes(of: measures))
    }
    let end = clock.now
    due = end + max(Self.shortest, (end - start) * Self.restPerDrawing)
  }

  private func show(
    _ state: TrainingState, _ content: Figure.Content, notes: [String] = []
  ) {
    session.emit(.live(Figure("training, step \(state.step)", content, notes: notes)))
  }
}
