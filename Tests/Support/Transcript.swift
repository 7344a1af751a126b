package import GFNLanguage

/// Runs scripts and collects what they say.
package final class Transcript {
  package let session: Session
  package private(set) var lines: [String] = []
  package private(set) var failures: [Diagnostic] = []
  package private(set) var outcome = Outcome.done

  package init(_ session: Session) { self.session = session }

  @discardableResult
  package func run(_ source: String, name: String = "test.gfn") -> Outcome {
    let cell = Cell(source: source, name: name)
    var lines: [String] = []
    var failures: [Diagnostic] = []
    outcome = session.execute(cell) { event in
      switch event {
      case .value(let value, let command, _, let showing):
        lines.append("\(command)\(showing == .compact ? " (compact)" : ""): \(value.json)")
      case .printed(let text, _): lines.append(text)
      case .notice(let notice): lines.append("\(notice.level): \(notice.message)")
      case .statement, .progress, .row, .live: break
      case .failure(let diagnostic):
        lines.append(diagnostic.rendered())
        failures.append(diagnostic)
      }
    }
    self.lines = lines
    self.failures = failures
    return outcome
  }
}
