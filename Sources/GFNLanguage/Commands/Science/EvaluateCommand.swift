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
    let target = try session.core(arguments) { try TargetDistribution(environment) }
    var record = Record(["exact": .boolean(!arguments.has("samples"))])
    if let count = arguments.integer("samples") {
      guard arguments.word("how") == nil else {
        throw arguments.error(
          "option", "exact and samples= exclude each other", fix: "leave one out", at: "samples")
      }
      let ends = try session.samples(count, arguments).map { $0.index }
      let sampled = SampledEvaluation(indices: ends, target: target)
      record.fields["samples"] = .number(Double(ends.count))
      record.fields["tv_sampled"] = .number(sampled.tv)
      record.fields["tv_noise_floor"] = .number(sampled.noiseFloor)
      record.fields["mean_reward"] = .number(sampled.meanReward)
      record.fields["mean_reward_se"] = .number(sampled.meanRewardError)
      record.fields["accuracy"] = .number(min(sampled.meanReward / target.meanReward, 1))
    } else {
      let metrics = DistributionMetrics(
        learned: try session.exactDistribution(arguments).terminating, target: target)
      record.fields["tv"] = .number(metrics.tv)
      record.fields["jsd"] = .number(metrics.jsd)
      record.fields["kl_target"] = .number(metrics.klTarget)
      record.fields["kl_learned"] = .number(metrics.klLearned)
      record.fields["mean_reward"] = .number(metrics.meanReward)
      record.fields["accuracy"] = .number(metrics.accuracy)
    }
    record.fields["log_z"] = .number(state.logZ)
    record.fields["log_z_exact"] = .number(target.logZ)
    record.fields["log_z_error"] = .number(abs(state.logZ - target.logZ))
    record.fields.merge(discovered(state, environment)) { $1 }
    record.fields["step"] = .number(Double(state.step))
    return .record(record)
  }
}
