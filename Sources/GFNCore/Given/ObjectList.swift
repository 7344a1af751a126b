import GFNParameters

/// Objects that a file lists.
package enum ObjectList {
  /// Reads objects, one a line as they are typed; empty lines and those that begin with # count as none.
  /// - Throws: `CoreError.file`, which names the line; `CoreError.notText`.
  package static func read(
    _ bytes: [UInt8], path: String, in environment: any Environment
  ) throws -> [Int32] {
    var cells: [Int32] = []
    for (number, line) in try UTF8Text(bytes, path: path).lines {
      let word = String(decoding: line, as: UTF8.self).trimmingBlanks
      if word.isEmpty || word.hasPrefix("#") { continue }
      do {
        let state = try state(word, in: environment)
        guard environment.forwardMask(state)[environment.exitAction] else {
          throw CoreError.state(text: word, reason: "it does not terminate")
        }
        cells += state
      } catch {
        // What a file says is told only once it has proved to be such a list.
        throw CoreError.file(
          path: path, line: number,
          reason: cells.isEmpty
            ? "is no object of this environment; objects stand one a line, as 'top' writes them"
            : "\(error)")
      }
    }
    guard !cells.isEmpty else {
      throw CoreError.file(path: path, line: nil, reason: "lists no object, one a line")
    }
    return cells
  }

  /// A state as `top` writes it, `3,5`, or as it is typed at the prompt, `(3, 5)`.
  private static func state(_ word: String, in environment: any Environment) throws -> [Int32] {
    do {
      return try environment.state(from: .word(word))
    } catch {
      guard word.hasPrefix("("), word.hasSuffix(")"), word.count > 2 else { throw error }
      return try environment.state(from: .word(String(word.dropFirst().dropLast())))
    }
  }
}

extension String {
  fileprivate var trimmingBlanks: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
