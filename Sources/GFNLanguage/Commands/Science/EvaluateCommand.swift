import GFNCore
import OrderedCollections

extension CommandSpec {
  static let evaluate = CommandSpec(
    "evaluate", group: .measure, summary: "measure how far the learned distribution is from R/Z",
    positionals: [
      Parameter(
        "how", .enumeration([Choice("exact", "by dynamic programming over all states")]),
        default: "exact", help: "exactly")
    ],
    options: [
      Parameter(
        "samples", .integer(1...10_000_000), unit: "trajectories",
        help: "by this many samples in place of exactly")
    ],
    details: """
      TV is ½ Σ |P_F − P*|; divergences are in nats; accuracy is min(E[R]/E*[R], 1). modes_found counts \
      what training sampled since 'env' or 'reset'. A sampled TV comes with the noise floor of a \
      perfect sampler at that sample size and is never called tv.
      """,
    examples: [
      CommandExample("env hypergrid side=8; train 20; evaluate", "exactly"),
      CommandExample("env hypergrid side=8; evaluate samples=1000", "as a finite sample shows it"),
    ],
    result: .record([
      "exact", "tv", "jsd", "kl_target", "kl_learned", "log_z", "log_z_exact", "log_z_error",
      "mean_reward", "mean_reward_se", "accuracy", "tv_sampled", "tv_noise_floor", "samples",
      "modes_found", "modes_total", "regions_found", "regions_total", "states_visited",
      "evaluations", "step",
    ])
  ) { session, arguments in
    let (environment, state) = try session.experiment(arguments)
    if arguments.has("samples"), arguments.word("how") != nil {
      throw arguments.error(
        "option", "exact and samples= exclude each other", fix: "leave one out", at: "samples")
    }
    let count = arguments.integer("samples")
    // Samples say something also where nothing can be enumerated.
    let isEnumerable = (try? environment.enumerable()) != nil
    let target = try session.core(arguments) {
      count == nil || isEnumerable
        ? try TargetDistribution(environment, session.workbench.pool) : nil
    }
    var record = Record(["exact": .boolean(count == nil)])
    if let count {
      record.fields.merge(try session.sampled(count, target, arguments)) { $1 }
    } else if let target {
      let metrics = DistributionMetrics(
        learned: try session.exactDistribution(arguments).terminating, target: target,
        session.workbench.pool)
      record.fields["tv"] = .number(metrics.tv)
      record.fields["jsd"] = .number(metrics.jsd)
      record.fields["kl_target"] = .number(metrics.klTarget)
      record.fields["kl_learned"] = .number(metrics.klLearned)
      record.fields["mean_reward"] = .number(metrics.meanReward)
      record.fields["accuracy"] = .number(metrics.accuracy)
    }
    let logZ = try session.core(arguments) {
      try state.reportedLogZ(in: environment, session.workbench.pool)
    }
    record.fields["log_z"] = logZ.orNone
    if let target {
      record.fields["log_z_exact"] = .number(target.logZ)
      record.fields["log_z_error"] = abs(logZ - target.logZ).orNone
    }
    record.fields.merge(discovered(state, environment)) { $1 }
    record.fields["step"] = .number(Double(state.step))
    return .record(record)
  }
}

extension Session {
  /// What a finite sample says, as fields of `evaluate`.
  fileprivate func sampled(
    _ count: Int, _ target: TargetDistribution?, _ arguments: Arguments
  ) throws -> OrderedDictionary<String, Value> {
    let (environment, _) = try experiment(arguments)
    let samples = try samples(count, arguments)
    guard !samples.isEmpty else {
      throw arguments.error("interrupted", "the evaluation was interrupted")
    }
    let rewards = SampledMean(samples.map { environment.reward($0.cells) })
    var fields: OrderedDictionary<String, Value> = [
      "samples": .number(Double(samples.count)), "mean_reward": .number(rewards.mean),
      "mean_reward_se": .number(rewards.standardError),
    ]
    if let target {
      let sampled = SampledDistance(
        indices: samples.map { environment.terminatingIndex($0.cells) }, target: target)
      fields["tv_sampled"] = .number(sampled.tv)
      fields["tv_noise_floor"] = .number(sampled.noiseFloor)
      fields["accuracy"] = .number(min(rewards.mean / target.meanReward, 1))
    }
    return fields
  }
}
