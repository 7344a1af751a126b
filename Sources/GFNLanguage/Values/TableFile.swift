import GFNParameters

/// A file that takes a table in the format that its extension names.
package struct TableFile {
  enum Format: String {
    case csv
    case tsv
    case json
    case jsonLines = "jsonl"
  }

  let path: String
  let format: Format
  /// A file may be replaced that gfn did not write.
  private let overwriting: Bool
  private let span: Span?

  /// - Throws: `CommandError` where the extension names no format.
  package init(_ path: String, overwriting: Bool = false, at span: Span? = nil) throws {
    let name = path.split(separator: "/").last ?? ""
    let last = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    guard name.contains("."), let format = Format(rawValue: last) else {
      throw CommandError(.unknownFormat(path), at: span)
    }
    self.path = path
    self.format = format
    self.overwriting = overwriting
    self.span = span
  }

  /// Finds before a long command that it could not be written at the end.
  func check(with files: Files) throws {
    try files.checkWritable(path, overwriting: overwriting, at: span)
  }

  /// Writes a table, as a whole.
  /// - Throws: `CommandError` where the value is no table or the file cannot be written.
  package func write(_ value: Value, with files: Files) throws {
    guard case .table(let table) = value else {
      throw CommandError(.notATable(value.kindDescription), at: span)
    }
    try files.write(path, text(of: table).utf8, overwriting: overwriting, at: span)
  }

  func text(of table: Table) -> String {
    switch format {
    case .csv: return CSV.text(of: table)
    case .tsv: return Self.tabbed(table)
    case .json: return Value.table(table).json + "\n"
    case .jsonLines:
      return table.rows.indices.untilGivenUp.map { Value.record(table.row($0)).json + "\n" }
        .joined()
    }
  }

  private static func tabbed(_ table: Table) -> String {
    let rows = [table.columns.map(\.name)] + table.rows.untilGivenUp.map { $0.map(CSV.field) }
    return rows.map { $0.map(tsv).joined(separator: "\t") + "\n" }.joined()
  }

  /// Tabs and newlines as escapes, since a field cannot hold them.
  private static func tsv(_ text: String) -> String {
    text.map { character in
      switch character {
      case "\t": "\\t"
      case "\n": "\\n"
      case "\\": "\\\\"
      default: String(character)
      }
    }.joined()
  }
}
