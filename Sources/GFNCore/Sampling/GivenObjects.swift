import GFNParameters

/// Objects of a file for a replay buffer to start with: a list, or a table with scores.
package struct GivenObjects: Sendable {
  /// Of the objects, one after the other.
  package let cells: [Int32]
  /// The scores of a table, of each object; empty where there is a list.
  package let scores: [Double]

  /// - Throws: `CoreError.file`, which names the line; `CoreError.notText`.
  package init(_ bytes: [UInt8], path: String, in environment: any Environment) throws {
    let name = path.lowercased()
    guard [".csv", ".tsv", ".jsonl", ".ndjson"].contains(where: name.hasSuffix) else {
      cells = try ObjectList.read(bytes, path: path, in: environment)
      scores = []
      return
    }
    var list = ObjectScores(environment, path: path)
    try list.read(bytes, try UTF8Text(bytes, path: path))
    guard !list.scores.isEmpty else {
      throw CoreError.file(path: path, line: nil, reason: "lists no object")
    }
    cells = (0..<list.scores.count).flatMap { list.table.state($0) }
    scores = list.scores
  }
}
