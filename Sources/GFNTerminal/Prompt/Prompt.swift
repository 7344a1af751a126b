import GFNLanguage
import Glibc

/// The read-evaluate-print loop.
@MainActor
final class Prompt {
  private let session: Session
  private let renderer: any Renderer
  private let output: TextStream
  private let errors: TextStream
  private let source: any LineSource
  private let history: HistoryFile?
  private let primary: String
  private let continuation: String
  /// A line typed after Ctrl-C had dropped the entry before it.
  private var lastEntry: String?

  /// With readline and a history where a person types and reads, else with plain lines.
  init(session: Session, renderer: any Renderer, output: TextStream, errors: TextStream) {
    self.session = session
    self.renderer = renderer
    self.output = output
    self.errors = errors
    if isatty(STDIN_FILENO) == 1, output.isTerminal {
      // Readline must know which characters take no column.
      let label = output.hasColour ? "\u{1}\u{1B}[1;36m\u{2}gfn>\u{1}\u{1B}[0m\u{2} " : "gfn> "
      primary = label
      source = ReadlineSource(
        primaryPrompt: label, completer: Completer(session: session),
        display: CompletionDisplay(output: output))
      history = HistoryFile(path: UserFiles.history)
    } else {
      primary = "gfn> "
      source = PlainLineSource(prompts: errors)
      history = nil
    }
    continuation = "...> "
  }

  /// Runs until the user leaves; the result is the program's exit status.
  func run(greets: Bool) -> Int32 {
    if let history {
      if greets {
        output.writeLine(history.exists ? FirstScreen.short : FirstScreen.long(output))
        output.flush()
      }
      history.truncate()
      for entry in history.load() {
        source.remember(entry.text)
        lastEntry = entry.text
      }
    }
    StopSignals.install(forPromptOf: session)
    while let entry = readEntry() {
      keep(entry)
      if case .exit(let status) = execute(Cell(source: entry, name: "input", firstLine: 1)) {
        return status
      }
    }
    // Ctrl-D leaves the cursor behind the prompt.
    output.writeLine("")
    return 0
  }

  private func execute(_ cell: Cell) -> Outcome {
    // The terminal shows "^C" where the cursor is; what follows starts on a line of its own.
    var startsLine = false
    renderer.begin(cell)
    let outcome = session.execute(cell) { [session, renderer, errors] event in
      if session.interruption.isRequested, !startsLine {
        renderer.startLine(on: errors)
        startsLine = true
      }
      renderer.show(event)
    }
    renderer.end()
    if outcome == .interrupted, !startsLine { renderer.startLine(on: errors) }
    return outcome
  }

  /// One cell: a line, or as many as an open block, bracket or string needs. A pasted block comes
  /// as one line with newlines in it.
  private func readEntry() -> String? {
    var entry = ""
    _ = StopSignals.takeInterrupt()
    while true {
      let prompt = entry.isEmpty ? primary : continuation
      switch source.readLine(prompt: prompt, pending: entry) {
      case .end:
        // Within an entry, Ctrl-D gives up asking for more: what is open becomes an error.
        return entry.isEmpty ? nil : entry
      case .afterInterruption(let line):
        guard let line else { return nil }
        entry = line
      case .line(let line):
        entry += line
      }
      guard session.needsMoreInput(entry) else { return entry }
      entry += "\n"
    }
  }

  /// A leading blank keeps an entry out of the history, and so does being the last one again.
  private func keep(_ entry: String) {
    var text = entry
    while text.last?.isWhitespace == true { text.removeLast() }
    guard !text.isEmpty, text.first != " ", text != lastEntry else { return }
    lastEntry = text
    source.remember(text)
    history?.append(HistoryFile.Entry(text: text, time: time(nil)))
  }
}
