import GFNCore

/// When `train watch=` draws, and what: as often as drawing takes little of the time, and at the end.
struct TrainingWatch {
  static let choices = [
    Choice("learned", "target and learned distribution of a grid; elsewhere the curve"),
    Choice("curve", "the rows so far as curves"),
  ]

  /// At most ten pictures a second.
  private static let shortest = Duration.milliseconds(100)
  /// So many times as long as the last picture took, none is drawn: that leaves them 1/26 of the time.
  private static let restPerDrawing = 25
  /// More states than this take too long to be summed up on the way.
  private static let mostStates = 65_536

  private let session: Session
  private let plane: GridPlane?
  private let target: TargetDistribution?
  private let clock = ContinuousClock()
  private var due: ContinuousClock.Instant
  private var rowsDrawn = 0

  /// - Parameter target: where it is known already.
  /// - Returns: nil where nothing is watched, or nobody watches.
  init?(
    _ session: Session, _ arguments: Arguments, _ environment: any Environment,
    _ target: TargetDistribution?
  ) {
    guard let word = arguments.word("watch"), session.showsLive else { return nil }
    self.session = session
    due = clock.now + Self.shortest
    let states = environment.enumeration?.states ?? .max
    guard word == "learned", states <= Self.mostStates, let plane = GridPlane(environment),
      let target = target ?? (try? TargetDistribution(environment, session.workbench.pool))
    else {
      self.plane = nil
      self.target = target
      return
    }
    self.plane = plane
    self.target = target
  }

  /// Draws where it is time.
  /// - Parameter learned: P_F of this state where it is known already.
  mutating func show(
    _ state: TrainingState, learned: [Double]?, _ table: Table, _ evaluation: ExactEvaluation,
    isLast: Bool
  ) throws {
    let start = clock.now
    guard isLast || start >= due, !session.interruption.isAbort else { return }
    if let plane, let target {
      guard
        let learned = try learned
          ?? evaluation.terminatingProbabilities(
            state, isCancelled: { session.interruption.isAbort })
      else { return }
      session.emit(
        .live(
          WatchedFigure.distributions(
            target.probabilities, learned, on: plane, step: state.step)))
    } else {
      guard table.rows.count > rowsDrawn else { return }
      rowsDrawn = table.rows.count
      session.emit(.live(WatchedFigure.curve(of: table, logZ: target?.logZ)))
    }
    let end = clock.now
    due = end + max(Self.shortest, (end - start) * Self.restPerDrawing)
  }
}
