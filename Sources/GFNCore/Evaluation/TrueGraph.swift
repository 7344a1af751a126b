import GFNParameters

/// A graph that is known to be true, to which learned edges are compared.
package struct TrueGraph: Sendable, Equatable {
  /// `[nodes, nodes]`, source by target.
  package let edges: [Bool]
  let nodes: Int

  /// Reads a table with the header `Cause,Effect` and an edge a line, between names or numbers of the
  /// network's variables.
  /// - Throws: `CoreError.file` that names the line.
  package init(_ bytes: [UInt8], path: String, in network: BayesianNetwork) throws {
    let records = try CSV.records(bytes, path: path)
    guard records.first?.fields.prefix(2).map({ $0.lowercased() }) == ["cause", "effect"] else {
      throw CoreError.file(path: path, line: 1, reason: "needs the header Cause,Effect")
    }
    nodes = network.nodes
    var edges = [Bool](repeating: false, count: network.nodes * network.nodes)
    for record in records.dropFirst() {
      guard record.fields.count >= 2 else {
        throw CoreError.file(path: path, line: record.line, reason: "needs a cause and an effect")
      }
      let ends = try record.fields.prefix(2).map { name in
        guard let node = network.variable(name) else {
          throw CoreError.file(
            path: path, line: record.line,
            reason: "there is no variable '\(name)' in the data; they are "
              + network.names.joined(separator: ", "))
        }
        return node
      }
      guard ends[0] != ends[1] else {
        throw CoreError.file(
          path: path, line: record.line, reason: "'\(record.fields[0])' is its own cause")
      }
      edges[ends[0] * network.nodes + ends[1]] = true
    }
    self.edges = edges
  }

  init(nodes: Int, edges: [Bool]) {
    self.nodes = nodes
    self.edges = edges
  }

  /// Structural Hamming distance: the pairs of variables between which two graphs differ, so that a missing,
  /// a superfluous and a reversed edge count 1 each. Equivalence classes are not looked at.
  package func distance(to other: [Bool]) -> Int {
    var count = 0
    for i in 0..<nodes {
      for j in 0..<i {
        let forth = i * nodes + j
        let back = j * nodes + i
        if edges[forth] != other[forth] || edges[back] != other[back] { count += 1 }
      }
    }
    return count
  }

  /// The area under the receiver operating characteristic of scores of all ordered pairs: the probability
  /// that a true edge scores higher than a pair without one, ties counted half. Nil where there are only
  /// edges or none.
  package func areaUnderCurve(of scores: [Double]) -> Double? {
    var positive: [Double] = []
    var negative: [Double] = []
    for source in 0..<nodes {
      for target in 0..<nodes where source != target {
        let pair = source * nodes + target
        if edges[pair] { positive.append(scores[pair]) } else { negative.append(scores[pair]) }
      }
    }
    guard !positive.isEmpty, !negative.isEmpty else { return nil }
    var wins = 0.0
    for score in positive {
      for other in negative { wins += score > other ? 1 : score == other ? 0.5 : 0 }
    }
    return wins / Double(positive.count * negative.count)
  }
}
