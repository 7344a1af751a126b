import GFNCore
import GFNLanguage
import GFNParameters

extension CommandSpec {
  static let compare = CommandSpec(
    "compare", group: .measure, summary: "train variants from several seeds and compare them",
    positionals: [
      Parameter(
        "VARIANTS",
        .list(
          .either([
            .enumeration(MethodName.all.map { Choice($0.name, $0.summary) }), .text,
          ])),
        help: "methods, or texts of a method and its options: [TB-U, \"RL-G lambda=0.9\"]",
        required: true)
    ],
    options: [
      Parameter(
        "seeds", .list(.integer(0...(1 << 53))), help: "the seeds of each variant's runs",
        required: true),
      Parameter("steps", .integer(1...1_000_000_000), help: "steps of each run"),
      Parameter(
        "evaluations", .integer(1...Int(1e15)),
        help: "rewards each run may ask for, a guide's included, in place of steps="),
      Parameter(
        "seconds", .number(.positive), unit: "seconds",
        help: "time that each run may train, in place of steps="),
      Parameter(
        "batch", .integer(1...1_000_000), default: 128, unit: "trajectories",
        help: "trajectories in a step"),
      Parameter(
        "every", .integer(1...1_000_000_000), default: 50, unit: "steps",
        help: "steps from row to row of curves.csv"),
      Parameter(
        "measure", .list(.enumeration(Measure.choices)),
        default: .described(
          "[tv, jsd] up to 65,536 states, else [mean_reward], on bayesnet "
            + "[mean_log_reward]; modes, states"),
        help: "what is measured"),
      Parameter(
        "to", .path(.extend),
        help: "a folder for runs.csv and curves.csv; runs that are finished there are kept"
      ),
    ],
    details: """
      A variant is a method, or a text with a method, its options and those of 'explore'; the text is its \
      label. It samples on-policy unless it says otherwise: the session's 'explore' does not count. \
      Environment, policy, critic and optimizer are the session's, which stays untouched. Every run is what 'reset; seed N; train STEPS' would be.

      One row a variant: how many seeds, and over these the mean x and, over n − 1, the standard \
      deviation x_sd of every measure. evaluations counts the rewards of sampled objects, guide_evaluations \
      those that a guide or the objective read elsewhere, distinct_rewards the different states among both; seconds is the \
      time of the training steps. A run whose numbers stop being finite leaves its variant without means.

      With to=DIR the folder gets a file for each run, and collected from these runs.csv, a row for each run, \
      and curves.csv, a row every 'every' steps. Runs that are finished there are not trained again, so that \
      an interrupted comparison goes on. Several processes may be given the same folder: each run is trained \
      by one of them.
      """,
    examples: [
      CommandExample(
        "env hypergrid side=8; compare [TB-U, \"RL-U lambda=0.9\"] seeds=1..2 steps=5",
        "two by two runs"),
      CommandExample(
        "env hypergrid side=8; compare [TB-U, \"TB-U epsilon=0.1\"] seeds=1 evaluations=500 to=runs",
        "at equal cost, kept in a folder"),
    ],
    result: .table(columns: ComparisonTable.columnNames),
    judge: { session, name, value, span in
      guard name == "VARIANTS" else { return }
      let texts = if case .list(let elements) = value { elements } else { [value] }
      for case .text(let text) in texts {
        _ = try ComparisonVariant(text, in: session, at: span)
      }
    },
    judgeAll: { _, arguments in try ComparisonTable.judge(arguments) }
  ) { session, arguments in
    var table = try ComparisonTable(session, arguments)
    return try table.run()
  }
}

/// One `compare`: the table it fills and what it says meanwhile.
private struct ComparisonTable {
  private static let counts = ["evaluations", "guide_evaluations", "distinct_rewards"]
  static let columnNames =
    ["variant"]
    + Measure.names.filter { !counts.contains($0) }.flatMap { [$0, $0 + "_sd"] }
    + ["seconds", "seconds_sd"] + counts + ["seeds", "step"]
  /// Environments up to this many states are measured exactly unasked.
  private static let smallEnough = 65_536
  private static let progressInterval = 0.1

  private let session: Session
  private let arguments: Arguments
  private let environment: any Environment
  private let variants: [ComparisonVariant]
  private let seeds: [Int]
  private let comparison: Comparison
  private var folder: ComparisonFolder?
  private var table: Table
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var lastProgress: ContinuousClock.Instant
  /// The readings of the runs that are over, by variant and seed.
  private var readings: [[ComparisonReading?]]
  /// How many those are, and of these the ones that this process did not train.
  private var over = 0
  private var kept = 0
  private var hasNotedOthers = false

  init(_ session: Session, _ arguments: Arguments) throws {
    self.session = session
    self.arguments = arguments
    let (environment, state) = try session.experiment(arguments)
    self.environment = environment
    variants = try Self.variants(session, arguments, environment)
    seeds = arguments.integers("seeds") ?? []
    if seeds.count == 1, let seed = seeds.first, seed > 1 {
      session.note("one run a variant, from seed \(seed); seeds=1..\(seed) takes \(seed) seeds")
    }
    let exploration = state.configuration.exploration
    if exploration.isActive || exploration.replay.isActive {
      session.note(
        "the session's 'explore' does not count here; a variant may have its options, as in "
          + "\"TB-U epsilon=0.1\"")
    }
    let measures = Self.measures(arguments, environment)
    guard let budget = Self.budget(arguments) else { throw Self.budgetIsMissing(arguments) }
    comparison = try session.core(arguments) {
      try Comparison(
        environment, budget, batch: arguments.integer(orDefault: "batch"),
        every: arguments.integer(orDefault: "every"), measures, session.workbench.pool)
    }
    folder = try ComparisonFolder(
      session, arguments, measures, variants: variants.map(\.label))
    // What a narrow window should still show comes first.
    var columns = [Column("variant", widest: variants.map(\.label.count).max())]
    for measure in measures {
      columns += [
        Column(measure.name, measure.style.ofMean ?? .significant(4)),
        Column(measure.name + "_sd", measure.style.ofMean ?? .significant(2)),
      ]
    }
    columns += [
      Column("seconds", .fixed(2), isTiming: true),
      Column("seconds_sd", .significant(2), isTiming: true),
    ]
    columns += Self.counts.map { Column($0, .fixed(0)) }
    columns += [Column("seeds"), Column("step", .significant(6))]
    table = Table(columns: columns, rows: [])
    readings = variants.map { [seeds] _ in seeds.map { _ in nil } }
    start = clock.now
    lastProgress = start
  }

  // MARK: - What is asked for

  /// What can be found wrong before anything is trained; what is no literal has no value yet.
  static func judge(_ arguments: Arguments) throws {
    if let variants = arguments.texts("VARIANTS") {
      try requireDistinct(variants, "VARIANTS", "variant", "as in compare [TB-U, RL-G]", arguments)
    }
    if let seeds = arguments.integers("seeds") {
      try requireDistinct(
        seeds, "seeds", "seed; a range goes upwards", "as in seeds=1..5", arguments)
    }
    if let measures = arguments.texts("measure") {
      try requireDistinct(measures, "measure", "measure", "as in measure=[tv]", arguments)
    }
    let given = ["steps", "evaluations", "seconds"].filter(arguments.has)
    guard !given.isEmpty else { throw budgetIsMissing(arguments) }
    guard given.count == 1 else {
      throw arguments.error(
        "option", "\(given.joined(separator: "= and "))= exclude each other", fix: "leave one out",
        at: given[1])
    }
  }

  private static func requireDistinct<Element: Hashable>(
    _ list: [Element], _ name: String, _ what: String, _ fix: String, _ arguments: Arguments
  ) throws {
    guard !list.isEmpty else {
      throw arguments.error("option", "there is no \(what)", fix: fix, at: name)
    }
    var seen: Set<Element> = []
    for element in list where !seen.insert(element).inserted {
      throw arguments.error(
        "option", "'\(element)' is there twice", fix: "leave one out", at: name)
    }
  }

  private static func budgetIsMissing(_ arguments: Arguments) -> CommandError {
    arguments.error(
      "missing-argument", "'compare' needs the length of a run",
      fix: "give steps=, evaluations= or seconds=")
  }

  private static func variants(
    _ session: Session, _ arguments: Arguments, _ environment: any Environment
  ) throws -> [ComparisonVariant] {
    try (arguments.texts("VARIANTS") ?? []).map { text in
      let variant = try ComparisonVariant(text, in: session, at: arguments.span(of: "VARIANTS"))
      do {
        try variant.configuration.validate(in: environment)
      } catch let error as CoreError {
        throw arguments.error(error.code, "'\(text)': \(error.description)", at: "VARIANTS")
      }
      return variant
    }
  }

  private static func measures(
    _ arguments: Arguments, _ environment: any Environment
  ) -> [Measure] {
    let isSmall = (environment.enumeration?.states ?? .max) <= smallEnough
    let reward = environment.rewardIsExponential ? "mean_log_reward" : "mean_reward"
    let usual =
      (isSmall ? ["tv", "jsd"] : [reward])
      + (environment.modes == nil ? [] : ["modes_found"]) + ["states_visited"]
    return (arguments.texts("measure") ?? usual).filter { !counts.contains($0) }
      .compactMap(Measure.named)
  }

  private static func budget(_ arguments: Arguments) -> ComparisonBudget? {
    if let steps = arguments.integer("steps") { return .steps(steps) }
    if let evaluations = arguments.integer("evaluations") { return .evaluations(evaluations) }
    return arguments.number("seconds").map { .seconds($0) }
  }

  // MARK: - Running

  mutating func run() throws -> Value {
    defer { finishProgress() }
    // A folder that belongs to other runs is found out before the first hour.
    for variant in variants {
      let identity = identity(variant)
      for seed in seeds { _ = try folder?.finished(variant.label, seed, identity) }
    }
    var left = variants.indices.flatMap { variant in seeds.indices.map { (variant, $0) } }
    while !left.isEmpty, !session.interruption.isRequested {
      var others: [(Int, Int)] = []
      for (variant, seed) in left {
        if try !finish(variant, seed) { others.append((variant, seed)) }
        if session.interruption.isRequested { break }
        addRows()
        show(0, [])
      }
      if !others.isEmpty { waitForOthers(others.count) }
      left = others
    }
    addRows(alsoUnfinished: true)
    // Whoever trained the last run may have been stopped before its tables.
    if !session.interruption.isRequested, folder?.isCollected == false { try folder?.collect() }
    if kept > 0 {
      let how = hasNotedOthers ? "trained elsewhere" : "finished already"
      session.note("\(kept) of \(counted(total, "run")) \(kept == 1 ? "was" : "were") \(how)")
    }
    if over < total, !session.interruption.isAbort {
      session.note(
        "stopped after \(over) of \(counted(total, "run")); the unfinished one is dropped")
    }
    return .table(table)
  }

  /// Brings a run to its end, or finds it there.
  /// - Returns: false where another process is at it.
  private mutating func finish(_ variant: Int, _ seed: Int) throws -> Bool {
    let (asked, number) = (variants[variant], seeds[seed])
    let identity = identity(asked)
    var claim: Descriptor?
    switch try folder?.standing(of: asked.label, number, identity) {
    case .othersTrain: return false
    case .finished(let reading):
      readings[variant][seed] = reading
      kept += 1
      over += 1
      return true
    case .claimed(let descriptor): claim = descriptor
    case nil: break
    }
    if let reading = try train(asked, number, claim) {
      readings[variant][seed] = reading
      over += 1
    }
    return true
  }

  private mutating func waitForOthers(_ count: Int) {
    if !hasNotedOthers {
      session.note(
        "waiting for \(count) run\(count == 1 ? "" : "s") that other processes train in this folder"
      )
    }
    hasNotedOthers = true
    Pause.shortly()
  }

  /// Adds the rows of variants whose runs are over, in the order of the variants.
  private mutating func addRows(alsoUnfinished: Bool = false) {
    while table.rows.count < variants.count {
      let all = readings[table.rows.count]
      let over = all.compactMap(\.self)
      guard alsoUnfinished ? !over.isEmpty : over.count == all.count else { return }
      add(variants[table.rows.count], over)
    }
  }

  private var total: Int { variants.count * seeds.count }

  private func identity(_ variant: ComparisonVariant) -> ComparisonFolder.Identity {
    ComparisonFolder.Identity(
      budget: comparison.budget.source, batch: comparison.batch,
      environment: [environment.specification.declaration?.line, environment.specification.text]
        .compactMap(\.self).joined(separator: "; "), configuration: variant.settings)
  }

  /// - Returns: nil where it was interrupted.
  private mutating func train(
    _ variant: ComparisonVariant, _ seed: Int, _ claim: Descriptor?
  ) throws -> ComparisonReading? {
    let comparison = comparison
    let result = try session.core(arguments) {
      try comparison.run(variant.configuration, seed: UInt64(seed)) { share, report in
        show(share, report)
        return !session.interruption.isRequested
      }
    }
    guard let result else { return nil }
    if let failure = result.failure {
      session.warn("'\(variant.label)' with seed \(seed): \(failure.description)", arguments)
    }
    let identity = identity(variant)
    if let claim {
      try folder?.add(variant.label, seed, identity, result.readings, claim)
    }
    return result.readings.last
  }

  /// The row of a variant over its runs.
  private mutating func add(_ variant: ComparisonVariant, _ readings: [ComparisonReading]) {
    func statistics(_ value: (ComparisonReading) -> Double) -> Statistics {
      Statistics(readings.map(value))
    }
    var row: [Value] = [.text(variant.label)]
    for measure in comparison.measures {
      let values = statistics { $0.measures[measure.name] ?? .nan }
      row += [values.mean.orNone, values.sd.orNone]
    }
    let seconds = statistics(\.seconds)
    row += [seconds.mean.orNone, seconds.sd.orNone]
    row += [
      .number(statistics { Double($0.evaluations) }.mean),
      .number(statistics { Double($0.guideEvaluations) }.mean),
      .number(statistics { Double($0.distinctRewards) }.mean),
      .number(Double(readings.count)), .number(statistics { Double($0.step) }.mean),
    ]
    table.rows.append(row)
    session.emit(
      .row(
        columns: table.columns, values: row, command: arguments.command,
        line: arguments.span.line))
  }

  // MARK: - Progress

  private mutating func show(_ share: Double, _ report: StepReport) {
    guard lastProgress.duration(to: clock.now) >= .seconds(Self.progressInterval) else { return }
    lastProgress = clock.now
    show(
      share,
      [
        ("run", Double(over + 1), .fixed(0)), ("step", Double(report.step), .fixed(0)),
        ("loss", report.loss, .significant(3)),
      ])
  }

  private func show(
    _ share: Double, _ readings: [(name: String, value: Double, style: NumberStyle)]
  ) {
    let elapsed = start.duration(to: clock.now).inSeconds
    // Runs that a folder had took no time.
    let done = Double(over - kept) + share
    let left = Double(total - kept) - done
    session.emit(
      .progress(
        Progress(
          command: "compare", done: Double(over) + share, total: Double(total),
          readings: readings, secondsLeft: done > 0 ? elapsed / done * left : nil)))
  }

  private func finishProgress() {
    session.emit(
      .progress(
        Progress(
          command: "compare", done: Double(over), total: Double(total), readings: [],
          secondsLeft: nil, isLast: true)))
  }
}

extension NumberStyle {
  /// How a mean of counts is shown; nil for numbers that are none.
  fileprivate var ofMean: NumberStyle? {
    if case .fixed(0) = self { .fixed(1) } else { nil }
  }
}
