import CReadline
import GFNFigures
import Glibc

/// Lines typed into GNU readline.
///
/// Readline's state is global and its callbacks carry no context, so there is one source at a time.
@MainActor
final class ReadlineSource: LineSource {
  fileprivate static var current: ReadlineSource?

  private let completer: Completer
  private let display: CompletionDisplay
  var primaryPrompt: String
  /// The choices of a question that is being answered; nil while entries are read.
  private var choices: [String]?
  fileprivate var pending = ""
  fileprivate var wasInterrupted = false
  fileprivate var matches: [CompletionMatch] = []

  /// Breaks words where a candidate may start.
  private static let wordBreaks = strdup(" \t\n\"'=,;()[]{}")
  private static let name = strdup("gfn")

  init(primaryPrompt: String = "", completer: Completer, display: CompletionDisplay) {
    self.primaryPrompt = primaryPrompt
    self.completer = completer
    self.display = display
    gfn_readline_configure(
      Self.name, Self.wordBreaks, completeWord, displayMatches, signalArrived)
    using_history()
    Self.current = self
  }

  func readLine(prompt: String, pending: String) -> TypedLine {
    self.pending = pending
    wasInterrupted = false
    guard !StopSignals.isEnding, let line = readline(prompt) else {
      return wasInterrupted ? .afterInterruption(nil) : .end
    }
    defer { free(line) }
    guard !StopSignals.isEnding else { return .end }
    let text = String(cString: line)
    return wasInterrupted ? .afterInterruption(text) : .line(text)
  }

  /// Reads the answer to a question; nil where Ctrl-C or Ctrl-D was pressed.
  func ask(_ prompt: String, choices: [String]) -> String? {
    // What came before the question is not about it.
    _ = StopSignals.takeInterrupt()
    self.choices = choices
    defer { self.choices = nil }
    guard case .line(let line) = readLine(prompt: prompt, pending: "") else { return nil }
    return line
  }

  func remember(_ entry: String) {
    add_history(harmless(entry))
  }

  fileprivate func complete(line: String, start: Int, end: Int) -> [String] {
    if let choices {
      let typed = String(decoding: Array(line.utf8).prefix(end).dropFirst(start), as: UTF8.self)
      matches = choices.filter { $0.hasPrefix(typed) }.map {
        CompletionMatch(insertion: $0, display: $0, description: "", appendsBlank: false)
      }
      return matches.map(\.insertion)
    }
    matches = completer.matches(line: line, start: start, end: end, pending: pending)
    return matches.map(\.insertion)
  }

  fileprivate func showMatches() {
    display.show(matches)
    gfn_redraw_line()
  }

  /// - Returns: whether the line is over.
  fileprivate func takeInterrupt() -> Bool {
    guard !StopSignals.isEnding else { return true }
    guard StopSignals.takeInterrupt() else { return false }
    wasInterrupted = true
    guard choices == nil else { return true }
    pending = ""
    gfn_restart_line(primaryPrompt)
    return false
  }
}

// MARK: - Readline's callbacks, all called on the main thread from within `readline`

/// Returns what readline frees: the longest common beginning, the candidates, a null pointer.
private func completeWord(
  _ text: UnsafePointer<CChar>?, _ start: Int32, _ end: Int32
) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
  let line = gfn_line_buffer().map { String(cString: $0) } ?? ""
  let (insertions, appendsBlank) = MainActor.assumeIsolated { () -> ([String], Bool) in
    guard let source = ReadlineSource.current else { return ([], false) }
    let insertions = source.complete(line: line, start: Int(start), end: Int(end))
    return (insertions, source.matches.first?.appendsBlank ?? false)
  }
  gfn_completion_rules(insertions.count == 1 && appendsBlank ? 1 : 0)
  guard !insertions.isEmpty else { return nil }
  let typed = text.map { String(cString: $0) } ?? ""
  var strings = insertions.count == 1 ? [] : insertions
  strings.insert(Completer.commonBeginning(of: insertions, typed: typed), at: 0)
  let size = (strings.count + 1) * MemoryLayout<UnsafeMutablePointer<CChar>?>.stride
  guard let memory = malloc(size) else { return nil }
  let array = memory.bindMemory(to: UnsafeMutablePointer<CChar>?.self, capacity: strings.count + 1)
  for (index, string) in strings.enumerated() { array[index] = strdup(string) }
  array[strings.count] = nil
  return array
}

private func displayMatches(
  _ matches: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ count: Int32, _ longest: Int32
) {
  MainActor.assumeIsolated { ReadlineSource.current?.showMatches() }
}

private func signalArrived() -> Int32 {
  MainActor.assumeIsolated { ReadlineSource.current?.takeInterrupt() == true ? 1 : 0 }
}
