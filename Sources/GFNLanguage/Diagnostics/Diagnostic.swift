/// A message about a place in a script.
package struct Diagnostic: Sendable {
  package enum Severity: String, Sendable {
    case error
    case warning
  }

  /// Where in the life of a cell it arose: a cell that fails its check has run nothing.
  package enum Phase: Sendable {
    case check
    case run
  }

  package var severity: Severity
  package var phase: Phase
  /// A stable word: what `expect error CODE` names.
  package var code: String
  package var message: String
  package var file: String
  /// Absolute in the file, from 1; 0 where there is no place.
  package var line: Int
  /// In characters, from 1.
  package var column: Int
  package var sourceLine: String
  /// In characters, at least 1.
  package var caretLength: Int
  /// What to do about it, as a clause: `did you mean 'train'?`.
  package var fix: String?

  /// Lines longer than twice this are cut.
  private static let longest = 100

  /// `file:line:column: error: message`, the line and a caret under the place.
  ///
  /// - Parameter shown: how a text is written that could command a terminal.
  package func rendered(as shown: (String) -> String = { $0 }) -> String {
    let text = fix.map { message + ($0.hasPrefix("did you mean") ? ", " : "; ") + $0 } ?? message
    guard line > 0 else { return "\(severity.rawValue): \(text)" }
    // Of a long line what stands around the place.
    let skipped = column <= Self.longest ? 0 : column - Self.longest / 2
    let excerpt = sourceLine.dropFirst(skipped).prefix(2 * Self.longest)
    func written(_ part: Substring) -> String {
      part.split(separator: "\t", omittingEmptySubsequences: false)
        .map { shown(String($0)) }.joined(separator: "\t")
    }
    let before = written(excerpt.prefix(column - 1 - skipped))
    let word = written(excerpt.dropFirst(column - 1 - skipped).prefix(caretLength))
    let rest = written(excerpt.dropFirst(column - 1 - skipped + caretLength))
    let lead = skipped > 0 ? "…" : ""
    let trail = skipped + excerpt.count < sourceLine.count ? "…" : ""
    let blanks = (lead + before).map { $0 == "\t" ? "\t" : " " }
    let length = max(word.count, caretLength)
    let marks = "^" + String(repeating: "~", count: min(max(0, length - 1), Self.longest))
    return """
      \(shown(file)):\(line):\(column): \(severity.rawValue): \(text)
        \(lead)\(before)\(word)\(rest)\(trail)
        \(blanks.joined())\(marks)
      """
  }
}

extension Diagnostic {
  /// A message that quotes a file may quote a long line, or bytes that would command a terminal.
  private static let longestMessage = 1_000

  private static func readable(_ message: String) -> String {
    let isCut = message.unicodeScalars.count > longestMessage
    var text = String.UnicodeScalarView()
    for scalar in message.unicodeScalars.prefix(longestMessage) {
      let isControl = scalar.properties.generalCategory == .control && scalar != "\n"
      text.append(isControl && scalar != "\t" ? "\u{FFFD}" : scalar)
    }
    return String(text) + (isCut ? "…" : "")
  }

  init(_ error: CommandError, phase: Phase) {
    let wording = error.kind.wording
    severity = .error
    self.phase = phase
    code = wording.code
    message = Self.readable(wording.message)
    fix = wording.fix
    guard let span = error.span else {
      (file, line, column, sourceLine, caretLength) = ("", 0, 0, "", 1)
      return
    }
    file = span.source.name
    (line, column) = span.source.position(of: span.start)
    let lineEnd = span.source.lineEnd(of: span.start)
    var shown = span.source.text(span.source.lineStart(of: span.start), lineEnd)
    if shown.last == "\r" || shown.last == "\r\n" { shown.removeLast() }
    sourceLine = shown
    caretLength = max(1, span.source.text(span.start, min(span.end, lineEnd)).count)
  }
}
