import GFNCore
import GFNLanguage
import GFNParameters

extension CommandSpec {
  static let seed = CommandSpec(
    "seed", group: .setUp, summary: "restart all random streams; before training, 'reset' too",
    positionals: [
      Parameter("number", .integer(0...(1 << 53)), help: "the seed; alone 'seed' shows it")
    ],
    details: "The same script with the same seed prints the same numbers.",
    examples: [CommandExample("seed 7", "another start")], result: .open,
    changesState: true
  ) { session, arguments in
    guard let number = arguments.integer("number") else {
      return .number(Double(session.workbench.seed))
    }
    if let given = session.workbench.givenSeed, given != UInt64(number) {
      session.warn("the script's seed \(number) replaces --seed \(given)", arguments)
    }
    try session.core(arguments) { try session.workbench.reseed(UInt64(number)) }
    return .none
  }
}
