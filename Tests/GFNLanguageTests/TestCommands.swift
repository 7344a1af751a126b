import GFNParameters
import GFNTestSupport

@testable import GFNLanguage

/// Commands that stand in for the science in tests.
enum TestCommands {
  static let all: [CommandSpec] = [env, train, evaluate, bump, fail, look]

  static let env = CommandSpec(
    "env", group: .setUp, summary: "choose the environment",
    positionals: [
      Parameter(
        "kind",
        .enumeration([Choice("hypergrid", "a grid"), Choice("sequence", "letters in a row")]),
        help: "the kind of environment")
    ],
    variants: [
      CommandVariant(
        "hypergrid", summary: "a grid",
        options: [
          Parameter("dim", .integer(1...64), default: 2, help: "how many coordinates"),
          Parameter("side", .integer(2...1_000_000), default: 8, help: "cells on a side"),
          Parameter("r0", .number(.positive), default: 0.01, help: "the least reward"),
          Parameter(
            "reward",
            .either([
              .enumeration([Choice("standard", "corners"), Choice("cosine", "waves")]),
              .formula(variables: ["x", "u", "dim", "side"]),
            ]), default: "standard", help: "the reward"),
        ]),
      CommandVariant(
        "sequence", summary: "letters in a row",
        options: [Parameter("rewards", .path(.read), help: "a table of rewards", required: true)]),
    ],
    changesState: true
  ) { session, arguments in
    session.bench = CountingBench(after: session.bench)
    return .record(
      Record(pairs: [
        ("kind", .text(arguments.variant ?? "none")),
        ("dim", .number(Double(arguments.integer("dim") ?? 2))),
        ("reward", .text(arguments.word("reward") ?? arguments.formula("reward")?.text ?? "none")),
      ]))
  }

  static let train = CommandSpec(
    "train", group: .train, summary: "train so many steps",
    positionals: [
      Parameter("steps", .integer(1...1_000_000), help: "how many steps", required: true)
    ],
    options: [
      Parameter("batch", .integer(1...100_000), default: 128, help: "trajectories in a batch"),
      Parameter("until", .formula(variables: ["tv", "step"]), help: "stop when this holds"),
      Parameter(
        "measure", .list(.enumeration([Choice("tv", "distance"), Choice("jsd", "divergence")])),
        help: "what to measure"),
    ], result: .table(columns: ["step", "loss"]), changesState: true
  ) { session, arguments in
    var done = 0
    for step in 1...(arguments.integer("steps") ?? 1) {
      if session.interruption.isAbort { throw CommandError(.aborted) }
      if session.interruption.isRequested {
        session.noteEffective("train \(done)  # of \(arguments.integer("steps") ?? 1)")
        break
      }
      if step == 437, arguments.integer("batch") == 7 { session.interruption.request() }
      if step == 437, arguments.integer("batch") == 8 {
        session.interruption.request()
        session.interruption.request()
      }
      session.bench = CountingBench(after: session.bench)
      done = step
    }
    return .table(
      Table(
        columns: [Column("step"), Column("loss")],
        rows: [[.number(Double(done)), .number(1 / Double(done))]]))
  }

  static let evaluate = CommandSpec(
    "evaluate", aliases: ["eval"], group: .measure, summary: "measure the distance",
    result: .record(["tv", "revision"])
  ) { session, _ in
    .record(
      Record(pairs: [
        ("tv", .number(0.093)), ("revision", .number(Double(session.bench.revision))),
      ]))
  }

  static let bump = CommandSpec(
    "bump", group: .train, summary: "change the state", changesState: true
  ) { session, _ in
    session.bench = CountingBench(after: session.bench)
    return .none
  }

  static let fail = CommandSpec(
    "fail", group: .train, summary: "change the state, then fail",
    positionals: [Parameter("code", .text, default: "broken", help: "the code of the error")]
  ) { session, arguments in
    session.bench = CountingBench(after: session.bench)
    throw arguments.error(arguments.text("code") ?? "broken", "it broke", at: "code")
  }

  static let look = CommandSpec(
    "inspect", aliases: ["state"], group: .look, summary: "look at a state",
    positionals: [Parameter("state", .state, help: "a state", required: true)],
    options: [Parameter("path", .path(.read), help: "a file")],
    result: .record(["source", "form"])
  ) { _, arguments in
    guard let state = arguments.state("state") else { return .none }
    let form =
      switch state.form {
      case .list(let elements): "list of \(elements.count)"
      case .word(let word): "word \(word)"
      }
    return .record(Record(pairs: [("source", .text(state.source)), ("form", .text(form))]))
  }
}

/// Counts the changes.
struct CountingBench: Bench {
  var revision: UInt64 = 0
  var byteCount: Int { 100 }
  var script: String { "" }

  init(after other: any Bench) { revision = other.revision + 1 }

  mutating func keep(of other: any Bench) {}
}

extension Transcript {
  convenience init(
    commands: [CommandSpec] = TestCommands.all, options: SessionOptions = SessionOptions(),
    more: [CommandSpec] = []
  ) {
    self.init(
      Session(commands: CommandTable(commands + LanguageCommands.all + more), options: options))
  }

  /// What a script printed or showed, line by line.
  static func of(_ source: String) -> [String] {
    let transcript = Transcript()
    transcript.run(source)
    return transcript.lines
  }

  /// The codes of the errors of a script.
  static func codes(of source: String) -> [String] {
    let transcript = Transcript()
    transcript.run(source)
    return transcript.failures.map(\.code)
  }
}
