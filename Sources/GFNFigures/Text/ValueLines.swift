package import GFNLanguage
import GFNParameters
import OrderedCollections

/// A value as the lines of text that show it: at a terminal, in a pipe, in a notebook.
package struct ValueLines {
  /// Columns that a line may take; nil where it may have any length.
  private let window: Int?
  /// A table shows no more rows; nil for all.
  private let rowLimit: Int?
  /// Shows wall-clock times, which differ from run to run.
  private let showsTimings: Bool

  /// What is not said is as in a pipe.
  package init(
    window: Int? = nil, rowLimit: Int? = nil, showsTimings: Bool = false
  ) {
    self.window = window
    self.rowLimit = rowLimit
    self.showsTimings = showsTimings
  }

  /// - Parameters:
  ///   - command: what returned the value; a compact one is named by it.
  ///   - isCompact: on one line, as in a loop.
  package func lines(of value: Value, command: String, isCompact: Bool) -> [StyledLine] {
    switch value {
    case .none: []
    case .record(let record) where !isCompact: lines(of: record)
    case .table(let table) where !isCompact: rows(of: table) + lines(below: table)
    case .record(let record):
      [cut("\(command)  \(record.fields.pairs().joined(separator: "  "))")]
    case .table(let table): [cut("\(command)  \(summary(of: table))")]
    case .text(let text): [StyledLine(text)]
    case .figure(let figure): PictureText.lines(of: figure, PictureStyle()).map { StyledLine($0) }
    case .list, .boolean, .number, .range: [StyledLine(value.text(.significant(6)))]
    }
  }

  /// What stands below the rows of a table.
  package func lines(below table: Table) -> [StyledLine] {
    lines(of: Record(table.fields, notes: table.notes))
  }

  package func header(of layout: TableLayout) -> [StyledLine] {
    [StyledLine(layout.header, .strong)] + (layout.omission.map { [cut($0)] } ?? [])
  }

  private func lines(of record: Record) -> [StyledLine] {
    if let display = record.display { return [StyledLine(display)] }
    let nameWidth = record.fields.keys.map(displayWidth).max() ?? 0
    let fields = record.fields.map { name, value in
      var text = value.text()
      if case .list = value, let window { text = fitted(text, to: max(window - nameWidth - 2, 1)) }
      return StyledLine(padded(name, to: nameWidth), .dim) + StyledLine("  " + text)
    }
    return fields + record.notes.map { StyledLine($0) }
  }

  private func rows(of table: Table) -> [StyledLine] {
    let table = (showsTimings ? table : table.withoutTimings).withSpreads
    let layout = TableLayout(columns: table.columns, rows: table.rows, window: window)
    func line(_ row: [Value]) -> StyledLine { StyledLine(layout.line(for: row)) }
    let hidden = rowLimit.map { table.rows.count - $0 } ?? 0
    // One row takes no more place than saying that it is there.
    guard let rowLimit, hidden > 1 else {
      return header(of: layout) + table.rows.untilGivenUp.map(line)
    }
    let more = StyledLine("… \(counted(hidden, "row")) more", .dim)
    return header(of: layout) + table.rows.prefix(rowLimit / 2).map(line) + [more]
      + table.rows.suffix(rowLimit / 2).map(line)
  }

  /// A table in one line: its last row tells where it has come to.
  private func summary(of table: Table) -> String {
    let table = showsTimings ? table : table.withoutTimings
    guard let last = table.rows.last else { return "no rows" }
    let cells = zip(table.columns, last).map { "\($0.name)=\($1.text($0.style))" }
    let more = table.rows.count > 1 ? ["… \(counted(table.rows.count, "row"))"] : []
    return (more + cells).joined(separator: "  ")
  }

  /// A line that must not wrap.
  private func cut(_ text: String) -> StyledLine {
    StyledLine(window.map { fitted(text, to: $0) } ?? text)
  }
}
