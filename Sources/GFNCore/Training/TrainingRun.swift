import GFNParameters

/// A number of training steps, one after the other, that can be watched and stopped.
package struct TrainingRun {
  package var steps: Int
  package var batch: Int
  /// Steps after which the state is kept; see `run`.
  private static let keepInterval = 50
  private static let keepTime = Duration.milliseconds(250)
  /// A state with more bytes is kept only as it was at the start.
  var largest = Memory.bytes / 128

  package init(steps: Int, batch: Int = 128) {
    self.steps = steps
    self.batch = batch
  }

  /// What an observer wants after a step.
  package enum Decision: Sendable {
    case goOn
    case stop
  }

  /// Trains until the steps are done or the observer wants to stop.
  ///
  /// Every fifty steps the state is kept (an assignment), and where steps take long each quarter of a second, unless
  /// it is so large that further copies of it matter. When a step fails, training goes back to a kept one,
  /// which may be the first, and repeats the steps before the failing one, which gives the same bits: so the
  /// state is that of the last good step, and no step pays much for a copy.
  /// - Parameter observer: called after each step.
  /// - Throws: `CoreError.nonFinite`; `Interruption.GivenUp`, where a step was; what the observer throws.
  package func run(
    _ trainer: Trainer, _ state: inout TrainingState,
    observer: (StepReport, TrainingState) throws -> Decision
  ) throws {
    var kept = state
    // A step may fail for what the one before did, and that one may lie before `kept`.
    var earlier = state
    let clock = ContinuousClock()
    var keptAt = clock.now
    let isSmall = state.byteCount <= largest
    for done in 0..<max(0, steps) {
      if isSmall, done % Self.keepInterval == 0 || clock.now - keptAt > Self.keepTime {
        keptAt = clock.now
        earlier = kept
        kept = state
      }
      let report: StepReport
      do {
        // Half of a step could not be taken back without a copy.
        report =
          isSmall
          ? try trainer.step(&state, batch: batch)
          : try Interruption.$current.withValue(nil) { try trainer.step(&state, batch: batch) }
      } catch {
        let interruption = Interruption.current
        if interruption?.isAbort == true { throw Interruption.GivenUp() }
        if interruption?.takeGivenUp() == true {
          // It is a quarter of a second back.
          let good = state.step
          state = kept
          try repeatSteps(trainer, &state, to: good)
          throw Interruption.GivenUp()
        }
        var good = state.step
        if case CoreError.nonFinite(let step?, _, _) = error { good = min(good, step - 1) }
        state = kept.step <= good ? kept : earlier
        try repeatSteps(trainer, &state, to: good)
        throw error
      }
      if try observer(report, state) == .stop { return }
    }
  }

  /// Repeats whole steps, which one request does not cut.
  private func repeatSteps(
    _ trainer: Trainer, _ state: inout TrainingState, to step: Int
  ) throws {
    let interruption = Interruption.current
    try Interruption.$current.withValue(nil) {
      while state.step < step {
        if interruption?.isAbort == true { throw Interruption.GivenUp() }
        _ = try trainer.step(&state, batch: batch)
      }
    }
  }
}
