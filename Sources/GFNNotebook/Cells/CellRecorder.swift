public import GFNLanguage

/// Gathers what a session says into the outputs of a cell.
public struct CellRecorder {
  public private(set) var outputs: [CellOutput] = []

  public init() {}

  public mutating func note(_ event: Event) {
    switch event {
    case .value(.none, _, _, _): break
    case .value(let value, let command, _, let isCompact):
      outputs.append(.value(value, command: command, isCompact: isCompact))
    case .printed(let text, _): append(text + "\n", isError: false)
    case .notice(let notice):
      let label = notice.level == .warning ? "warning" : "note"
      append("\(label): \(notice.message)\n", isError: true)
    case .failure(let diagnostic): outputs.append(.failure(diagnostic))
    // What comes and goes while a cell runs is not its outcome.
    case .statement, .progress, .row, .live: break
    }
  }

  private mutating func append(_ text: String, isError: Bool) {
    if case .lines(let earlier, isError)? = outputs.last {
      outputs[outputs.count - 1] = .lines(earlier + text, isError: isError)
    } else {
      outputs.append(.lines(text, isError: isError))
    }
  }
}
