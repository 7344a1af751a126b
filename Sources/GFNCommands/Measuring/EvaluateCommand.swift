import GFNCore
import GFNLanguage
import GFNParameters
import OrderedCollections

extension CommandSpec {
  static let evaluate = CommandSpec(
    "evaluate", group: .measure, summary: "measure how far the learned distribution is from R/Z",
    positionals: [
      Parameter(
        "how", .enumeration([Choice("exact", "by dynamic programming over all states")]),
        default: .described("exact up to 4,194,304 states"), help: "exactly")
    ],
    options: [
      Parameter(
        "samples", .integer(1...10_000_000), default: 1000, unit: "trajectories",
        help: "by this many samples in place of exactly"),
      Parameter(
        "heldout", .either([.integer(0...1_000_000), .path(.read)]), default: 200,
        help: "objects to rank by samples: so many uniform ones, or a file with one a line"),
      Parameter(
        "backward", .integer(1...10_000), default: 10, unit: "trajectories",
        help: "backward from each held-out object, to estimate its P_F"),
      Parameter(
        "k", .integer(1...1000), default: 10, help: "how many of the best objects to rate"),
    ],
    details: """
      TV is ½ Σ |P_F − P*|; divergences are in nats; accuracy is min(E[R]/E*[R], 1). On bayesnet, where R \
      may be too large to show, log R is. J_F is for the log Z that is reported. modes_found counts what \
      training sampled since 'env' or 'reset'. Up to 4,194,304 states are evaluated exactly, larger \
      environments (or with any option) by samples. J_F, ELBO and EUBO are exact up to 65,536 states. \
      Sampled, the ELBO is a mean over trajectories of π_F; the EUBO one over objects drawn from P* \
      where it can be enumerated, else over those of heldout=FILE, which then count as such draws; \
      without either it is left out. P_F(x) of a held-out object is the mean of P_F(τ)/P_B(τ|x) over \
      trajectories backward from x; tv_heldout compares P_F and R, both renormalised to the set. A \
      sampled TV comes with the noise floor of a perfect sampler or policy and is never called tv. \
      exact_figures and estimated_figures name which is which: what follows from the rewards alone is exact \
      wherever all objects can be listed (up to 16,777,216), though the states are too many; the errors of \
      estimates are their _se.
      """,
    examples: [
      CommandExample("env hypergrid side=8; train 20; evaluate", "exactly"),
      CommandExample("env hypergrid side=8; evaluate samples=1000", "as a finite sample shows it"),
      CommandExample(
        "env hypergrid dim=6 side=16; evaluate samples=100 heldout=20 k=5",
        "16.8 million states, by samples"),
    ],
    result: .record(
      [
        "exact"
      ] + Measuring.exact + [
        "log_z", "log_z_exact", "log_z_error", "exact_figures", "estimated_figures", "j_f",
        "elbo", "elbo_se", "eubo", "eubo_se", "mean_reward", "mean_reward_se", "mean_log_reward",
        "mean_log_reward_se", "tv_sampled", "tv_noise_floor", "samples", "top_k",
        "top_k_reward", "top_k_reward_se", "top_k_log_reward", "top_k_log_reward_se",
        "top_k_diversity", "top_k_diversity_se", "heldout", "spearman", "spearman_se", "pearson",
        "pearson_se", "tv_heldout", "tv_heldout_floor", "modes_found", "modes_total",
        "regions_found", "regions_total", "states_visited", "evaluations",
        "program_evaluations", "step",
      ]),
    judgeAll: { _, arguments in
      guard let option = Measuring.sampling.first(where: arguments.has), arguments.has("how") else {
        return
      }
      throw arguments.error(
        "option", "exact and \(option)= exclude each other", fix: "leave one out", at: option)
    }
  ) { session, arguments in
    let (environment, state) = try session.experiment(arguments)
    let sampling = Measuring.sampling.filter(arguments.has)
    let states = environment.enumeration?.states ?? .max
    let isSmall = states <= Measuring.evaluatedByDefault && environment.knowsRewards
    let isExact = sampling.isEmpty && (isSmall || arguments.word("how") != nil)
    if !isExact, sampling.isEmpty {
      session.note(
        environment.knowsRewards
          ? "too many states to evaluate them all unasked, so by samples; 'evaluate exact' insists"
          : "the program has not scored all objects, so by samples; 'evaluate exact' asks it for all"
      )
    }
    // Samples say something also where nothing can be enumerated.
    let target = try session.core(arguments) {
      isExact || environment.hasKnownTarget
        ? try TargetDistribution(environment, session.workbench.pool) : nil
    }
    var record = Record(["exact": .boolean(isExact)])
    let measured =
      if isExact, let target {
        try session.measuredExactly(target, arguments)
      } else {
        try SampledMeasures(session, arguments, target).fields()
      }
    record.fields.merge(measured) { $1 }
    let logZ = try session.core(arguments) {
      try state.reportedLogZ(in: environment, session.workbench.pool)
    }
    record.fields["log_z"] = logZ.orNone
    if let target {
      record.fields["log_z_exact"] = .number(target.logZ)
      record.fields["log_z_error"] = abs(logZ - target.logZ).orNone
    }
    if !isExact { record.fields.merge(Measuring.kinds(of: record)) { $1 } }
    record.fields.merge(discovered(state, environment)) { $1 }
    if let program = environment.program {
      record.fields["program_evaluations"] = .number(Double(program.evaluations))
    }
    record.fields["step"] = .number(Double(state.step))
    return .record(record)
  }
}

private enum Measuring {
  static let exact = Measure.all.filter { $0.need == .distributions }.map(\.name)
  /// The options that ask for samples.
  static let sampling = ["samples", "heldout", "backward", "k"]
  /// What of a sampled evaluation follows from the rewards alone.
  private static let ofTarget: Set<String> = ["log_z_exact", "tv_noise_floor"]
  private static let counts: Set<String> = [
    "exact", "samples", "top_k", "heldout", "log_z", "log_z_error", "tv_heldout_floor",
  ]

  /// The names of the exact and of the estimated figures.
  static func kinds(of record: Record) -> OrderedDictionary<String, Value> {
    let names = record.fields.keys.filter { !counts.contains($0) && !$0.hasSuffix("_se") }
    return [
      "exact_figures": .list(names.filter(ofTarget.contains).map { .text($0) }),
      "estimated_figures": .list(names.filter { !ofTarget.contains($0) }.map { .text($0) }),
    ]
  }

  /// Beyond this an evaluation takes longer than a person who did not ask for it would wait.
  static let evaluatedByDefault = 1 << 22
}

extension Session {
  /// What dynamic programming says, as fields of `evaluate`.
  fileprivate func measuredExactly(
    _ target: TargetDistribution, _ arguments: Arguments
  ) throws -> OrderedDictionary<String, Value> {
    let (environment, state) = try experiment(arguments)
    var measurement = state.measurement(in: environment, after: nil, logZ: .nan)
    let pair = DistributionPair(
      learned: try exactDistribution(arguments).terminating, target: target, workbench.pool)
    measurement.distributions = pair
    var fields: OrderedDictionary<String, Value> = [:]
    for measure in Measure.all where measure.need == .distributions {
      let value = measure.value(measurement)
      fields[measure.name] = value.ifDefined
    }
    if environment.rewardIsExponential {
      fields["mean_log_reward"] = pair.meanLogReward.ifDefined
    } else {
      fields["mean_reward"] = pair.meanReward.ifDefined
    }
    // Left out where there are too many states, or where J_F is infinite.
    if let bounds = try? ExactBounds(environment, state, workbench.pool) {
      fields["j_f"] = bounds.jF.ifDefined
      fields["elbo"] = bounds.elbo.ifDefined
      fields["eubo"] = bounds.eubo.ifDefined
    }
    return fields
  }
}

extension Double {
  /// The field is left out where the number is undefined.
  var ifDefined: Value? { isNaN ? nil : .number(self) }
}
