import GFNCore
import GFNLanguage
import GFNParameters

extension CommandSpec {
  static let top = CommandSpec(
    "top", group: .look, summary: "list the N objects with the greatest reward, error, …",
    positionals: [Parameter("N", .integer(1...1_000_000), default: 10, help: "how many")],
    options: [
      Parameter(
        "by",
        .enumeration([
          Choice("reward", "R(x)"), Choice("error", "|P_F − P*|"),
          Choice("target", "P*(x)"), Choice("learned", "P_F(x)"),
        ]), default: "reward", help: "what to sort by, greatest first"),
      Parameter(
        "samples", .integer(1...10_000_000), unit: "objects",
        help: "look among this many draws only, where not all objects can be listed"),
    ],
    details: """
      All objects are looked at, or with samples= the distinct ones among so many draws of the learned \
      policy, which works in environments of any size and sorts by reward.
      """,
    examples: [
      CommandExample("env hypergrid side=8; top 3 by=error", "where it is wrong"),
      CommandExample("env hypergrid dim=8 side=32; top 3 samples=200", "the best of 200"),
    ],
    result: .table(
      columns: ["x", "reward", "log_reward", "target", "learned", "error", "draws"]),
    judgeAll: { _, arguments in
      guard arguments.has("samples"), let order = arguments.word("by"), order != "reward" else {
        return
      }
      throw arguments.error(
        "option", "with samples= objects are sorted by their reward, not by \(order)",
        fix: "leave by= or samples= out", at: "by")
    }
  ) { session, arguments in
    let count = arguments.integer(orDefault: "N")
    guard let samples = arguments.integer("samples") else {
      return .table(try ranked(session, arguments, count))
    }
    return .table(try drawn(session, arguments, count, samples))
  }

  /// The first of all objects.
  private static func ranked(
    _ session: Session, _ arguments: Arguments, _ count: Int
  ) throws -> Table {
    let (environment, _) = try session.experiment(arguments)
    let target = try session.core(arguments) {
      try TargetDistribution(environment, session.workbench.pool)
    }
    let learned = try session.exactDistribution(arguments).terminating
    let order = arguments.word(orDefault: "by")
    func key(_ index: Int) -> Double {
      switch order {
      case "error": abs(learned[index] - target.probabilities[index])
      case "learned": learned[index]
      case "target": target.probabilities[index]
      // R may be infinite where it is an exponential.
      default:
        target.logRewards.isEmpty ? target.rewards[index] : target.logRewards[index]
      }
    }
    let keys = learned.indices.map(key)
    let best = keys.indices.sorted { (-keys[$0], $0) < (-keys[$1], $1) }.prefix(count)
    return Table(
      columns: [
        Column("x"), environment.rewardColumn, Column("target"), Column("learned"),
        Column("error"),
      ],
      rows: best.untilGivenUp.map { index in
        let x = environment.terminatingState(at: index)
        // Not the target's reward, which has been through a logarithm.
        return [
          .text(environment.text(x)), environment.rewardValue(x),
          .number(target.probabilities[index]),
          .number(learned[index]), .number(learned[index] - target.probabilities[index]),
        ]
      })
  }

  /// The first of the objects among some draws.
  private static func drawn(
    _ session: Session, _ arguments: Arguments, _ count: Int, _ samples: Int
  ) throws -> Table {
    let (environment, _) = try session.experiment(arguments)
    let best = session.distinct(try session.samples(samples, arguments).map(\.cells), environment)
    return Table(
      columns: [Column("x"), environment.rewardColumn, Column("draws", .fixed(0))],
      rows: best.prefix(count).untilGivenUp.map { x in
        [
          .text(environment.text(x.cells)), environment.rewardValue(x.cells),
          .number(Double(x.draws)),
        ]
      })
  }
}

extension Session {
  /// The distinct ones of drawn objects, those with the greatest reward first, ties as they were drawn.
  func distinct(
    _ objects: [[Int32]], _ environment: any Environment
  ) -> [(cells: [Int32], draws: Int)] {
    var places: [[Int32]: Int] = [:]
    var result: [(cells: [Int32], draws: Int)] = []
    for cells in objects {
      if let place = places[cells] {
        result[place].draws += 1
      } else {
        places[cells] = result.count
        result.append((cells, 1))
      }
    }
    let keys = result.map { environment.logReward($0.cells) }
    return keys.indices.sorted { (-keys[$0], $0) < (-keys[$1], $1) }.map { result[$0] }
  }
}
