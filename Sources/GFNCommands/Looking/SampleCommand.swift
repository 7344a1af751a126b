import GFNCore
import GFNLanguage
import GFNParameters

extension CommandSpec {
  static let sample = CommandSpec(
    "sample", group: .look, summary: "draw N objects with the learned policy",
    positionals: [Parameter("N", .integer(1...1_000_000), default: 10, help: "how many")],
    details: "Draws from a stream of its own, so that looking never changes later training.",
    examples: [CommandExample("env hypergrid side=8; sample 3", "three of them")],
    result: .table(columns: ["x", "reward", "log_reward", "length"])
  ) { session, arguments in
    let (environment, _) = try session.experiment(arguments)
    let samples = try session.samples(arguments.integer(orDefault: "N"), arguments)
    return .table(
      Table(
        columns: [Column("x"), environment.rewardColumn, Column("length")],
        rows: samples.untilGivenUp.map { sample in
          [
            .text(environment.text(sample.cells)), environment.rewardValue(sample.cells),
            .number(Double(sample.length)),
          ]
        }))
  }
}
