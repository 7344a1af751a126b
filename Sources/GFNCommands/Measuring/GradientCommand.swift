import GFNCore
import GFNLanguage
import GFNParameters
import OrderedCollections

extension CommandSpec {
  static let gradient = CommandSpec(
    "gradient", group: .measure,
    summary: "compute loss and gradients on one batch, changing nothing",
    options: [
      Parameter(
        "direction",
        .enumeration([
          Choice("forward", "the forward step"),
          Choice("backward", "the backward step (RL-B, RL-G)"),
        ]), default: "forward", help: "which step of the method"),
      Parameter(
        "batch", .integer(1...1_000_000), default: 128,
        help: "trajectories to sample where none are loaded"),
      Parameter(
        "to", .path(.write),
        help: "write gradients as safetensors, by parameter name; of 'variance' the table"),
      Parameter(
        "details", .path(.write),
        help: "write per-step arrays as safetensors, [trajectory, step]"),
    ],
    variants: [.gradientVariance],
    details: """
      The batch is the one that 'trajectories load' read, else a fresh one drawn from the stream for \
      looking. The details hold log_pf, log_pb, log_guide, rewards, values (of the critic, or \
      log F), advantages and value_targets; steps of backward trajectories are counted from x.
      """,
    examples: [
      CommandExample("env hypergrid side=8; method RL-U; gradient batch=16", "of the first step"),
      CommandExample(
        "env hypergrid side=4; gradient variance over=10 batch=16 lambdas=[0.9, 1] fit=5",
        "bias and variance of the estimators"),
    ],
    result: .table(
      columns: GradientVarianceTable.columns.map(\.name),
      fields: [
        "loss", "j_f", "critic_loss", "grad_log_z", "norm_pf", "norm_pb", "norm_value_forward",
        "norm_value_backward", "norm_log_state_flow", "norm_log_edge_flow", "trajectories",
        "visits", "distinct_states",
      ] + GradientVarianceTable.fields),
    judgeAll: { _, arguments in try GradientVarianceTable.judge(arguments) }
  ) { session, arguments in
    let (environment, state) = try session.experiment(arguments)
    if arguments.variant != nil {
      return try GradientVarianceTable(session, arguments).value()
    }
    let isBackward = arguments.word("direction") == "backward"
    let report = try session.core(arguments) {
      let trainer = try Trainer(environment, state, session.workbench.pool)
      if let loaded = session.workbench.batches[isBackward] {
        return try trainer.gradient(state, on: loaded)
      }
      var stream = session.workbench.nextLook()
      let batch = try trainer.trajectories(
        state, count: arguments.integer(orDefault: "batch"), isBackward: isBackward,
        from: &stream)
      return try trainer.gradient(state, on: batch)
    }
    var fields: OrderedDictionary<String, Value> = ["loss": .number(report.outputs.loss)]
    fields["j_f"] = report.outputs.jF.map { .number($0) }
    fields["critic_loss"] = report.outputs.criticLoss.map { .number($0) }
    let trainsLogZ =
      !isBackward && state.configuration.objective.kind.logZSource == .parameter
    if trainsLogZ { fields["grad_log_z"] = .number(report.outputs.logZ) }
    var tensors: [String: SafeTensors.Tensor] = [:]
    for estimator in Estimator.allCases {
      guard let gradient = report.gradients[estimator] else { continue }
      fields["norm_\(estimator.rawValue)"] = .number(report.norm(estimator))
      let shape = try session.core(arguments) { try state.shape(estimator, in: environment) }
      tensors.merge(TrainingState.tensors(estimator.rawValue, gradient, shape)) { $1 }
    }
    if trainsLogZ {
      tensors["logZ"] = SafeTensors.Tensor(shape: [1], values: [Float(report.outputs.logZ)])
    }
    fields["trajectories"] = .number(Double(report.steps.count))
    fields["visits"] = .number(Double(report.steps.logPF.count))
    fields["distinct_states"] = .number(Double(report.distinctStates))
    for (option, content) in [("to", tensors), ("details", report.details())] {
      guard let path = arguments.path(option) else { continue }
      let bytes = try session.core(arguments) { try SafeTensors(tensors: content).encoded() }
      try session.files.write(
        path, bytes, overwriting: arguments.overwrites, at: arguments.span(of: option))
    }
    return .record(Record(fields))
  }
}
