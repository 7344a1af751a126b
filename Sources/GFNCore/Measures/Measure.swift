package import GFNParameters

/// What a row says of a training state: the one table that `train`, `until=`, `compare`, `plot curve`,
/// `evaluate`, the history and the log read. A new measure is a row of it, with its function.
package struct Measure: Sendable {
  /// What has to be known before it can be worked out.
  package enum Need: Sendable {
    /// The state alone.
    case state
    /// The step that led to it.
    case step
    /// log Z* of the target, so an environment that can be enumerated.
    case target
    /// P_F and P*, by dynamic programming over all states.
    case distributions
  }

  /// snake_case: the column's name.
  package var name: String
  /// A line for help.
  package var help: String
  /// How its numbers are shown.
  package var style: NumberStyle
  package var need: Need
  /// A column of `train` also where nobody asks for it.
  package var isUnasked: Bool
  /// NaN where there is nothing to tell.
  package var value: @Sendable (Measurement) -> Double

  private init(
    _ name: String, _ help: String, _ style: NumberStyle = .significant(4), needs need: Need,
    isUnasked: Bool = false, value: @escaping @Sendable (Measurement) -> Double
  ) {
    self.name = name
    self.help = help
    self.style = style
    self.need = need
    self.isUnasked = isUnasked
    self.value = value
  }

  /// In the order in which people look at them.
  package static let all: [Measure] = [
    Measure("tv", "total variation from the target, exact", needs: .distributions) {
      $0.distributions?.tv ?? .nan
    },
    Measure("jsd", "Jensen–Shannon divergence, exact", needs: .distributions) {
      $0.distributions?.jsd ?? .nan
    },
    Measure("hellinger", "Hellinger distance √(½ Σ (√P_F − √P*)²), exact", needs: .distributions) {
      $0.distributions?.hellinger ?? .nan
    },
    Measure("kl_target", "KL(P* ‖ P_F), exact", needs: .distributions) {
      $0.distributions?.klTarget ?? .nan
    },
    Measure("kl_learned", "KL(P_F ‖ P*), exact", needs: .distributions) {
      $0.distributions?.klLearned ?? .nan
    },
    Measure("accuracy", "mean-reward accuracy, exact", needs: .distributions) {
      $0.distributions?.accuracy ?? .nan
    },
    Measure("loss", "the objective on the step's batch", needs: .step, isUnasked: true) {
      $0.report?.loss ?? .nan
    },
    Measure("log_z", "the learned log Z", .fixed(4), needs: .state, isUnasked: true) { $0.logZ },
    Measure("log_z_error", "|log Z − log Z*|, exact", needs: .target) { measurement in
      measurement.exactLogZ.map { abs(measurement.logZ - $0) } ?? .nan
    },
    Measure("grad_norm", "norm of π_F's gradient", needs: .step, isUnasked: true) {
      $0.report?.gradientNorm ?? .nan
    },
    Measure(
      "entropy", "mean entropy of π_F over the batch", .fixed(3), needs: .step, isUnasked: true
    ) { $0.report?.entropy ?? .nan },
    Measure("length", "mean number of actions", .fixed(1), needs: .step, isUnasked: true) {
      $0.report?.length ?? .nan
    },
    Measure("mean_reward", "mean R(x) of the batch", needs: .step) {
      $0.report?.meanReward ?? .nan
    },
    Measure("mean_log_reward", "mean log R(x) of the batch", needs: .step) {
      $0.report?.meanLogReward ?? .nan
    },
    Measure(
      "evaluations", "rewards asked for so far", .fixed(0), needs: .state, isUnasked: true
    ) { Double($0.evaluations) },
    Measure(
      "program_evaluations", "objects that the program itself has scored", .fixed(0), needs: .state
    ) { $0.programEvaluations.map(Double.init) ?? .nan },
    Measure("modes_found", "modes sampled so far", .fixed(0), needs: .state) {
      $0.modesFound.map(Double.init) ?? .nan
    },
    Measure("states_visited", "distinct states visited so far", .fixed(0), needs: .state) {
      Double($0.statesVisited)
    },
    Measure("step_accepted", "whether the trust region's line search found a step", needs: .step) {
      $0.report?.trustRegion.map { $0.isAccepted ? 1 : 0 } ?? .nan
    },
  ]

  package static let names = all.map(\.name)

  /// - Returns: nil where no measure has the name.
  package static func named(_ name: String) -> Measure? { all.first { $0.name == name } }

  /// Words for `measure=`.
  package static let choices = all.map { Choice($0.name, $0.help) }
}

/// What is known of a training state where a row of it is measured.
package struct Measurement: Sendable {
  /// Of the last step, where there was one.
  package var report: StepReport?
  /// As the method reports it, NaN where it reports none.
  package var logZ: Double
  package var evaluations: Int
  /// Nil where no program gives the rewards.
  package var programEvaluations: Int? = nil
  /// Nil where the environment has no modes.
  package var modesFound: Int?
  package var statesVisited: Int
  /// log Z*, where it was worked out.
  package var exactLogZ: Double?
  /// P_F and P*, where they were worked out.
  package var distributions: DistributionPair?

  /// What all measures say, by name; NaN where one has nothing to tell.
  package var values: [String: Double] {
    Dictionary(uniqueKeysWithValues: Measure.all.map { ($0.name, $0.value(self)) })
  }
}
