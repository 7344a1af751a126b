package import GFNLanguage
import GFNParameters
import OrderedCollections

/// A value as the lines of text that show it: at a terminal, in a pipe, in a notebook.
package struct ValueLines {
  /// What stands back or out where there is colour.
  package enum Emphasis: Sendable {
    case header
    case quiet
  }

  /// Columns that a line may take; nil where it may have any length.
  private let window: Int?
  /// A table shows no more rows; nil for all.
  private let rowLimit: Int?
  /// Shows wall-clock times, which differ from run to run.
  private let showsTimings: Bool
  private let pictures: PictureStyle
  private let emphasised: (String, Emphasis) -> String

  /// What is not said is as in a pipe.
  package init(
    window: Int? = nil, rowLimit: Int? = nil, showsTimings: Bool = false,
    pictures: PictureStyle = PictureStyle(),
    emphasised: @escaping (String, Emphasis) -> String = { text, _ in text }
  ) {
    self.window = window
    self.rowLimit = rowLimit
    self.showsTimings = showsTimings
    self.pictures = pictures
    self.emphasised = emphasised
  }

  /// - Parameters:
  ///   - command: what returned the value; a compact one is named by it.
  ///   - isCompact: on one line, as in a loop.
  package func lines(of value: Value, command: String, isCompact: Bool) -> [String] {
    switch value {
    case .none: []
    case .record(let record) where !isCompact: lines(of: record)
    case .table(let table) where !isCompact: rows(of: table) + lines(below: table)
    case .record(let record):
      [cut("\(command)  \(record.fields.pairs().joined(separator: "  "))")]
    case .table(let table): [cut("\(command)  \(summary(of: table))")]
    case .text(let text): [text]
    case .figure(let figure): PictureText.lines(of: figure, pictures)
    case .list, .boolean, .number, .range: [value.text(.significant(6))]
    }
  }

  /// What stands below the rows of a table.
  package func lines(below table: Table) -> [String] {
    lines(of: Record(table.fields, notes: table.notes))
  }

  package func header(of layout: TableLayout) -> [String] {
    [emphasised(layout.header, .header)] + (layout.omission.map { [cut($0)] } ?? [])
  }

  private func lines(of record: Record) -> [String] {
    if let display = record.display { return [display] }
    let nameWidth = record.fields.keys.map(displayWidth).max() ?? 0
    let fields = record.fields.map { name, value in
      var text = value.text()
      if case .list = value, let window { text = fitted(text, to: max(window - nameWidth - 2, 1)) }
      return emphasised(padded(name, to: nameWidth), .quiet) + "  " + text
    }
    return fields + record.notes
  }

  private func rows(of table: Table) -> [String] {
    let table = (showsTimings ? table : table.withoutTimings).withSpreads
    let layout = TableLayout(columns: table.columns, rows: table.rows, window: window)
    let hidden = rowLimit.map { table.rows.count - $0 } ?? 0
    // One row takes no more place than saying that it is there.
    guard let rowLimit, hidden > 1 else {
      return header(of: layout) + table.rows.map(layout.line(for:))
    }
    let more = emphasised("… \(counted(hidden, "row")) more", .quiet)
    return header(of: layout) + table.rows.prefix(rowLimit / 2).map(layout.line(for:)) + [more]
      + table.rows.suffix(rowLimit / 2).map(layout.line(for:))
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
  private func cut(_ text: String) -> String { window.map { fitted(text, to: $0) } ?? text }
}
