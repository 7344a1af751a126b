import GFNCore
import GFNLanguage
import GFNParameters
import OrderedCollections

extension CommandVariant {
  static let gradientVariance = CommandVariant(
    "variance", summary: "compare estimators of ∇J_F over many batches",
    options: [
      Parameter(
        "over", .integer(2...1_000_000), default: 200, unit: "batches",
        help: "batches, the same ones for all estimators"),
      Parameter(
        "objectives",
        .list(
          .enumeration(
            GradientEstimator.kinds.map {
              Choice($0.rawValue, "the gradient of objective \($0.rawValue)")
            })), default: .described("[tb, rl]"), help: "which estimators"),
      Parameter(
        "lambdas", .list(.number(.unit)), default: [0, 0.5, 0.9, 0.99, 1],
        help: "λ of the policy gradient's advantages"),
      Parameter(
        "fit", .integer(0...1_000_000), default: 200, unit: "steps",
        help: "of a critic fitted on the side, where none is trained"),
    ], leavesOut: ["direction", "details"],
    details: """
      At the present parameters; nothing changes. Half of tb's gradient is taken, so that it has the \
      mean ∇J_F as rl's has; those of other objectives come as they are, without a bias. The policy gradient comes without a baseline, with the critic and with the exact V_F, its \
      advantages centred as in training. The critic is the session's where it is trained (and fit= is \
      not given), else it takes fit= steps on fresh batches while the policy is held. Beyond 65,536 \
      states there is no exact gradient, so no bias and no cosine.
      """)
}

/// What `gradient variance` returns.
struct GradientVarianceTable {
  static let columns = [
    Column("objective"), Column("lambda"), Column("baseline"), Column("variance"),
    Column("norm"), Column("bias"), Column("noise"), Column("cosine", .fixed(4)),
    Column("batch_cosine", .fixed(4)),
  ]
  static let fields = ["batches", "batch", "norm_exact"]
  private static let progressInterval = 0.1

  private let session: Session
  private let arguments: Arguments
  private let environment: any Environment
  private let state: TrainingState
  private let batch: Int
  private let over: Int

  init(_ session: Session, _ arguments: Arguments) throws {
    self.session = session
    self.arguments = arguments
    (environment, state) = try session.experiment(arguments)
    batch = arguments.integer(orDefault: "batch")
    over = arguments.integer(orDefault: "over")
  }

  /// What can be found wrong before anything is drawn; what is no literal has no value yet.
  static func judge(_ arguments: Arguments) throws {
    guard arguments.variant != nil else { return }
    guard let chosen = arguments.texts("objectives") else { return }
    guard !chosen.isEmpty else {
      throw arguments.error(
        "option", "objectives names none", fix: "write objectives=[tb, rl]", at: "objectives")
    }
    if let option = ["lambdas", "fit"].first(where: arguments.has),
      !chosen.contains(ObjectiveSettings.Kind.policyGradient.rawValue)
    {
      throw arguments.error(
        "option", "\(option)= is for the policy gradient", fix: "add rl to objectives", at: option)
    }
  }

  func value() throws -> Value {
    let chosen = try kinds()
    let usesCritic = chosen.contains(.policyGradient)
    let file = try arguments.path("to").map {
      try TableFile(
        $0, overwriting: arguments.overwrites, at: arguments.span(of: "to"))
    }
    var stream = session.workbench.nextLook()
    let exact = try exactReference()
    let withCritic = usesCritic ? try fittedState(from: &stream) : state
    let baselines: [GradientEstimator.Baseline] = exact == nil ? [.critic] : [.critic, .exact]
    let lambdas = arguments.numbers(orDefault: "lambdas")
    let estimators = chosen.flatMap {
      GradientEstimator.estimators(
        $0, lambdas: lambdas, baselines, in: state.configuration)
    }
    let statistics = try finished(
      session.core(arguments) {
        try GradientVariance(
          environment, withCritic, session.workbench.pool, exact: exact, from: &stream
        ).run(
          estimators, over: over, batch: batch, from: &stream, isCancelled: progress())
      })
    let value = Value.table(table(statistics, exact, usesCritic: usesCritic))
    try file?.write(value, with: session.files)
    return value
  }

  /// The objectives that are asked for, each once.
  private func kinds() throws -> [ObjectiveSettings.Kind] {
    guard let words = arguments.texts("objectives") else { return GradientEstimator.kindsOfJF }
    var kinds: [ObjectiveSettings.Kind] = []
    for kind in words.compactMap(ObjectiveSettings.Kind.init) where !kinds.contains(kind) {
      var configuration = state.configuration
      configuration.objective.kind = kind
      configuration.backward = BackwardSettings()
      configuration.exploration = Exploration()
      try session.core(arguments) { try configuration.validate(in: environment) }
      kinds.append(kind)
    }
    return kinds
  }

  private func finished<Result>(_ result: Result?) throws -> Result {
    guard let result else {
      throw arguments.error("interrupted", "the measurement was interrupted")
    }
    return result
  }

  /// Nil where there are too many states.
  private func exactReference() throws -> ExactReference? {
    do {
      return try ExactReference(environment, state, session.workbench.pool)
    } catch CoreError.tooLarge {
      return nil
    } catch let error as CoreError {
      throw arguments.error(error.code, error.description)
    }
  }

  /// A critic is there and training has moved it.
  private var hasTrainedCritic: Bool {
    state.configuration.estimators.contains(.valueForward)
      && state.networks[.valueForward] != nil && !state.isFresh
  }

  private var fit: Int? {
    arguments.integer("fit") ?? (hasTrainedCritic ? nil : arguments.integer(orDefault: "fit"))
  }

  private func fittedState(from stream: inout RandomStream) throws -> TrainingState {
    guard let fit else { return state }
    return try finished(
      session.core(arguments) {
        try CriticFit(steps: fit, batch: batch).run(
          state, in: environment, from: &stream, session.workbench.pool
        ) { session.interruption.isRequested }
      })
  }

  /// Reports how far it has come, at most ten times a second, and says whether it is to stop.
  private func progress() -> (Int) -> Bool {
    let clock = ContinuousClock()
    let start = clock.now
    var last = start
    return { done in
      let now = clock.now
      if done == over || last.duration(to: now) >= .seconds(Self.progressInterval) {
        last = now
        let elapsed = start.duration(to: now) / Duration.seconds(1)
        session.emit(
          .progress(
            Progress(
              command: "gradient", done: Double(done), total: Double(over), readings: [],
              secondsLeft: elapsed / Double(done) * Double(over - done), isLast: done == over)))
      }
      return session.interruption.isRequested
    }
  }

  private func table(
    _ statistics: [GradientStatistics], _ exact: ExactReference?, usesCritic: Bool
  ) -> Table {
    var notes: [String] = []
    if usesCritic {
      notes.append(
        fit.map {
          "critic: fitted on the side, \(counted($0, "step")) on fresh batches of \(batch), π_F held"
        }
          ?? "critic: the session's own, as training left it")
    }
    if exact == nil {
      notes.append("no exact ∇J_F beyond 65,536 states, so neither bias nor cosine")
    }
    var table = Table(
      columns: Self.columns,
      rows: statistics.map { row in
        [
          .text(row.estimator.kind.rawValue),
          row.estimator.lambda.map { .number($0) } ?? .none,
          row.estimator.baseline.map { .text($0.rawValue) } ?? .none,
          .number(row.variance), .number(row.norm), (row.bias ?? .nan).orNone,
          .number(row.noise), (row.cosine ?? .nan).orNone, (row.batchCosine ?? .nan).orNone,
        ]
      },
      fields: ["batches": .number(Double(over)), "batch": .number(Double(batch))], notes: notes)
    if let exact {
      table.fields["j_f"] = .number(exact.jF)
      table.fields["norm_exact"] = .number(exact.norm)
    }
    return table
  }
}
