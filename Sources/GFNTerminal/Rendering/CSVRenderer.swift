package import GFNLanguage
import GFNParameters
import OrderedCollections

/// Shows values as comma-separated values (RFC 4180), each a block of its own with an empty line
/// between two; what is printed stays as it is. Diagnostics are text on the other stream.
package final class CSVRenderer: Renderer {
  private enum Block {
    case text
    case table
  }

  private let output: TextStream
  private let options: DisplayOptions
  /// Shows all that is no value.
  private let text: TextRenderer
  private var lastBlock: Block?
  /// The rows of the running command that are written already.
  private var live: (columns: [String], count: Int)?

  package init(output: TextStream, errors: TextStream, options: DisplayOptions = DisplayOptions()) {
    self.output = output
    self.options = options
    text = TextRenderer(output: output, errors: errors, options: options)
  }

  package func begin(_ cell: Cell) { text.begin(cell) }

  package func end() {
    live = nil
    text.end()
  }

  package func show(_ event: Event) {
    switch event {
    case .value(let value, _, _, let showing):
      if !options.isQuiet || showing == .printed { show(value) }
      live = nil
    case .printed, .statement:
      if case .statement = event, !options.echoes { return }
      separate(.text)
      text.show(event)
    case .row(let columns, let values, _, _):
      if !options.isQuiet { showRow(columns, values) }
    case .live:
      break
    case .notice, .progress:
      text.show(event)
    case .failure:
      live = nil
      text.show(event)
    }
  }

  private func showRow(_ columns: [Column], _ values: [Value]) {
    let names = columns.map(\.name)
    if live?.columns != names {
      live = (names, 0)
      write(Table(columns: columns, rows: []))
    }
    output.write(CSV.row(values))
    output.flush()
    live?.count += 1
  }

  private func show(_ value: Value) {
    switch value {
    case .none:
      break
    case .table(let table):
      // Every row may be there already.
      if live?.columns != table.columns.map(\.name) || live?.count != table.rows.count {
        write(table)
      }
      if !table.fields.isEmpty { write(Record(table.fields)) }
    case .record(let record):
      write(record)
    case .figure(let figure):
      write(figure.record)
    case .list(let values):
      write(
        Table(columns: [Column("value")], rows: values.map { [$0] }))
    case .text, .number, .boolean, .range:
      separate(.text)
      output.writeLine(value.displayText)
    }
  }

  /// A field a line.
  private func write(_ record: Record) {
    write(
      Table(
        columns: [Column("field"), Column("value")],
        rows: record.fields.map { [.text($0.key), $0.value] }))
  }

  private func write(_ table: Table) {
    separate(.table)
    output.write(CSV.text(of: table))
  }

  /// Keeps two tables apart, and a table from text; lines of text follow each other.
  private func separate(_ block: Block) {
    if let lastBlock, lastBlock == .table || block == .table { output.writeLine("") }
    lastBlock = block
  }
}
