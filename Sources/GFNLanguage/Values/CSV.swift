/// Comma-separated values (RFC 4180).
package enum CSV {
  /// A table with a line of its columns' names.
  package static func text(of table: Table) -> String {
    let rows = [table.columns.map(\.name)] + table.rows.map { $0.map(field) }
    return rows.map { line($0) + "\n" }.joined()
  }

  /// What a field holds of a value: full precision; nothing for a missing value, JSON for what has
  /// parts.
  package static func field(_ value: Value) -> String {
    switch value {
    case .none: ""
    case .number(let number, _): Value.text(of: number)
    case .text(let text): text
    default: JSON.text(value)
    }
  }

  /// Fields on a line, without the end of it.
  package static func line(_ fields: [String]) -> String {
    fields.map(quotedWhereNeeded).joined(separator: ",")
  }

  private static func quotedWhereNeeded(_ text: String) -> String {
    guard text.utf8.contains(where: { ",\"\n\r".utf8.contains($0) }) else { return text }
    return "\"" + text.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }

  /// The rows, each a list of its fields; nil where a quotation does not end or goes on behind its end.
  package static func rows(_ text: String) -> [[String]]? {
    var rows: [[String]] = []
    var row: [String] = []
    var field: [UInt8] = []
    var wasQuoted = false
    var bytes = Array(text.utf8)[...]
    func end() {
      row.append(String(decoding: field, as: UTF8.self))
      field = []
      wasQuoted = false
    }
    while let byte = bytes.popFirst() {
      switch byte {
      case UInt8(ascii: "\"") where field.isEmpty && !wasQuoted:
        guard let quoted = quotation(&bytes) else { return nil }
        field = quoted
        wasQuoted = true
      case UInt8(ascii: ","): end()
      case UInt8(ascii: "\r") where bytes.first == UInt8(ascii: "\n"): continue
      case UInt8(ascii: "\n"):
        end()
        rows.append(row)
        row = []
      default:
        guard !wasQuoted else { return nil }
        field.append(byte)
      }
    }
    if !row.isEmpty || !field.isEmpty || wasQuoted {
      end()
      rows.append(row)
    }
    return rows
  }

  /// What stands behind an opening quote, to its closing one.
  private static func quotation(_ bytes: inout ArraySlice<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    while let byte = bytes.popFirst() {
      guard byte == UInt8(ascii: "\"") else {
        result.append(byte)
        continue
      }
      guard bytes.first == byte else { return result }
      bytes.removeFirst()
      result.append(byte)
    }
    return nil
  }
}
