package import GFNParameters

extension CSV {
  /// A table with a line of its columns' names.
  package static func text(of table: Table) -> String {
    table.rows.untilGivenUp.reduce(into: line(table.columns.map(\.name)) + "\n") {
      $0 += row($1)
    }
  }

  /// One line of a table.
  package static func row(_ values: [Value]) -> String {
    line(values.map(field)) + "\n"
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
