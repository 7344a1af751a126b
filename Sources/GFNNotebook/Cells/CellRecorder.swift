package import GFNLanguage

/// Gathers what a session says into the outputs of a cell.
package struct CellRecorder {
  private var finished: [CellOutput] = []
  /// Lines to which more may come.
  private var open: (text: String, isError: Bool)?
  /// Bytes of the outputs, about.
  private(set) var weight = 0
  private let limit: Int
  private var hasCut = false

  /// - Parameter limit: what comes after so many bytes is left out, and a note says so.
  package init(limit: Int = OutputLimit.cell) {
    self.limit = limit
  }

  package var outputs: [CellOutput] {
    open.map { finished + [.lines($0.text, isError: $0.isError)] } ?? finished
  }

  /// The last that it said was an error.
  var hasFailed: Bool {
    if open == nil, case .failure? = finished.last { true } else { false }
  }

  var isEmpty: Bool { open == nil && finished.isEmpty }

  package mutating func note(_ event: Event) {
    switch event {
    case .value(.none, _, _, _): break
    case .value(let value, let command, _, let showing):
      let size = value.weight(upTo: limit)
      guard weight + size <= limit else { return cut() }
      weight += size
      append(.value(value, command: command, showing: showing))
    case .printed(let text, _): append(text + "\n", isError: false)
    case .notice(let notice):
      let label = notice.level == .warning ? "warning" : "note"
      append("\(label): \(notice.message)\n", isError: true)
    // The reason why a cell stopped is never left out.
    case .failure(let diagnostic): append(.failure(diagnostic))
    // What comes and goes while a cell runs is not its outcome.
    case .statement, .progress, .row, .live: break
    }
  }

  private mutating func append(_ output: CellOutput) {
    if let open { finished.append(.lines(open.text, isError: open.isError)) }
    open = nil
    finished.append(output)
  }

  private mutating func append(_ text: String, isError: Bool) {
    guard weight + text.utf8.count <= limit else { return cut() }
    weight += text.utf8.count
    join(text, isError: isError)
  }

  private mutating func join(_ text: String, isError: Bool) {
    if open?.isError == isError {
      open?.text += text
    } else {
      if let open { finished.append(.lines(open.text, isError: open.isError)) }
      open = (text, isError)
    }
  }

  private mutating func cut() {
    guard !hasCut else { return }
    hasCut = true
    join(
      "note: the cell said more than is kept; what is large or came later is left out\n",
      isError: true)
  }
}

/// How much of what cells say is kept, in bytes, so that a long session does not fill memory with it.
package enum OutputLimit {
  package static let cell = 4 << 20
  package static let session = 64 << 20
}
