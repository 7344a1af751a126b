/// The nearest of some words by edit distance, for "did you mean".
package enum Suggestion {
  /// The candidate nearest to `word`, or nil when none is near enough to be meant.
  package static func nearest<Words: Sequence<String>>(
    to word: String, in candidates: Words
  ) -> String? {
    let wanted = Array(word.lowercased())
    guard !wanted.isEmpty, wanted.count <= 40 else { return nil }
    let limit = max(1, wanted.count / 3)
    var best: (word: String, distance: Int)?
    for candidate in candidates {
      let letters = Array(candidate.lowercased())
      guard abs(letters.count - wanted.count) <= limit else { continue }
      let distance = distance(wanted, letters)
      if distance <= limit, distance < (best?.distance ?? .max) { best = (candidate, distance) }
    }
    // A word of one or two letters is near to everything short.
    guard let best, best.distance < wanted.count else { return nil }
    return best.word
  }

  /// The names in use as candidates, none of very many: some of those is near by accident, and
  /// looking through all of them at each error would take long.
  static func candidates<Names: Collection<String>>(among names: Names) -> [String] {
    names.count <= nameLimit ? names.sorted() : []
  }

  static let nameLimit = 2_000

  /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var twoAbove: [Int] = []
    var above = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      for column in 0..<right.count {
        let replaced = above[column] + (left[row] == right[column] ? 0 : 1)
        var least = min(replaced, above[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          least = min(least, twoAbove[column - 1] + 1)
        }
        current.append(least)
      }
      (twoAbove, above) = (above, current)
    }
    return above[right.count]
  }
}
