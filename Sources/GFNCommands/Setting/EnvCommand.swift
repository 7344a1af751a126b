import GFNCore
import GFNLanguage
import GFNParameters
import OrderedCollections

extension CommandSpec {
  static let env = CommandSpec(
    "env", group: .setUp, summary: "choose the environment; alone: describe it",
    variants: EnvironmentKind.all.map { kind in
      CommandVariant(
        kind.name, summary: kind.summary, options: kind.parameters, details: kind.details)
    } + [CommandVariant("list", summary: "list the environments")],
    details: """
      A new environment starts training anew with the configured method and the seed. 'reward' changes \
      the reward alone and keeps what was learned.
      """,
    examples: [
      CommandExample("env hypergrid dim=2 side=8", "the 8 × 8 grid with the standard reward"),
      CommandExample("env hypergrid side=8 reward=\"exp(-sum(u))\"", "a reward by formula"),
      CommandExample("env graph edges='s0 -> a b; a -> x' rewards='x 1; b 2'", "edge by edge"),
      CommandExample("env perfect-tree depth=3 branching=2", "eight leaves"),
      CommandExample("env set size=5 choose=2 reward=\"1 + x[0] * x[1]\"", "sets of two"),
      CommandExample(
        "env bayesnet data=data.csv standardize=true", "the graphs between a table's columns"),
      CommandExample("env list", "what there is"),
    ],
    result: .open, changesState: true,
    judgeAll: { session, arguments in
      // Small and without a file, so that a mistake in it is found at once.
      guard arguments.variant == "graph", !arguments.has("file"), arguments.areKnown,
        let kind = EnvironmentKind.named("graph")
      else { return }
      try session.core(arguments) {
        _ = try kind.make(
          try session.options(kind.parameters, arguments, base: Options()),
          session.reader(arguments))
      }
    },
    declaring: { spec, declaration in
      let kind = EnvironmentKind.declared(declaration)
      var spec = spec
      let variant = CommandVariant(
        kind.name, summary: kind.summary, options: kind.parameters, details: kind.details)
      // Before 'list', which is none.
      spec.variants.insert(variant, at: spec.variants.count - 1)
      return spec
    }
  ) { session, arguments in
    switch arguments.variant {
    case nil: return try describe(session, arguments)
    case "list":
      return .table(
        Table(
          columns: [Column("name"), Column("what")],
          rows: session.environmentKinds.map { [.text($0.name), .text($0.summary)] }))
    case let name?:
      guard let kind = session.environmentKind(name) else { return .none }
      let options = try session.options(kind.parameters, arguments, base: Options())
      let wasTrained = (session.workbench.training?.step ?? 0) > 0
      let before = session.workbench
      try session.core(arguments) {
        try session.workbench.enter(try kind.make(options, session.reader(arguments)))
      }
      session.noteMaking()
      if wasTrained {
        session.note(
          "a new environment starts training anew; 'undo' brings the old back")
      }
      session.noteSuggestion(before)
      return .none
    }
  }

  private static func describe(_ session: Session, _ arguments: Arguments) throws -> Value {
    let (environment, _) = try session.experiment(arguments)
    let sizes = environment.enumeration
    var record = Record([
      "environment": .text(environment.specification.text),
      "states": sizes.map { .number(Double($0.states)) } ?? .none,
      "terminating": sizes.map { .number(Double($0.terminating)) } ?? .none,
      "forward_actions": .number(Double(environment.forwardActionCount)),
      "backward_actions": .number(Double(environment.backwardActionCount)),
      "inputs": .number(Double(environment.featureCount)),
      "longest_trajectory": .number(Double(environment.maximumLength)),
      "modes": environment.modes?.total.map { .number(Double($0)) } ?? .none,
    ])
    if let network = environment.base as? BayesianNetwork {
      // States name them by these numbers.
      record.fields["variables"] = .list(
        network.names.enumerated().map { .text("\($0.offset) \($0.element)") })
    }
    return .record(record)
  }
}

extension Session {
  /// The environments that there are, those that were declared last.
  var environmentKinds: [EnvironmentKind] {
    EnvironmentKind.all + declarations.all.map(EnvironmentKind.declared)
  }

  func environmentKind(_ name: String) -> EnvironmentKind? {
    declarations[name].map(EnvironmentKind.declared) ?? EnvironmentKind.named(name)
  }

  /// Says what people should know of an environment once.
  func noteMaking() {
    guard let environment = workbench.environment else { return }
    for text in [environment.proof, environment.rewardNote].compactMap(\.self) { note(text) }
  }

  /// Says what an environment has set beside itself, or taken back.
  fileprivate func noteSuggestion(_ before: Workbench) {
    let old = before.configuration
    let new = workbench.configuration
    let changes =
      (old.policy == new.policy ? [] : ["policy \(new.policy.source)"])
      + (old.optimizer.policyRate == new.optimizer.policyRate
        ? [] : ["optimizer lr=\(formatted(new.optimizer.policyRate))"])
    let change = changes.joined(separator: "; ")
    if workbench.suggestion != nil {
      if !changes.isEmpty { note("set as suits this environment: \(change)") }
    } else if let suited = workbench.environment?.suggested {
      guard suited.policy != new.policy else { return }
      note(
        "the policy stays as chosen; what suits this environment is policy \(suited.policy.source) "
          + "with optimizer lr=\(formatted(suited.policyRate))")
    } else if !changes.isEmpty {
      note("what suited the last environment is taken back: \(change)")
    }
  }
}
