import GFNCore
import GFNLanguage
import GFNParameters
import OrderedCollections

extension CommandSpec {
  static let edges = CommandSpec(
    "edges", group: .look, summary: "show how probable each edge of a bayesnet is",
    options: [
      Parameter(
        "samples", .integer(2...10_000_000),
        default: .described("exact, or \(PlotKind.usualSamples) where too many graphs"),
        unit: "graphs", help: "estimate by this many draws"),
      Parameter(
        "truth", .path(.read), help: "the true edges: a table with the header Cause,Effect"),
    ],
    details: """
      learned is Σ P_F(G) over the graphs with the edge, target the same of P*; the most probable edges \
      come first. With truth= come shd, auroc and shd_best: shd counts the pairs of variables between \
      which the graph of the edges with learned > 0.5 differs from the truth (missing, superfluous \
      and reversed count 1 each, equivalent graphs are not looked at), shd_best those of the best graph, and auroc \
      is the area under the ROC curve of learned over all ordered pairs.
      """,
    examples: [
      CommandExample("env bayesnet data=data.csv; edges", "of a table with up to 5 columns"),
      CommandExample("env bayesnet data=data.csv; edges samples=200", "estimated"),
    ],
    result: .table(
      columns: ["cause", "effect", "learned", "learned_se", "target", "truth"],
      fields: ["graphs", "expected_edges", "best", "shd", "shd_best", "auroc"])
  ) { session, arguments in
    let (environment, _) = try session.experiment(arguments)
    guard let network = environment.base as? BayesianNetwork else {
      throw arguments.error(
        "conflict", "\(environment.specification.kind) has no edges between variables",
        fix: "choose an environment that has: env bayesnet data=FILE")
    }
    let truth = try arguments.path("truth").map { path in
      let bytes = try session.files.read(path, at: arguments.span(of: "truth"))
      return try session.core(arguments) { try TrueGraph(bytes, path: path, in: network) }
    }
    return .table(EdgeTable(try session.edges(of: network, arguments), network, truth).table)
  }
}

/// What is known of the edges.
struct KnownEdges {
  var learned: EdgeMarginals
  var target: EdgeMarginals?
  var graphs: Int
  var best: [Int32]
}

extension Session {
  /// Exactly where that is possible and nothing else is asked.
  func edges(
    of network: BayesianNetwork, _ arguments: Arguments
  ) throws -> KnownEdges {
    var target: TargetDistribution?
    if network.enumeration != nil {
      target = try core(arguments) { try TargetDistribution(network, workbench.pool) }
    }
    let targetEdges = target.map { EdgeMarginals(network, $0.probabilities) }
    if let target, !arguments.has("samples") {
      let learned = try exactDistribution(arguments).terminating
      let best = target.logRewards.indices.max { target.logRewards[$0] < target.logRewards[$1] }
      return KnownEdges(
        learned: EdgeMarginals(network, learned), target: targetEdges, graphs: learned.count,
        best: network.state(at: best ?? 0))
    }
    let samples = try samples(arguments.integer("samples") ?? PlotKind.usualSamples, arguments).map(
      \.cells)
    guard let best = distinct(samples, network).first else {
      throw arguments.error("interrupted", "the sampling was interrupted")
    }
    return KnownEdges(
      learned: EdgeMarginals(network, samples: samples), target: targetEdges,
      graphs: samples.count, best: best.cells)
  }
}

/// The table of `edges`: a row an ordered pair of variables.
private struct EdgeTable {
  private let known: KnownEdges
  private let network: BayesianNetwork
  private let truth: TrueGraph?

  init(_ known: KnownEdges, _ network: BayesianNetwork, _ truth: TrueGraph?) {
    self.known = known
    self.network = network
    self.truth = truth
  }

  var table: Table {
    var columns = [Column("cause"), Column("effect"), Column("learned", .fixed(4))]
    if known.learned.samples != nil { columns.append(Column("learned_se", .fixed(4))) }
    if known.target != nil { columns.append(Column("target", .fixed(4))) }
    if truth != nil { columns.append(Column("truth", .fixed(0))) }
    return Table(columns: columns, rows: pairs.map(row), fields: fields)
  }

  /// Those with the most probable edges first, ties in the order of the variables.
  private var pairs: [(source: Int, target: Int)] {
    let n = network.nodes
    let p = known.learned.probabilities
    return (0..<(n * n)).filter { $0 / n != $0 % n }
      .sorted { (-p[$0], $0) < (-p[$1], $1) }
      .map { ($0 / n, $0 % n) }
  }

  private func row(_ source: Int, _ target: Int) -> [Value] {
    var row: [Value] = [
      .text(network.names[source]), .text(network.names[target]),
      .number(known.learned[source, target]),
    ]
    if known.learned.samples != nil {
      row.append(.number(known.learned.standardError(source, target)))
    }
    if let marginals = known.target { row.append(.number(marginals[source, target])) }
    if let truth {
      row.append(.number(truth.edges[source * network.nodes + target] ? 1 : 0))
    }
    return row
  }

  private var fields: OrderedDictionary<String, Value> {
    var fields: OrderedDictionary<String, Value> = [
      "graphs": .number(Double(known.graphs)),
      "expected_edges": .number(known.learned.probabilities.reduce(0, +)),
      "best": .text(network.text(known.best)),
    ]
    if let truth {
      fields["shd"] = .number(Double(truth.distance(to: known.learned.likely)))
      fields["shd_best"] = .number(Double(truth.distance(to: known.best.map { $0 != 0 })))
      fields["auroc"] =
        truth.areaUnderCurve(of: known.learned.probabilities).map { .number($0) } ?? Value.none
    }
    return fields
  }
}
