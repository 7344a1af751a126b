import GFNParameters

/// Objects for measurements: drawn from the target, uniformly, or read from a file.
package enum ObjectDraws {
  /// Draws x ~ P*.
  /// - Returns: their cells, one after the other.
  package static func target(
    _ count: Int, _ target: TargetDistribution, in environment: any Environment,
    from stream: inout RandomStream
  ) -> [Int32] {
    var cumulative: [Double] = []
    cumulative.reserveCapacity(target.probabilities.count)
    var sum = 0.0
    for probability in target.probabilities {
      sum += probability
      cumulative.append(sum)
    }
    var cells: [Int32] = []
    for _ in 0..<count {
      let u = stream.uniform() * sum
      // The first object whose cumulative probability lies above u: never one without probability.
      var low = 0
      var high = cumulative.count - 1
      while low < high {
        let middle = (low + high) / 2
        if cumulative[middle] > u { high = middle } else { low = middle + 1 }
      }
      cells += environment.terminatingState(at: low)
    }
    return cells
  }

  /// Draws this many different objects uniformly, or all of them where there are no more.
  /// - Returns: nil where the objects are not numbered.
  package static func uniform(
    _ count: Int, in environment: any Environment, from stream: inout RandomStream
  ) -> [Int32]? {
    guard let objects = environment.enumeration?.terminating, objects > 0 else { return nil }
    guard objects > count else {
      return (0..<objects).flatMap { environment.terminatingState(at: $0) }
    }
    // Floyd's algorithm: every set of this size is as likely.
    var chosen: Set<Int> = []
    var order: [Int] = []
    for last in (objects - count)..<objects {
      var index = Int.random(in: 0...last, using: &stream)
      if chosen.contains(index) { index = last }
      chosen.insert(index)
      order.append(index)
    }
    return order.flatMap { environment.terminatingState(at: $0) }
  }

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
