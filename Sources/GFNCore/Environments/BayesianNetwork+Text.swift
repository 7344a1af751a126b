import GFNParameters

// How graphs are written: their edges as `0>1 1>2`, by the numbers of the variables.

extension BayesianNetwork {
  /// The graph without edges.
  private static let empty = "empty"

  package func text(of state: StatePointer) -> String {
    var edges: [String] = []
    for cell in 0..<shape.cellCount where state[cell] != 0 { edges.append(edge(cell)) }
    return edges.isEmpty ? Self.empty : edges.joined(separator: " ")
  }

  /// Accepts edges between numbers or names of variables, parted by blanks or commas, `empty`, `-` or
  /// nothing for no edge, and as a list the n² numbers 0 and 1 of the adjacency matrix, row by row.
  package func state(from input: StateInput) throws -> [Int32] {
    var cells = [Int32](repeating: 0, count: shape.cellCount)
    let text: String
    switch input {
    case .numbers(let numbers):
      text = numbers.map(String.init).joined(separator: ",")
      guard numbers.count == cells.count, numbers.allSatisfy({ $0 == 0 || $0 == 1 }) else {
        throw CoreError.state(
          text: text,
          reason: "write edges as \"0>1 1>2\", or the \(cells.count) zeros and ones of the matrix")
      }
      for (cell, number) in numbers.enumerated() { cells[cell] = Int32(number) }
    case .word(let word):
      text = word
      if word == Self.empty || word == "-" { return cells }
      for edge in word.split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
        let ends = edge.split(separator: ">", omittingEmptySubsequences: false)
        guard ends.count == 2 else {
          throw CoreError.state(
            text: text, reason: "'\(edge)' is no edge; write edges as \"0>1 1>2\"")
        }
        let source = try variable(ends[0], in: text)
        let target = try variable(ends[1], in: text)
        guard cells[source * nodes + target] == 0 else {
          throw CoreError.state(text: text, reason: "'\(edge)' is there twice")
        }
        cells[source * nodes + target] = 1
      }
    }
    try check(cells, text)
    return cells
  }

  /// The number of a variable that is given by its number or name.
  /// - Returns: nil where there is none.
  package func variable(_ word: some StringProtocol) -> Int? {
    if let number = Int(word), names.indices.contains(number) { return number }
    return names.firstIndex { $0 == word }
  }

  private func variable(_ word: Substring, in text: String) throws -> Int {
    if let index = variable(word) { return index }
    throw CoreError.state(
      text: text,
      reason: "there is no variable '\(word)'; they are 0…\(nodes - 1), or "
        + names.prefix(12).joined(separator: ", ") + (nodes > 12 ? ", …" : ""))
  }

  private func check(_ cells: [Int32], _ text: String) throws {
    let isGraph = cells.withUnsafeBufferPointer { $0.baseAddress.map(shape.isGraph) ?? false }
    guard !isGraph else { return }
    for target in 0..<nodes {
      let parents = (0..<nodes).count { cells[$0 * nodes + target] != 0 }
      if parents > shape.mostParents {
        throw CoreError.state(
          text: text,
          reason:
            "\(target) has \(counted(parents, "parent")), at most \(shape.mostParents) are allowed")
      }
    }
    throw CoreError.state(text: text, reason: "the edges close a cycle")
  }

  private func edge(_ cell: Int) -> String { "\(cell / nodes)>\(cell % nodes)" }

  /// `e0>1+`: the edge from 0 to 1 comes.
  package func name(ofForward action: Int) -> String {
    action == shape.cellCount ? "exit" : "e\(edge(action))+"
  }

  package func name(ofBackward action: Int) -> String { "e\(edge(action))-" }
}
