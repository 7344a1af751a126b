import GFNParameters

/// How long every run of a comparison trains.
package enum ComparisonBudget: Sendable, Equatable {
  case steps(Int)
  /// Rewards asked for, by sampled x and by a guide; the step that reaches them is the last.
  case evaluations(Int)
  /// Of training: measuring does not count.
  case seconds(Double)

  /// As it is typed: `steps=200`.
  package var source: String {
    switch self {
    case .steps(let steps): "steps=\(steps)"
    case .evaluations(let evaluations): "evaluations=\(evaluations)"
    case .seconds(let seconds): "seconds=\(formatted(seconds))"
    }
  }
}

/// Where a run stands.
package struct ComparisonReading: Sendable, Equatable {
  package var step = 0
  /// nan where a measure has no value.
  package var measures: [String: Double] = [:]
  package var evaluations = 0
  package var guideEvaluations = 0
  package var distinctRewards = 0
  /// Wall-clock time of the training steps alone.
  package var seconds = 0.0

  package init() {}
}

/// Trains configurations side by side: every run starts from its own seed, as `reset` would start it,
/// and nothing of one is seen by the next.
package struct Comparison {
  package let environment: any Environment
  package let budget: ComparisonBudget
  package let batch: Int
  /// Steps from reading to reading.
  package let every: Int
  package let measures: [Measure]
  private let pool: ThreadPool
  private let measuring: RowMeasuring

  /// - Throws: `CoreError.tooLarge` where an exact measure is asked for and the states cannot be
  ///   enumerated.
  package init(
    _ environment: any Environment, _ budget: ComparisonBudget, batch: Int, every: Int,
    _ measures: [Measure], _ pool: ThreadPool
  ) throws {
    self.environment = environment
    self.budget = budget
    self.batch = batch
    self.every = max(1, every)
    self.measures = measures
    self.pool = pool
    measuring = try RowMeasuring(environment, measures, pool)
  }

  /// What became of one run.
  package struct Result: Sendable {
    /// Every `every` steps and at the end.
    package var readings: [ComparisonReading] = []
    /// A number stopped being finite: there is no result.
    package var failure: CoreError?
  }

  /// Trains one configuration from a seed.
  /// - Parameter goesOn: called after every step with the share of the budget that is used up.
  /// - Returns: nil where `goesOn` said no.
  /// - Throws: `CoreError` where the configuration does not fit the environment.
  package func run(
    _ configuration: Configuration, seed: UInt64,
    goesOn: (_ share: Double, _ report: StepReport) -> Bool
  ) throws -> Result? {
    var state = try TrainingState(configuration, in: environment, seed: seed)
    let trainer = try Trainer(environment, state, pool)
    var result = Result()
    var wasStopped = false
    var seconds = 0.0
    var begun = monotonicNanoseconds()
    do {
      try TrainingRun(steps: limit, batch: batch).run(trainer, &state) { report, current in
        seconds += Double(monotonicNanoseconds() &- begun) / 1e9
        let share = share(current, seconds)
        guard goesOn(min(share, 1), report) else {
          wasStopped = true
          return .stop
        }
        if share >= 1 || current.step % every == 0 {
          result.readings.append(try reading(current, report, seconds))
        }
        begun = monotonicNanoseconds()
        return share >= 1 ? .stop : .goOn
      }
    } catch is Interruption.GivenUp {
      _ = Interruption.current?.takeGivenUp()
      return nil
    } catch let error as CoreError {
      guard case .nonFinite = error else { throw error }
      result.failure = error
      result.readings.append(counts(of: state, seconds, value: { _ in .nan }))
    }
    return wasStopped ? nil : result
  }

  private var limit: Int {
    if case .steps(let steps) = budget { steps } else { .max }
  }

  private func share(_ state: TrainingState, _ seconds: Double) -> Double {
    switch budget {
    case .steps(let steps): Double(state.step) / Double(max(1, steps))
    case .evaluations(let count):
      Double(state.discoveries.evaluations + state.discoveries.guideEvaluations)
        / Double(max(1, count))
    case .seconds(let limit): seconds / limit
    }
  }

  private func reading(
    _ state: TrainingState, _ report: StepReport, _ seconds: Double
  ) throws -> ComparisonReading {
    let measurement = try measuring.measurement(of: state, after: report)
    return counts(of: state, seconds) { $0.value(measurement) }
  }

  private func counts(
    of state: TrainingState, _ seconds: Double, value: (Measure) -> Double
  ) -> ComparisonReading {
    var reading = ComparisonReading()
    reading.step = state.step
    for measure in measures { reading.measures[measure.name] = value(measure) }
    reading.evaluations = state.discoveries.evaluations
    reading.guideEvaluations = state.discoveries.guideEvaluations
    reading.distinctRewards = state.discoveries.distinctRewards
    reading.seconds = seconds
    return reading
  }
}
