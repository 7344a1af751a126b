import GFNFigures
public import GFNLanguage
import OrderedCollections

/// Shows events as text: results on one stream, diagnostics and progress on the other.
public final class TextRenderer: Renderer {
  /// A terminal shows no more rows of a table than this.
  private static let rowLimit = 20

  private let output: TextStream
  private let errors: TextStream
  private let options: DisplayOptions
  private var progress: ProgressDisplay
  private var picture: LivePicture
  private var cell: Cell?
  /// The rows of the running command that are on the screen already.
  private var live: (layout: TableLayout, columns: [String], count: Int)?

  public init(output: TextStream, errors: TextStream, options: DisplayOptions = DisplayOptions()) {
    self.output = output
    self.errors = errors
    self.options = options
    progress = ProgressDisplay(stream: errors)
    picture = LivePicture(stream: output)
  }

  public func begin(_ cell: Cell) {
    self.cell = cell
  }

  public func end() {
    progress.clear()
    picture.settle()
    live = nil
    output.flush()
    errors.flush()
  }

  public func startLine(on stream: TextStream) {
    // Below a picture "^C" stands alone, and one line more would hide where the picture starts.
    if picture.isVisible { picture.clearBelow() } else { stream.writeLine("") }
  }

  public func show(_ event: Event) {
    switch event {
    case .progress(let report):
      // Whoever waits for the end of a long command has the results before it.
      output.flush()
      if !options.isQuiet { progress.show(report) }
      return
    case .live(let figure):
      progress.clear()
      guard !options.isQuiet else { return }
      picture.show(figure)
      progress.restore()
      return
    case .row(let columns, let values):
      guard !options.isQuiet, output.isTerminal else { return }
      progress.clear()
      aboveThePicture { showRow(columns, values) }
      return
    default:
      progress.clear()
    }
    switch event {
    case .value(let value, let command, _, let isCompact):
      // In a loop a command leaves one line.
      if isCompact { picture.remove() } else { picture.settle() }
      if !options.isQuiet || command == "print" { show(value, of: command, compact: isCompact) }
      live = nil
    case .printed(let text, _):
      output.writeLine(text)
    case .statement(let source, _):
      if options.echoes { echo(source) }
    case .notice(let notice):
      aboveThePicture { show(notice) }
    case .failure(let diagnostic):
      live = nil
      picture.settle()
      show(diagnostic)
    case .progress, .row, .live:
      break
    }
  }

  private func aboveThePicture(_ write: () -> Void) {
    guard picture.isVisible else { return write() }
    var kept = picture
    kept.below(write)
    picture = kept
  }

  /// Shows a finding of the static check, or an error of a run.
  public func show(_ diagnostic: Diagnostic) {
    output.flush()
    errors.writeLine(coloured(diagnostic.rendered()))
    errors.flush()
  }

  private func show(_ notice: Notice) {
    let isWarning = notice.level == .warning
    guard isWarning || !options.isQuiet else { return }
    output.flush()
    let label = errors.styled(isWarning ? "warning:" : "note:", isWarning ? .warning : .dim)
    let place = notice.line.map { "\(cell?.name ?? "line"):\($0): " } ?? ""
    errors.writeLine("\(place)\(label) \(notice.message)")
    errors.flush()
  }

  private func echo(_ source: String) {
    for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
      output.writeLine(output.styled("> \(line)", .dim))
    }
    // What the statement says on the other stream comes after it.
    output.flush()
  }

  private func coloured(_ text: String) -> String {
    let label = "error:"
    guard errors.hasColour, let range = text.firstRange(of: label) else { return text }
    return text[..<range.lowerBound] + errors.styled(label, .error) + text[range.upperBound...]
  }
}

// MARK: - Values

extension TextRenderer {
  private func show(_ value: Value, of command: String, compact isCompact: Bool) {
    switch value {
    case .none:
      return
    case .record(let record) where !isCompact:
      show(record)
    case .table(let table) where !isCompact:
      show(table)
    case .record(let record):
      writeLine("\(command)  \(record.fields.pairs().joined(separator: "  "))")
    case .table(let table):
      writeLine("\(command)  \(summary(of: table))")
    case .text(let text):
      output.writeLine(text)
    case .figure(let figure):
      for line in PictureText.lines(of: figure, output.pictureStyle) { output.writeLine(line) }
    case .list, .boolean, .number, .range:
      output.writeLine(value.text(.significant(6)))
    }
  }

  private func show(_ record: Record) {
    if let display = record.display {
      output.writeLine(display)
      return
    }
    let nameWidth = record.fields.keys.map(displayWidth).max() ?? 0
    for (name, value) in record.fields {
      var text = value.text()
      if case .list = value, let window = output.width {
        text = fitted(text, to: max(window - nameWidth - 2, 1))
      }
      output.writeLine(output.styled(padded(name, to: nameWidth), .dim) + "  " + text)
    }
    for note in record.notes { output.writeLine(note) }
  }

  private func show(_ table: Table) {
    if let live, live.columns == table.columns.map(\.name), live.count == table.rows.count {
      // Every row is on the screen already.
    } else {
      showRows(of: table)
    }
    show(Record(table.fields, notes: table.notes))
  }

  private func showRows(of table: Table) {
    let table = (output.isTerminal ? table : table.withoutTimings).withSpreads
    let layout = TableLayout(columns: table.columns, rows: table.rows, window: output.width)
    writeHeader(of: layout)
    let hidden = output.isTerminal ? table.rows.count - Self.rowLimit : 0
    // One row takes no more place than saying that it is there.
    if hidden > 1 {
      let half = Self.rowLimit / 2
      for row in table.rows.prefix(half) { output.writeLine(layout.line(for: row)) }
      output.writeLine(output.styled("… \(counted(hidden, "row")) more", .dim))
      for row in table.rows.suffix(half) { output.writeLine(layout.line(for: row)) }
    } else {
      for row in table.rows { output.writeLine(layout.line(for: row)) }
    }
  }

  private func showRow(_ columns: [Column], _ values: [Value]) {
    let names = columns.map(\.name)
    if live?.columns != names {
      let layout = TableLayout(columns: columns, firstRow: values, window: output.width)
      live = (layout, names, 0)
      writeHeader(of: layout)
    }
    guard let layout = live?.layout else { return }
    writeLine(layout.line(for: values))
    live?.count += 1
  }

  private func writeHeader(of layout: TableLayout) {
    output.writeLine(output.styled(layout.header, .bold))
    if let omission = layout.omission { writeLine(omission) }
  }

  /// A table in one line: its last row tells where it has come to.
  private func summary(of table: Table) -> String {
    let table = output.isTerminal ? table : table.withoutTimings
    guard let last = table.rows.last else { return "no rows" }
    let cells = zip(table.columns, last).map { "\($0.name)=\($1.text($0.style))" }
    let more = table.rows.count > 1 ? ["… \(counted(table.rows.count, "row"))"] : []
    return (more + cells).joined(separator: "  ")
  }

  /// Writes a line that must not wrap.
  private func writeLine(_ text: String) {
    output.writeLine(output.width.map { fitted(text, to: $0) } ?? text)
  }
}

extension Table {
  /// Without the columns that hold wall-clock times, so that equal runs print equal text.
  fileprivate var withoutTimings: Table {
    let kept = columns.indices.filter { !columns[$0].isTiming }
    guard kept.count < columns.count else { return self }
    var table = self
    table.columns = kept.map { columns[$0] }
    table.rows = rows.map { row in kept.map { row[$0] } }
    return table
  }
}
