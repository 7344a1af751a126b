import GFNCore
import GFNLanguage
import GFNParameters

extension CommandSpec {
  static let train = CommandSpec(
    "train", group: .train, summary: "train for N more steps",
    positionals: [Parameter("N", .integer(0...1_000_000_000), help: "how many more steps")],
    options: [
      Parameter("total", .integer(0...1_000_000_000), help: "steps in all, in place of N"),
      Parameter(
        "batch", .integer(1...1_000_000), default: 128, unit: "trajectories",
        help: "trajectories in a step"),
      Parameter(
        "every", .integer(1...1_000_000_000), default: 50, unit: "steps",
        help: "steps from row to row of the table"),
      Parameter(
        "until", .formula(variables: TrainTable.fields),
        help: "stop at a row where this holds"),
      Parameter(
        "measure", .list(.enumeration(Measure.choices)),
        default: .described("[tv] up to 65,536 states"),
        help: "what each row measures besides"),
      Parameter(
        "checkpoint", .path(.extend),
        help: "a file to go on from where it exists, written at every row and when interrupted"),
      Parameter(
        "watch", .enumeration(TrainingWatch.choices),
        help: "a picture redrawn in place while training runs, at a terminal"),
    ],
    details: """
      Returns a table with a row every 'every' steps. The loss of the policy-gradient objectives is \
      J_F, the batch mean of Σ r_t, which is 0 at the optimum (less the bonus where entropy= sets one). \
      Ctrl-C stops after the step in \
      progress and keeps what was trained; a second one takes the command back. When a number stops \
      being finite, training stops before the update and the weights of the last good step are kept.

      With checkpoint=FILE a run survives its program: where the file exists, training goes on from it, bit \
      for bit, N steps more or to total=; environment, configuration and seed have to be its own. A script \
      that says 'train total=5000 checkpoint=run.safetensors' can be run again until it is done.

      watch= draws at most ten times a second and takes at most some 4 % of the time. It changes no number, \
      and does nothing where no cursor can be moved: in a pipe, a file, a notebook.
      """,
    examples: [
      CommandExample("env hypergrid side=8; train 20", "twenty steps"),
      CommandExample(
        "env hypergrid side=8; method RL-G; train 40 every=10 until=\"tv < 0.05\"",
        "at most forty"),
      CommandExample(
        "env hypergrid side=8; train total=20 checkpoint=run.safetensors",
        "run again, it goes on or is done"),
      CommandExample("env hypergrid side=8; train 40 every=20 watch=learned", "see it learn"),
    ],
    result: .table(columns: TrainTable.fields),
    changesState: true,
    judgeAll: { _, arguments in try TrainTable.judge(arguments) }
  ) { session, arguments in
    let (environment, present) = try session.experiment(arguments)
    let checkpoint = try TrainingCheckpoint(session, arguments)
    defer { checkpoint?.discardIfEmpty() }
    let state = try checkpoint?.state(for: present) ?? present
    let steps = TrainTable.steps(arguments, from: state.step)
    var run = try TrainTable(session, arguments, environment, state, steps: steps)
    run.checkpoint = checkpoint
    return try run.run()
  }
}

/// One `train`: the table it fills and what it says meanwhile.
private struct TrainTable {
  static let fields = ["step"] + Measure.names + ["seconds"]
  /// Environments up to this many states are measured unasked.
  private static let smallEnough = 65_536
  private static let progressInterval = 0.1

  private let session: Session
  private let arguments: Arguments
  private let environment: any Environment
  private var state: TrainingState
  private let steps: Int
  private let measuring: RowMeasuring
  private let until: FormulaCode?
  private var table: Table
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var lastProgress: ContinuousClock.Instant
  private var visits = 0
  private var latest: [String: Double] = [:]
  private var history: MetricHistory
  /// P_F at the last row, where it was measured.
  private var latestLearned: [Double]?
  private var watch: TrainingWatch?
  private var rejected = 0
  private var hasWarned = false
  var checkpoint: TrainingCheckpoint?

  /// What can be found wrong before the first step; what is no literal has no value yet.
  static func judge(_ arguments: Arguments) throws {
    switch (arguments.has("N"), arguments.has("total")) {
    case (false, false):
      throw arguments.error(
        "missing-argument", "the number of steps is missing", fix: "write 'train 500'")
    case (true, true):
      throw arguments.error(
        "option", "N and total= exclude each other", fix: "leave one out", at: "total")
    default: try judgeCondition(arguments)
    }
  }

  /// Finds that a condition is none.
  private static func judgeCondition(_ arguments: Arguments) throws {
    _ = try condition(arguments)
  }

  /// The condition of `until=`, over the row's fields in the order of `TrainTable.fields`.
  private static func condition(_ arguments: Arguments) throws -> FormulaCode? {
    guard let until = arguments.formula("until") else { return nil }
    let names = FormulaNames(
      Dictionary(
        uniqueKeysWithValues: TrainTable.fields.enumerated().map { ($0.element, .input($0.offset)) }
      ))
    do {
      return try FormulaCompiler.compileCondition(until.formula.tree, names)
    } catch let problem as FormulaProblem {
      throw arguments.error(
        "type-mismatch", "'\(until.text)' is no condition: \(problem)",
        fix: "compare it: \"tv < 0.05\"", at: "until")
    }
  }

  static func steps(_ arguments: Arguments, from step: Int) -> Int {
    arguments.integer("N") ?? max(0, (arguments.integer("total") ?? 0) - step)
  }

  init(
    _ session: Session, _ arguments: Arguments, _ environment: any Environment,
    _ state: TrainingState, steps: Int
  ) throws {
    self.session = session
    self.arguments = arguments
    self.environment = environment
    self.state = state
    history = state.history
    self.steps = steps
    until = try Self.condition(arguments)
    let asked = Self.measures(arguments, in: environment)
    measuring = try session.core(arguments) {
      try RowMeasuring(environment, asked, session.workbench.pool)
    }
    watch = TrainingWatch(session, arguments, environment, measuring.target)
    table = Table(columns: Self.columns(asked, environment, state), rows: [])
    table.columns[0].widest = String(state.step + steps).count
    start = clock.now
    lastProgress = start
  }

  /// What is asked for, by `measure=` or by a condition.
  private static func measures(
    _ arguments: Arguments, in environment: any Environment
  ) -> [Measure] {
    let isSmall =
      (environment.enumeration?.states ?? .max) <= smallEnough && environment.knowsRewards
    var names = arguments.texts("measure") ?? (isSmall ? ["tv"] : [])
    for name in arguments.formula("until")?.variables ?? [] where !names.contains(name) {
      names.append(name)
    }
    return names.compactMap(Measure.named)
  }

  private static func columns(
    _ asked: [Measure], _ environment: any Environment, _ state: TrainingState
  ) -> [Column] {
    // What a narrow window should still show comes first.
    let first = ["loss", "log_z"].compactMap(Measure.named)
    let reward = environment.rewardIsExponential ? "mean_log_reward" : "mean_reward"
    let isTrustRegion = state.configuration.objective.kind == .trustRegion
    let unasked = Measure.all.filter {
      $0.isUnasked || $0.name == reward || $0.name == "step_accepted" && isTrustRegion
    }
    var columns = [Column("step", .fixed(0))]
    for measure in first + asked + unasked
    where !columns.contains(where: { $0.name == measure.name }) {
      columns.append(Column(measure.name, measure.style))
    }
    return columns + [Column("seconds", .fixed(1), isTiming: true)]
  }

  private func seconds(since instant: ContinuousClock.Instant) -> Double {
    let duration = instant.duration(to: clock.now).components
    return Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
  }

  mutating func run() throws -> Value {
    let first = state.step
    let every = arguments.integer(orDefault: "every")
    if steps == 0, let checkpoint, checkpoint.isContinued { return showDone(checkpoint) }
    let trainer = try session.core(arguments) {
      try Trainer(environment, state, session.workbench.pool)
    }
    if trainer.guideNeverHolds {
      session.warn(
        "no state has a reward at or below the guide's threshold, so π_G is π_F; "
          + "'backward guided threshold=' sets it", arguments)
    }
    noteFarLogZ()
    noteUnknownRewards()
    var trained = state
    var stopped = false
    defer { finish(trained, first: first, stopped: stopped) }
    do {
      let run = TrainingRun(steps: steps, batch: arguments.integer(orDefault: "batch"))
      try run.run(trainer, &trained) { report, current in
        let done = current.step - first
        visits += report.visits
        warnOfClip(report)
        if report.trustRegion?.isAccepted == false { rejected += 1 }
        var holds = false
        let isDue = done % every == 0 || done == steps
        if isDue {
          try addRow(report, current)
          try keep(current)
          holds = try condition()
        }
        let interrupted = session.interruption.isRequested
        let isCut = interrupted && !isDue && !session.interruption.isAbort
        if isCut {
          try addRow(report, current)
          try keep(current)
        }
        try draw(
          current, isRow: isDue || isCut,
          isLast: done == steps || interrupted || holds)
        show(report, done: done)
        stopped = done < steps && (interrupted || holds)
        return holds || interrupted ? .stop : .goOn
      }
    } catch is Interruption.GivenUp where !session.interruption.isAbort {
      // What was going on, a step or its measurement, is dropped as if it had not begun.
      stopped = true
      _ = session.interruption.takeGivenUp()
      try keep(trained)
    } catch {
      stopped = true
      guard let error = error as? CoreError else { throw error }
      throw arguments.error(error.code, error.description + replayHint(error))
    }
    noteRejected()
    return .table(table)
  }

  /// Says why a small environment is not measured by itself.
  private func noteUnknownRewards() {
    guard !environment.knowsRewards, !arguments.has("measure"), state.step == 0,
      (environment.enumeration?.states ?? .max) <= Self.smallEnough
    else { return }
    session.note(
      "'train' measures TV where all rewards are known: 'evaluate exact' asks the program for all")
  }

  /// The file has all steps already: its last row is what there is to tell.
  private mutating func showDone(_ checkpoint: TrainingCheckpoint) -> Value {
    session.workbench.update(state)
    checkpoint.noteDone(at: state.step)
    if let last = history.lastRow {
      table.rows.append(table.columns.map { (last[$0.name] ?? .nan).orNone })
    }
    return .table(table)
  }

  /// How to see the batch of a step that failed.
  private func replayHint(_ error: CoreError) -> String {
    guard case .nonFinite(.some, _, _) = error else { return "" }
    let batch = arguments.value("batch")?.literal.map { " batch=\($0)" } ?? ""
    return "; 'step\(batch)' replays the batch"
  }

  /// Keeps what was trained, also when training stopped in the middle.
  private func finish(_ trained: TrainingState, first: Int, stopped: Bool) {
    session.emit(
      .progress(
        Progress(
          command: "train", done: Double(trained.step - first), total: Double(steps),
          readings: [], secondsLeft: nil, isLast: true)))
    if trained.step > first || checkpoint?.isContinued == true {
      session.workbench.update(trained.with(history))
    }
    guard stopped else { return }
    let done = trained.step - first
    // With a file, how many steps are left depends on where it stands.
    let isKept = checkpoint != nil
    let taken = command(isKept ? "total=\(trained.step)" : "\(done)")
    let rest = command(isKept ? "total=\(first + steps)" : "\(steps - done)")
    session.noteEffective("\(taken)  # of \(steps)")
    if session.interruption.isRequested, !session.interruption.isAbort {
      session.note(
        "stopped at step \(trained.step), after \(done) of \(steps); "
          + "'\(rest)' goes on")
    }
  }

  /// The command for so many steps with the options given: `train 437 batch=64`.
  private func command(_ steps: String) -> String {
    let options = ["batch", "every", "measure", "checkpoint", "watch"].compactMap { name in
      arguments.value(name)?.literal.map { "\(name)=\($0)" }
    }
    return (["train \(steps)"] + options).joined(separator: " ")
  }

  /// Where R is an exponential, log Z is mostly far from the 0 it starts at unasked.
  private func noteFarLogZ() {
    let objective = state.configuration.objective
    guard environment.rewardIsExponential, state.isFresh, steps > 0, objective.logZ == .number(0),
      objective.kind.logZSource == .parameter
    else { return }
    session.note(
      "log Z starts at 0 and may have far to go; log_z=auto, an option of 'method', starts it at the "
        + "first batch's estimate")
  }

  private mutating func warnOfClip(_ report: StepReport) {
    guard report.clippedRewards > 0, !hasWarned, let clip = environment.logRewardClip else {
      return
    }
    hasWarned = true
    session.warn(
      "rewards below exp(\(formatted(clip))) count as that in training, so the trained target is "
        + "not P*; where every R is above 0, 'reward clip=none' trains on R itself, and where some is "
        + "0, a lower clip, as 'reward clip=\(formatted(2 * min(clip, -1)))', comes nearer to it",
      arguments)
  }

  private mutating func addRow(_ report: StepReport, _ current: TrainingState) throws {
    let measurement = try measuring.measurement(
      of: current, after: report, isCancelled: { session.interruption.isAbort })
    var values = measurement.values
    values["step"] = Double(current.step)
    values["seconds"] = seconds(since: start)
    if watch != nil { latestLearned = measurement.distributions?.learned }
    latest = values
    history.append(step: current.step, values)
    let row = table.columns.map { (values[$0.name] ?? .nan).orNone }
    table.rows.append(row)
    session.emit(
      .row(
        columns: table.columns, values: row, command: arguments.command,
        line: arguments.span.line))
    session.logMetrics(table.columns, row)
  }

  /// Writes the checkpoint, whole also after Ctrl-C.
  private mutating func keep(_ state: TrainingState) throws {
    try Interruption.finishing { try checkpoint?.write(state.with(history)) }
  }

  private func condition() throws -> Bool {
    guard let until else { return false }
    let inputs = TrainTable.fields.map { latest[$0] ?? .nan }
    let value = inputs.withUnsafeBufferPointer { until([0], inputs: $0.baseAddress) }
    if let fault = FormulaFault(value) {
      throw arguments.error(
        "division-by-zero", "the condition \(fault)", fix: "keep it from doing so", at: "until")
    }
    return value != 0
  }

  /// The watched picture.
  private mutating func draw(
    _ current: TrainingState, isRow: Bool, isLast: Bool
  ) throws {
    guard var watch else { return }
    defer { self.watch = watch }
    try watch.show(
      current, learned: isRow ? latestLearned : nil, history, isLast: isLast)
  }

  /// The live line, at most ten times a second.
  private mutating func show(_ report: StepReport, done: Int) {
    guard done == steps || seconds(since: lastProgress) >= Self.progressInterval else { return }
    lastProgress = clock.now
    let elapsed = seconds(since: start)
    var readings: [(name: String, value: Double, style: NumberStyle)] = [
      ("loss", report.loss, .significant(3))
    ]
    if !report.logZ.isNaN { readings.append(("log_z", report.logZ, .fixed(3))) }
    // The line counts this command's steps; the run's are worth saying where they differ.
    if report.step != done { readings.insert(("step", Double(report.step), .fixed(0)), at: 0) }
    if let tv = latest["tv"], !tv.isNaN { readings.append(("tv", tv, .fixed(4))) }
    let rate = Double(visits) / max(elapsed, 1e-9)
    readings.append(("states/s", (rate / 1000).rounded() * 1000, .fixed(0)))
    session.emit(
      .progress(
        Progress(
          command: "train", done: Double(done), total: Double(steps), readings: readings,
          secondsLeft: elapsed / Double(max(done, 1)) * Double(steps - done))))
  }

  private func noteRejected() {
    guard rejected > 0 else { return }
    session.note(
      "no trust-region step was accepted in \(rejected) of \(counted(steps, "step")); π_F stayed there"
    )
  }
}
