import GFNFigures
import GFNLanguage
import GFNParameters
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
  private let continuation = "...> "
  private let makeGuide: Program.GuideMaker?
  private let checkpoint: Program.CheckpointMaker
  private var guide: (any PromptGuide)?
  /// A line typed after Ctrl-C had dropped the entry before it.
  private var lastEntry: String?

  /// With readline and a history where a person types and reads, else with plain lines.
  init(
    session: Session, renderer: any Renderer, output: TextStream, errors: TextStream,
    makeGuide: Program.GuideMaker? = nil,
    checkpoint: @escaping Program.CheckpointMaker = { _ in nil }
  ) {
    self.session = session
    self.checkpoint = checkpoint
    self.renderer = renderer
    self.output = output
    self.errors = errors
    self.makeGuide = makeGuide
    guard isatty(STDIN_FILENO) == 1, output.isTerminal else {
      source = PlainLineSource(prompts: errors)
      history = nil
      return
    }
    let completer = Completer(session: session)
    let readline = ReadlineSource(
      completer: completer, display: CompletionDisplay(output: output))
    source = readline
    history = HistoryFile(path: UserFiles.history)
    completer.guideWords = { [weak self] in self?.guide?.words ?? [] }
    TerminalAsker(source: readline, output: output).serve(session)
    guard makeGuide != nil else { return }
    session.lessonStarter = { [weak self] path in
      try MainActor.assumeIsolated { try self?.start(path, presents: false) }
    }
  }

  /// Lets a guide lead through a file.
  func start(_ path: String, presents: Bool) throws {
    guide = try makeGuide?(session, path, presents)
  }

  /// Runs until the user leaves; the result is the program's exit status.
  func run(greets: Bool) -> Int32 {
    if let history {
      if greets {
        for line in history.exists ? FirstScreen.short : FirstScreen.long { output.writeLine(line) }
        output.flush()
      }
      history.truncate()
      for entry in history.load() {
        source.remember(entry.text)
        lastEntry = entry.text
      }
    }
    if history == nil {
      StopSignals.install(forPromptOf: session)
    } else {
      StopSignals.install(forTerminalOf: session)
      if greets { takeUpSession() }
    }
    while !StopSignals.isEnding, let turn = nextTurn() {
      if let status = take(turn) { return status }
    }
    if StopSignals.isEnding || history != nil && isTerminalGone {
      keepSession()
      StopSignals.dieByLastSignal(or: SIGHUP)
    }
    // Ctrl-D leaves the cursor behind the prompt.
    output.writeLine("")
    return 0
  }

  // MARK: - Closed terminals

  /// The end of its input may be seen before the signal.
  private var isTerminalGone: Bool {
    var settings = termios()
    return tcgetattr(STDIN_FILENO, &settings) != 0 && errno == EIO
  }

  private func keepSession() {
    do {
      if let bytes = try checkpoint(session) {
        try KeptSessions(folder: UserFiles.sessions).keep(bytes)
      }
    } catch {
      errors.writeLine(
        "gfn: the session could not be kept: \((error as? CommandError)?.message ?? "\(error)")")
    }
  }

  /// Goes on where a terminal was closed.
  private func takeUpSession() {
    let kept = KeptSessions(folder: UserFiles.sessions)
    guard let (path, moment) = kept.take() else { return }
    var reason = "it was interrupted"
    let cell = Cell(source: "load \(quoted(path)) resume=true", name: "input", firstLine: 1)
    let outcome = session.execute(cell) { event in
      if case .failure(let diagnostic) = event { reason = diagnostic.message }
    }
    output.writeLine(
      outcome == .done
        ? "restored the session of \(moment), whose terminal was closed; 'undo' declines it"
        : "the session of \(moment), whose terminal was closed, was not restored: \(reason); it is in "
          + kept.refuse(path))
    output.flush()
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

  // MARK: - Entries

  private var label: String { guide.map { "gfn [\(visible($0.label))]>" } ?? "gfn>" }

  /// The prompt of a new entry; readline must know which characters take no column.
  private var primary: String {
    let text = label
    guard history != nil, output.hasColour else { return text + " " }
    return "\u{1}\u{1B}[1;36m\u{2}\(text)\u{1}\u{1B}[0m\u{2} "
  }

  /// One cell: a line, or as many as an open block, bracket or string needs. A pasted block comes
  /// as one line with newlines in it.
  private func readEntry() -> String? {
    var entry = ""
    _ = StopSignals.takeInterrupt()
    let primary = primary
    source.primaryPrompt = primary
    while true {
      let prompt = entry.isEmpty ? primary : continuation
      let line = source.readLine(prompt: prompt, pending: entry)
      var added: String?
      // Ctrl-C from here on is about the cell.
      session.interruption.reset()
      switch line {
      case .end:
        // Within an entry, Ctrl-D gives up asking for more: what is open becomes an error.
        return entry.isEmpty ? nil : entry
      case .afterInterruption(let line):
        guard let line else { return nil }
        entry = PastedTranscript.statements(of: line)
      case .line(let line):
        let statements = PastedTranscript.statements(of: line)
        added = entry.isEmpty ? nil : statements
        entry += statements
      }
      guard session.needsMoreInput(entry, after: added) else { return entry }
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

// MARK: - Guides

extension Prompt {
  /// What comes next: an entry of the person's, or what the guide does with one.
  private enum Turn {
    case entry(String)
    case guided(GuideAction)
  }

  /// Nil at the end.
  private func nextTurn() -> Turn? {
    guard let guide else { return readEntry().map { .entry($0) } }
    for line in guide.takeText(width: (output.width ?? 80) - 1) { output.writeLine(line) }
    output.flush()
    if let typing = guide.typing {
      guard type(typing) else {
        guide.pause()
        return .guided(.nothing)
      }
      session.interruption.reset()
      return .guided(.run(typing.cell))
    }
    guard let entry = readEntry() else {
      // Ctrl-D leaves what is innermost.
      output.writeLine("")
      output.writeLine(StyledLine("the lesson is over; Ctrl-D again leaves gfn", .dim))
      return .guided(.leave)
    }
    return guide.action(for: entry).map { .guided($0) } ?? .entry(entry)
  }

  /// - Returns: the exit status where the turn ends the session.
  private func take(_ turn: Turn) -> Int32? {
    switch turn {
    case .entry(let entry):
      keep(entry)
      if case .exit(let status) = execute(
        Cell(source: entry, name: "input", firstLine: 1, isTyped: true))
      {
        return status
      }
    case .guided(.run(let cell)):
      // The cell can be called back and changed.
      source.remember(cell.source)
      lastEntry = cell.source
      let guide = guide
      guide?.begin()
      let outcome = execute(cell)
      if case .exit(let status) = outcome { return status }
      guide?.finish(outcome)
    case .guided(.nothing): break
    case .guided(.leave): guide = nil
    }
    return nil
  }

  /// False where a key stopped it.
  private func type(_ typing: GuidedTyping) -> Bool {
    let selfTyping = SelfTyping(output: output)
    output.write(StyledLine(label, .heading) + StyledLine(" "))
    output.flush()
    if typing.waits, !selfTyping.waitForKey() {
      output.writeLine("")
      return false
    }
    return selfTyping.type(typing.cell.source, continuation: continuation)
  }
}
