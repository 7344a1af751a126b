import GFNCore
import GFNLanguage

extension Session {
  /// `plot edges`: the edge marginals of a Bayesian network as matrices, causes down, effects across.
  func edgesFigure(_ arguments: Arguments) throws -> Figure {
    let (environment, state) = try experiment(arguments)
    guard let network = environment.base as? BayesianNetwork else {
      throw arguments.error(
        "conflict",
        "'plot edges' draws Bayesian networks, and \(environment.specification.kind) is none",
        fix: environment.base is Hypergrid ? "try plot learned" : "try plot graph or plot histogram"
      )
    }
    let truth = try arguments.path("truth").map { path in
      let bytes = try files.read(path, at: arguments.span(of: "truth"))
      return try core(arguments) { try TrueGraph(bytes, path: path, in: network) }
    }
    let known = try edges(of: network, arguments)
    let marks = truth.map { truth in truth.edges.indices.filter { truth.edges[$0] } } ?? []
    func map(_ title: String, _ marginals: EdgeMarginals) -> HeatMap {
      var values = marginals.probabilities
      for node in 0..<network.nodes { values[node * network.nodes + node] = .nan }
      return HeatMap(
        title, rows: network.nodes, columns: network.nodes, values,
        scale: .sequential(low: 0, high: 1), startsOnTop: true, xLabel: "effect",
        yLabel: "cause", rowLabels: network.names, columnLabels: network.names, marks: marks)
    }
    var maps = known.target.map { [map("target", $0)] } ?? []
    maps.append(map("learned", known.learned))
    var notes: [String] = []
    if known.learned.samples != nil {
      notes.append("learned is estimated from \(known.graphs) samples")
    }
    if truth != nil { notes.append("marked: the true edges") }
    return Figure("edge probabilities, step \(state.step)", .heatMaps(maps), notes: notes)
  }
}
