extension ScoreRows {
  /// Reads tab- or comma-separated columns.
  ///
  /// A header that names the columns says which they are. Otherwise the first two are object and
  /// score; with three or more, where the second holds no number, the first two are a sequence and
  /// its reverse complement, and both get the third column's score (the layout of universal
  /// protein-binding-microarray tables such as SIX6). A first line whose score is no number is a
  /// header.
  mutating func readColumns(_ bytes: [UInt8]) throws {
    var rows: [(line: Int, row: ArraySlice<UInt8>)] = []
    lines(bytes) { rows.append(($0, $1)) }
    guard let first = rows.first else { return }
    let named = Self.columns(named: fields(first.row).map { text($0).lowercased() })
    for (line, row) in named == nil ? rows[...] : rows.dropFirst() {
      let fields = fields(row)
      guard fields.count > max(1, named.map { max($0.object, $0.score) } ?? 0) else {
        throw refuse(
          line,
          named == nil
            ? "needs an object and a score, separated by a tab or a comma"
            : "has \(fields.count) columns, fewer than the header needs")
      }
      let hasComplement = named == nil && fields.count > 2 && Double(text(fields[1])) == nil
      let column = named?.score ?? (hasComplement ? 2 : 1)
      guard let score = Double(text(fields[column])) else {
        if line == first.line, named == nil { continue }
        throw refuse(
          line, "the score '\(text(fields[column]))' is no number (column \(column + 1))")
      }
      guard score.isFinite else {
        throw refuse(
          line, "the score '\(text(fields[column]))' is not finite (column \(column + 1))")
      }
      let place = named?.object ?? 0
      let object = try index(of: fields[place], line: line, " (column \(place + 1))")
      try set(object, score, line: line)
      guard hasComplement else { continue }
      let complement = try index(of: fields[1], line: line, " (column 2)")
      if complement != object { try set(complement, score, line: line) }
    }
  }

  private static func columns(named header: [String]) -> (object: Int, score: Int)? {
    guard let object = header.firstIndex(where: { RewardTable.objectNames.contains($0) }),
      let score = header.firstIndex(where: { RewardTable.scoreNames.contains($0) })
    else { return nil }
    return (object, score)
  }

  /// The fields of a row without blanks and double quotes around them.
  private func fields(_ row: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    let separator = row.contains(UInt8(ascii: "\t")) ? UInt8(ascii: "\t") : UInt8(ascii: ",")
    return row.split(separator: separator, omittingEmptySubsequences: false).map { field in
      var field = field
      while field.first == UInt8(ascii: " ") { field = field.dropFirst() }
      while field.last == UInt8(ascii: " ") { field = field.dropLast() }
      let quote = UInt8(ascii: "\"")
      return field.count > 1 && field.first == quote && field.last == quote
        ? field.dropFirst().dropLast() : field
    }
  }
}
