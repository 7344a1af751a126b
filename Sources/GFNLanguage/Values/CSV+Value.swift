package import GFNParameters

extension CSV {
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
    case .number(let number, _): formatted(number)
    case .text(let text): text
    default: value.json
    }
  }
}
