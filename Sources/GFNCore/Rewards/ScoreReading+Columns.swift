import GFNParameters

extension ScoreReading {
  /// Reads tab- or comma-separated columns.
  ///
  /// A header that names the columns says which they are. Otherwise the first two are object and
  /// score; with three or more, where the second holds no number, the first two are a sequence and
  /// its reverse complement, and both get the third column's score (the layout of universal
  /// protein-binding-microarray tables such as SIX6). A first line whose score is no number is a
  /// header.
  mutating func readColumns(_ bytes: [UInt8]) throws {
    var reader = CSVReader(bytes)
    var named: (object: Int, score: Int)?
    var isFirst = true
    while let record = try next(&reader) {
      let (line, fields) = (record.line, record.fields)
      let isHead = isFirst
      isFirst = false
      if isHead {
        let semicolon = UInt8(ascii: ";")
        if !takesSemicolons, fields.contains(where: { $0.utf8.contains(semicolon) }) {
          throw refuse(line, CSV.semicolons)
        }
        named = Self.columns(named: fields.map { $0.lowercased() })
        isProven = named != nil
        if isProven { continue }
      }
      guard fields.count > max(1, named.map { max($0.object, $0.score) } ?? 0) else {
        throw refuse(
          line,
          named == nil
            ? "needs an object and a score, separated by a tab or a comma"
            : "has \(counted(fields.count, "column")), fewer than the header needs")
      }
      let hasComplement =
        hasComplements && named == nil && fields.count > 2 && Double(fields[1]) == nil
      let column = named?.score ?? (hasComplement ? 2 : 1)
      guard let score = Double(fields[column]) else {
        if isHead { continue }
        let shown = isProven ? " '\(fields[column])'" : ""
        throw refuse(line, "the score\(shown) is no number (column \(column + 1))")
      }
      guard score.isFinite else {
        throw refuse(line, "the score '\(fields[column])' is not finite (column \(column + 1))")
      }
      let place = named?.object ?? 0
      try take(fields[place], score, line: line, " (column \(place + 1))")
      guard hasComplement, fields[1] != fields[place] else { continue }
      try take(fields[1], score, line: line, " (column 2)")
    }
  }

  private func next(_ reader: inout CSVReader) throws -> CSV.Record? {
    do { return try reader.next() } catch { throw refuse(error.line, error.reason) }
  }

  private static func columns(named header: [String]) -> (object: Int, score: Int)? {
    guard let object = header.firstIndex(where: { RewardTable.objectNames.contains($0) }),
      let score = header.firstIndex(where: { RewardTable.scoreNames.contains($0) })
    else { return nil }
    return (object, score)
  }
}
