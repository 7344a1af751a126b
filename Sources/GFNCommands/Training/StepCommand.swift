import GFNCore
import GFNLanguage
import GFNParameters
import OrderedCollections

extension CommandSpec {
  static let step = CommandSpec(
    "step", group: .train, summary: "take one training step and look at it from the inside",
    options: [
      Parameter(
        "batch", .integer(1...1_000_000), default: 128, unit: "trajectories",
        help: "trajectories in the step"),
      Parameter(
        "show", .integer(0...1_000), default: 4, unit: "trajectories",
        help: "of how many to show every transition"),
    ],
    details: """
      The step is the one that 'train 1' takes with the same batch, and 'undo' takes it back. The table \
      shows the first trajectories of its forward batch at the parameters that sampled them; r, v and \
      advantage are what the policy-gradient objectives go by, log_flow what db and subtb do. Beside it \
      stand loss, log Z before and after, the norm of each estimator's gradient (norm_pf, …) and how far its \
      parameters moved (moved_pf, …). 'plot curve' shows the step among the rows of 'train', with all but \
      the distances from the target, which 'train' alone measures.

      Where a number is not finite nothing moves: the table shows the trajectories in which it is found \
      first, not_finite says what it is, and moved_pf by how much the update would have moved. So after \
      'train' has stopped at such a step, 'step' with the same batch shows it.
      """,
    examples: [
      CommandExample("env hypergrid side=8; method RL-U; step batch=8 show=2", "of eight, two"),
      CommandExample("env hypergrid side=8; let s = step batch=16\nprint $s.moved_pf", "a field"),
    ],
    result: .table(
      columns: StepTable.columns,
      fields: [
        "objective", "step", "trajectories", "loss", "log_z_before", "log_z", "not_finite",
      ] + Estimator.allCases.flatMap { ["norm_\($0.rawValue)", "moved_\($0.rawValue)"] }),
    changesState: true
  ) { session, arguments in
    let (environment, present) = try session.experiment(arguments)
    var state = present
    let inside = try session.core(arguments) {
      try Trainer(environment, state, session.workbench.pool).stepInside(
        &state, batch: arguments.integer(orDefault: "batch"),
        shown: arguments.integer(orDefault: "show"))
    }
    if let failure = inside.failure {
      session.warn("the step was not taken: \(failure.description)", arguments)
    } else {
      var history = state.history
      history.append(
        step: state.step,
        state.measurement(in: environment, after: inside.report, logZ: inside.logZAfter).values)
      session.workbench.update(state.with(history))
    }
    return .table(StepTable(inside, state, environment).table)
  }
}

/// What `step` returns.
private struct StepTable {
  static let columns = [
    "trajectory", "t", "state", "action", "log_pf", "log_pb", "r", "v", "advantage", "log_flow",
  ]

  private let inside: StepInside
  private let state: TrainingState
  private let environment: any Environment

  init(_ inside: StepInside, _ state: TrainingState, _ environment: any Environment) {
    self.inside = inside
    self.state = state
    self.environment = environment
  }

  var table: Table {
    let kept = Self.columns.indices.filter { hasValues(Self.columns[$0]) }
    return Table(
      columns: kept.map { Column(Self.columns[$0], $0 < 4 ? .significant(4) : .fixed(4)) },
      rows: inside.paths.flatMap { path in
        path.entries.enumerated().map { t, entry in
          let row = row(path.number, t, entry)
          return kept.map { row[$0] }
        }
      }, fields: fields)
  }

  /// Critic, advantages and log F stand there where the objective has them.
  private func hasValues(_ column: String) -> Bool {
    let entries = inside.paths.lazy.flatMap(\.entries)
    return switch column {
    case "v": state.configuration.estimators.contains(.valueForward)
    case "advantage": entries.contains { !$0.advantage.isNaN }
    case "log_flow": state.configuration.estimators.contains(.stateFlow)
    default: true
    }
  }

  private func row(_ path: Int, _ t: Int, _ entry: StepInside.Entry) -> [Value] {
    [
      .number(Double(path)), .number(Double(t)), .text(environment.text(entry.state)),
      .text(environment.name(ofForward: entry.action)), number(entry.logPF), number(entry.logPB),
      number(entry.reward), number(entry.value), number(entry.advantage), number(entry.logFlow),
    ]
  }

  /// In a failed step what is undefined is what one looks for.
  private func number(_ value: Double) -> Value {
    inside.failure == nil ? value.orNone : .number(value)
  }

  private var fields: OrderedDictionary<String, Value> {
    let name = MethodName.of(state.configuration)?.name
    var fields: OrderedDictionary<String, Value> = [
      "objective": .text(name ?? state.configuration.objective.kind.rawValue),
      "step": .number(Double(state.step)),
      "trajectories": .number(Double(inside.pathCount)),
    ]
    if let report = inside.report { fields["loss"] = report.loss.orNone }
    fields["log_z_before"] = inside.logZBefore.orNone
    fields["log_z"] = inside.logZAfter.orNone
    for estimator in Estimator.allCases {
      fields["norm_\(estimator.rawValue)"] = inside.gradientNorms[estimator].map { .number($0) }
      fields["moved_\(estimator.rawValue)"] = inside.moves[estimator].map { .number($0) }
    }
    if inside.failure != nil {
      fields["not_finite"] = .list(inside.findings.map { .text($0) })
    }
    return fields
  }
}
