import GFNFigures
package import GFNLanguage
import OrderedCollections

/// Shows events as text: results on one stream, diagnostics and progress on the other.
package final class TextRenderer: Renderer {
  /// A terminal shows no more rows of a table than this.
  private static let rowLimit = 20

  private let output: TextStream
  private let errors: TextStream
  private let options: DisplayOptions
  private var progress: ProgressDisplay
  private var picture: LivePicture
  private var cell: Cell?
  /// The rows of the running command that are on the screen already.
  private var live: LiveRows?

  private struct LiveRows {
    var layout: TableLayout
    /// Of the table that they are rows of.
    var columns: [String]
    var spreads: Set<Int>
    var count = 0
  }

  package init(output: TextStream, errors: TextStream, options: DisplayOptions = DisplayOptions()) {
    self.output = output
    self.errors = errors
    self.options = options
    progress = ProgressDisplay(stream: errors)
    picture = LivePicture(stream: output)
  }

  package func begin(_ cell: Cell) {
    self.cell = cell
  }

  package func end() {
    progress.clear()
    picture.settle()
    live = nil
    output.flush()
    errors.flush()
  }

  package func startLine(on stream: TextStream) {
    // Below a picture "^C" stands alone, and one line more would hide where the picture starts.
    if picture.isVisible { picture.clearBelow() } else { stream.writeLine("") }
  }

  package func show(_ event: Event) {
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
    case .row(let columns, let values, _, _):
      guard !options.isQuiet else { return }
      progress.clear()
      aboveThePicture { showRow(columns, values) }
      return
    default:
      progress.clear()
    }
    switch event {
    case .value(let value, let command, _, let showing):
      // In a loop a command leaves one line.
      if showing == .compact { picture.remove() } else { picture.settle() }
      if !options.isQuiet || showing == .printed {
        show(value, of: command, compact: showing == .compact)
      }
      live = nil
    case .printed(let text, _):
      output.writeLine(text)
    case .statement(let source, _, _):
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
  package func show(_ diagnostic: Diagnostic) {
    output.flush()
    errors.writeLine(coloured(diagnostic.rendered(as: errors.isTerminal ? visible : { $0 })))
    errors.flush()
  }

  private func show(_ notice: Notice) {
    let isWarning = notice.level == .warning
    guard isWarning || !options.isQuiet else { return }
    output.flush()
    let label = StyledLine(isWarning ? "warning:" : "note:", isWarning ? .warning : .dim)
    let place = notice.line.map { "\(cell?.name ?? "line"):\($0): " } ?? ""
    errors.writeLine(StyledLine(place) + label + StyledLine(" \(notice.message)"))
    errors.flush()
  }

  private func echo(_ source: String) {
    for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
      output.writeLine(StyledLine("> \(line)", .dim))
    }
    // What the statement says on the other stream comes after it.
    output.flush()
  }

  private func coloured(_ text: String) -> StyledLine {
    let label = "error:"
    guard let range = text.firstRange(of: label) else { return StyledLine(text) }
    return StyledLine(String(text[..<range.lowerBound])) + StyledLine(label, .error)
      + StyledLine(String(text[range.upperBound...]))
  }
}

// MARK: - Values

extension TextRenderer {
  private var lines: ValueLines {
    ValueLines(
      window: output.width, rowLimit: output.isTerminal ? Self.rowLimit : nil,
      showsTimings: output.isTerminal)
  }

  private func show(_ value: Value, of command: String, compact isCompact: Bool) {
    if case .figure(let figure) = value {
      // Coloured by sequences of its own; its texts are harmless.
      for line in PictureText.lines(of: figure, output.pictureStyle) {
        output.write(sequences: line + "\n")
      }
      return
    }
    let shown: [StyledLine]
    if case .table(let table) = value, !isCompact, let live, live.count == table.rows.count,
      live.columns == table.columns.map(\.name)
    {
      // Every row is on the screen already.
      shown = lines.lines(below: table)
    } else {
      shown = lines.lines(of: value, command: command, isCompact: isCompact)
    }
    for line in shown { output.writeLine(line) }
  }

  private func showRow(_ columns: [Column], _ values: [Value]) {
    let names = columns.map(\.name)
    var table = Table(columns: columns, rows: [values])
    if !output.isTerminal { table = table.withoutTimings }
    let spreads = live?.columns == names ? live?.spreads ?? [] : table.spreads
    table = table.withSpreads(behind: spreads)
    if live?.columns != names {
      let layout = TableLayout(
        columns: table.columns, firstRow: table.rows[0], window: output.width)
      live = LiveRows(layout: layout, columns: names, spreads: spreads)
      for line in lines.header(of: layout) { output.writeLine(line) }
    }
    guard let layout = live?.layout else { return }
    writeLine(layout.line(for: table.rows[0]))
    live?.count += 1
    // Whoever reads a long table reads it row by row.
    output.flush()
  }

  /// Writes a line that must not wrap.
  private func writeLine(_ text: String) {
    output.writeLine(output.width.map { fitted(text, to: $0) } ?? text)
  }
}
