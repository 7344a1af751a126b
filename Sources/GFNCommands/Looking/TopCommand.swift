import GFNCore
import GFNLanguage
import GFNParameters
import HeapModule

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
      policy, which works in environments of any size and sorts by reward. Where a program scores them, \
      those that it has scored.
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
    let (environment, _) = try session.experiment(arguments)
    if let samples = arguments.integer("samples") {
      return .table(try drawn(session, arguments, count, samples))
    }
    if let program = environment.program, !environment.knowsRewards {
      return .table(scored(session, program, environment, count))
    }
    if !environment.hasKnownTarget, arguments.word(orDefault: "by") == "reward" {
      session.note(
        "too many objects to list, so the best of \(PlotKind.usualSamples) draws; samples= sets how many"
      )
      return .table(try drawn(session, arguments, count, PlotKind.usualSamples))
    }
    return .table(try ranked(session, arguments, count))
  }

  /// The first of all objects.
  private static func ranked(
    _ session: Session, _ arguments: Arguments, _ count: Int
  ) throws -> Table {
    let (environment, _) = try session.experiment(arguments)
    let target = try session.core(arguments) {
      try TargetDistribution(environment, session.workbench.pool)
    }
    let order = arguments.word(orDefault: "by")
    let isTargetAlone = (try? environment.enumerable()) == nil
    if isTargetAlone, order == "reward" || order == "target" {
      session.note("too many states to work out P_F(x): reward and target are exact")
      return best(target, environment, count)
    }
    let learned = try session.exactDistribution(arguments).terminating
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

  /// The best objects of a target alone.
  private static func best(
    _ target: TargetDistribution, _ environment: any Environment, _ count: Int
  ) -> Table {
    let keys = target.logRewards.isEmpty ? target.rewards : target.logRewards
    return Table(
      columns: [Column("x"), environment.rewardColumn, Column("target")],
      rows: greatest(keys, count).untilGivenUp.map { index in
        let x = environment.terminatingState(at: index)
        return [
          .text(environment.text(x)), environment.rewardValue(x),
          .number(target.probabilities[index]),
        ]
      })
  }

  /// The places of the greatest keys, ties in their order.
  private static func greatest(_ keys: [Double], _ count: Int) -> [Int] {
    var heap = Heap<Ranked>()
    for (index, key) in keys.enumerated() {
      let entry = Ranked(key: key, index: index)
      if heap.count < count {
        heap.insert(entry)
      } else if let least = heap.min, least < entry {
        heap.replaceMin(with: entry)
      }
    }
    return heap.unordered.sorted(by: >).map(\.index)
  }

  /// The best objects among those that a program has scored.
  private static func scored(
    _ session: Session, _ program: ProgramReward, _ environment: any Environment, _ count: Int
  ) -> Table {
    let known = program.scored()
    session.note("the best of the \(counted(known.count, "object")) that the program has scored")
    return Table(
      columns: [Column("x"), environment.rewardColumn],
      rows: greatest(known.map(\.logReward), count).untilGivenUp.map { index in
        [.text(environment.text(known[index].cells)), environment.rewardValue(known[index].cells)]
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

/// A place by its key: of equal keys the first is the greatest.
private struct Ranked: Comparable {
  let key: Double
  let index: Int

  static func < (left: Ranked, right: Ranked) -> Bool {
    left.key == right.key ? left.index > right.index : left.key < right.key
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
