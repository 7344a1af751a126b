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
    ],
    details: """
      Alone it shows what holds, with the epsilon of the next step. The policy-gradient objectives are \
      on-policy and refuse it. Options not given stay; another \
      replay or capacity starts with an empty buffer. What is replayed counts in loss and mean_reward, \
      not in evaluations.
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
    try session.configure(arguments) { configuration in
      if let value = arguments.number("epsilon") { configuration.exploration.epsilon = value }
      if let value = arguments.number("decay") { configuration.exploration.decay = value }
      if let value = arguments.number("temperature") {
        configuration.exploration.temperature = value
      }
      if let value = arguments.number("exit_bias") { configuration.exploration.exitBias = value }
      apply(arguments, to: &configuration.exploration.replay)
    }
    return .none
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
