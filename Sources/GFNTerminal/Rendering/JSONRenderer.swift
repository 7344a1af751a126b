package import GFNLanguage
import GFNParameters

/// Shows events as one JSON object a line: values on one stream, diagnostics on the other.
package final class JSONRenderer: Renderer {
  private let output: TextStream
  private let errors: TextStream
  private let options: DisplayOptions
  private var progress: ProgressDisplay

  package init(output: TextStream, errors: TextStream, options: DisplayOptions = DisplayOptions()) {
    self.output = output
    self.errors = errors
    self.options = options
    progress = ProgressDisplay(stream: errors)
  }

  package func begin(_ cell: Cell) {}

  package func end() {
    progress.clear()
    output.flush()
    errors.flush()
  }

  package func show(_ event: Event) {
    switch event {
    case .progress(let report):
      // Whoever waits for the end of a long command has the results before it.
      output.flush()
      if !options.isQuiet { progress.show(report) }
    case .value(.none, _, _, _), .live:
      break
    case .row(let columns, let values, let command, let line):
      guard !options.isQuiet else { return }
      let row = Table(columns: columns, rows: [values]).row(0)
      write("row", .record(row), of: command, line: line)
      output.flush()
    case .value(let value, let command, let line, let showing):
      if !options.isQuiet || showing == .printed { show(value, of: command, line: line) }
    case .printed(let text, let line):
      show(.text(text), of: "print", line: line)
    case .statement(let source, let line, _):
      if options.echoes { show(.text(source), of: "echo", line: line) }
    case .notice(let notice):
      guard !options.isQuiet || notice.level == .warning else { return }
      let level = notice.level == .warning ? "warning" : "note"
      complain(line: notice.line, code: level, message: notice.message)
    case .failure(let diagnostic):
      let message = diagnostic.fix.map { "\(diagnostic.message); \($0)" } ?? diagnostic.message
      complain(
        line: diagnostic.line, code: diagnostic.code, message: message,
        place: (diagnostic.file, diagnostic.column))
    }
  }

  private func show(_ value: Value, of command: String, line: Int) {
    write("value", value, of: command, line: line)
  }

  private func write(_ what: String, _ value: Value, of command: String, line: Int) {
    progress.clear()
    let object: JSONNode.Object = [
      "line": .integer(line), "command": .text(command), what: JSONNode(value),
    ]
    output.writeLine(JSONNode.object(object).text())
  }

  private func complain(
    line: Int?, code: String, message: String, place: (file: String, column: Int)? = nil
  ) {
    progress.clear()
    output.flush()
    var object: JSONNode.Object = [
      "line": line.map { .integer($0) } ?? .null, "code": .text(code), "message": .text(message),
    ]
    if let place {
      object["column"] = .integer(place.column)
      object["file"] = .text(place.file)
    }
    errors.writeLine(JSONNode.object(object).text())
    errors.flush()
  }
}
