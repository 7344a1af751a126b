import GFNCore
import GFNLanguage
import GFNParameters

extension CommandSpec {
  static let explore = CommandSpec(
    "explore", group: .setUp, summary: "sample off-policy, for objectives that allow it",
    options: [
      Parameter(
        "epsilon", .number(.unit), default: .number(Exploration().epsilon),
        help: "probability of a uniform action, now"),
      Parameter(
        "decay", .number(.unit), default: .number(Exploration().decay),
        help: "factor of epsilon from step to step, counted from this command"),
      Parameter(
        "temperature", .number(.positive), default: .number(Exploration().temperature),
        help: "divides log π_F"),
      Parameter(
        "exit_bias", .number(.any), default: .number(Exploration().exitBias),
        help: "added to the exit action's log π_F"),
      Parameter(
        "replay",
        ReplaySettings.Kind.parameterKind, default: .word(ReplaySettings().kind.rawValue),
        help: "what of earlier batches comes again"),
      Parameter(
        "capacity", .integer(1...10_000_000), default: .number(Double(ReplaySettings().capacity)),
        help: "how many are kept; the oldest goes"),
      Parameter(
        "fraction", .number(NumberRange(0, 1, excludesLower: true, excludesUpper: true)),
        default: .number(ReplaySettings().fraction), help: "share of each batch that is replayed"),
      Parameter(
        "priority",
        ReplaySettings.Priority.parameterKind, default: .word(ReplaySettings().priority.rawValue),
        help: "which of them come again"),
      Parameter(
        "from", .path(.read),
        help: "start the buffer with a file's objects: one a line, or a table with scores"),
    ],
    details: """
      Alone it shows what holds, with the epsilon of the next step. The policy-gradient objectives are \
      on-policy and refuse it. Options not given stay; another \
      replay or capacity starts with an empty buffer. What is replayed counts in loss and mean_reward, \
      not in evaluations. from=FILE puts a file's objects into the buffer (.csv, .tsv, .jsonl: objects with \
      scores, which a program is then not asked for); 'reset' and another 'env' empty it.
      """,
    examples: [
      CommandExample("method TB-U; explore epsilon=0.1 decay=0.999", "for TB"),
      CommandExample(
        "env hypergrid side=8; explore replay=objects priority=reward; train 4", "with replay"),
    ],
    result: .open, changesState: true
  ) { session, arguments in
    guard arguments.count > 0 else { return .record(settings(of: session.workbench)) }
    var replay = session.workbench.configuration.exploration.replay
    apply(arguments, to: &replay)
    if !replay.isActive,
      let idle = ["capacity", "fraction", "priority"].first(where: arguments.has)
    {
      throw arguments.error(
        "option", "'\(idle)' means something with replay only", fix: "add replay=objects",
        at: idle)
    }
    if arguments.has("from"), replay.kind != .objects {
      throw arguments.error(
        "option", "from= starts a buffer of objects", fix: "add replay=objects", at: "from")
    }
    // A file that is none changes nothing.
    let given = try arguments.path("from").map { try objects($0, session, arguments) }
    try session.configure(arguments) { configuration in
      if let value = arguments.number("epsilon") { configuration.exploration.epsilon = value }
      if let value = arguments.number("decay") { configuration.exploration.decay = value }
      if let value = arguments.number("temperature") {
        configuration.exploration.temperature = value
      }
      if let value = arguments.number("exit_bias") { configuration.exploration.exitBias = value }
      apply(arguments, to: &configuration.exploration.replay)
    }
    if let given { try start(session, with: given, arguments) }
    return .none
  }

  private static func objects(
    _ path: String, _ session: Session, _ arguments: Arguments
  ) throws -> GivenObjects {
    let (environment, _) = try session.experiment(arguments)
    let bytes = try session.files.read(path, at: arguments.span(of: "from"))
    session.files.note(input: path, as: .data)
    do {
      return try GivenObjects(bytes, path: path, in: environment)
    } catch let error as CoreError {
      throw arguments.error(error.code, error.description, at: "from")
    }
  }

  private static func start(
    _ session: Session, with objects: GivenObjects, _ arguments: Arguments
  ) throws {
    let (environment, _) = try session.experiment(arguments)
    var (_, state) = try session.experiment(arguments)
    let count = try session.core(arguments) { try state.replay(objects, in: environment) }
    session.workbench.update(state)
    session.note(
      "the buffer holds \(counted(count, "object")) of '\(arguments.path("from") ?? "")'")
  }

  private static func settings(of workbench: Workbench) -> Record {
    let exploration = workbench.configuration.exploration
    let replay = exploration.replay
    let step = workbench.training.map { $0.step - $0.explorationStart } ?? 0
    let settings: [(String, Value)] = [
      ("epsilon", .number(exploration.epsilon(atStep: step))),
      ("decay", .number(exploration.decay)),
      ("temperature", .number(exploration.temperature)),
      ("exit_bias", .number(exploration.exitBias)),
      ("replay", .text(replay.kind.rawValue)),
    ]
    guard replay.isActive else { return Record(pairs: settings) }
    return Record(
      pairs: settings + [
        ("capacity", .number(Double(replay.capacity))), ("fraction", .number(replay.fraction)),
        ("priority", .text(replay.priority.rawValue)),
      ])
  }

  private static func apply(_ arguments: Arguments, to settings: inout ReplaySettings) {
    if let kind = arguments.word("replay").flatMap(ReplaySettings.Kind.init) {
      settings.kind = kind
    }
    if let capacity = arguments.integer("capacity") { settings.capacity = capacity }
    if let fraction = arguments.number("fraction") { settings.fraction = fraction }
    if let priority = arguments.word("priority").flatMap(ReplaySettings.Priority.init) {
      settings.priority = priority
    }
  }
}
