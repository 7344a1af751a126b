/// Measures training states as they come: what a row of `train` and a reading of `compare` are made of.
package struct RowMeasuring {
  private let environment: any Environment
  private let pool: ThreadPool
  private let evaluation: ExactEvaluation
  private let needsDistributions: Bool
  /// P*, where a measure needs it.
  package let target: TargetDistribution?

  /// - Parameter measures: decide what is worked out for a row.
  /// - Throws: `CoreError.tooLarge` where one is exact and the states cannot be enumerated.
  package init(
    _ environment: any Environment, _ measures: [Measure], _ pool: ThreadPool
  ) throws {
    self.environment = environment
    self.pool = pool
    evaluation = ExactEvaluation(environment, pool)
    needsDistributions = measures.contains { $0.need == .distributions }
    target =
      needsDistributions || measures.contains { $0.need == .target }
      ? try TargetDistribution(environment, pool) : nil
  }

  /// - Parameters:
  ///   - report: of the last step, where there was one.
  ///   - isCancelled: asked while P_F is worked out; once it is true, there is none.
  /// - Throws: `CoreError` where the networks do not fit the environment or give no policy.
  package func measurement(
    of state: TrainingState, after report: StepReport?, isCancelled: () -> Bool = { false }
  ) throws -> Measurement {
    // A report's log F is that of before the step.
    let logZ = try state.reportedLogZ(in: environment, pool)
    var measurement = state.measurement(in: environment, after: report, logZ: logZ)
    measurement.exactLogZ = target?.logZ
    if needsDistributions, let target,
      let learned = try evaluation.terminatingProbabilities(state, isCancelled: isCancelled)
    {
      measurement.distributions = DistributionPair(learned: learned, target: target, pool)
    }
    return measurement
  }
}

extension TrainingState {
  /// What is known without a look at the target.
  package func measurement(
    in environment: any Environment, after report: StepReport?, logZ: Double
  ) -> Measurement {
    Measurement(
      report: report, logZ: logZ, evaluations: discoveries.evaluations,
      programEvaluations: environment.program?.evaluations,
      modesFound: environment.modes == nil ? nil : discoveries.modes.count,
      statesVisited: discoveries.statesVisited)
  }
}
