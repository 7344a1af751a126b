package import GFNLanguage
import Glibc

/// One run of the program: what the command line asked for, from start to exit status.
@MainActor
package final class Program {
  /// What a stopped session has learned, as a file's bytes; nil when there is nothing to keep.
  package typealias CheckpointMaker = (Session) throws -> [UInt8]?
  /// Makes the guide through a script, which may type it by itself.
  package typealias GuideMaker =
    @MainActor (_ session: Session, _ path: String, _ presents: Bool) throws -> any PromptGuide

  /// Lessons can be gone through where this is set.
  package var makeGuide: GuideMaker?

  /// Called when a script is over, however it ended, unless it did not pass its check; with a way to warn.
  package typealias Finisher = (Session, (String) -> Void) throws -> Void

  package var afterScript: Finisher?

  private let session: Session
  private let settings: ProgramSettings
  private let checkpoint: CheckpointMaker
  private let output: TextStream
  private let errors: TextStream
  private let renderer: any Renderer
  /// A cell that does not pass its check runs nothing.
  private var hasPassedCheck = true

  package init(
    settings: ProgramSettings, makeSession: (SessionOptions) -> Session,
    checkpoint: @escaping CheckpointMaker
  ) {
    self.settings = settings
    self.checkpoint = checkpoint
    var options = settings.sessionOptions
    options.stackSize = ProcessSetUp.prepare()
    output =
      settings.showsResults
      ? TextStream(descriptor: STDOUT_FILENO, colour: settings.colour) : .silent
    options.showsLive =
      output.hasCursorControl && settings.format == .table && !settings.display.isQuiet
    session = makeSession(options)
    session.observer = settings.observer
    errors = TextStream(descriptor: STDERR_FILENO, colour: settings.colour)
    session.windowWidth = { [output] in output.width }
    renderer =
      switch settings.format {
      case .table: TextRenderer(output: output, errors: errors, options: settings.display)
      case .json: JSONRenderer(output: output, errors: errors, options: settings.display)
      case .csv: CSVRenderer(output: output, errors: errors, options: settings.display)
      }
  }

  /// The prompt.
  package func interact() -> Int32 {
    if let status = runStartUpFile() { return closing(status) }
    return openPrompt(greets: true)
  }

  /// The prompt with a guide through a script.
  package func interact(guidedBy path: String, presents: Bool) -> Int32 {
    if let status = runStartUpFile() { return closing(status) }
    let prompt = makePrompt()
    do {
      try prompt.start(path, presents: presents)
    } catch {
      complain((error as? CommandError)?.message ?? "\(error)")
      return closing(ExitStatus.failure)
    }
    return closing(prompt.run(greets: false))
  }

  /// Runs a script, or standard input where `path` is `-`.
  package func run(file path: String) -> Int32 {
    guard let source = read(path) else { return ExitStatus.failure }
    let name = path == "-" ? "stdin" : path
    session.files.note(input: path == "-" ? "/dev/stdin" : path, as: .script)
    return run(Cell(source: source, name: name, firstLine: 1))
  }

  /// Runs statements from the command line.
  package func run(statements: [String]) -> Int32 {
    run(Cell(source: statements.joined(separator: "\n"), name: "-e", firstLine: 1))
  }

  /// Checks scripts without running anything.
  package func check(files: [String]) -> Int32 {
    var status = ExitStatus.success
    for path in files {
      guard let source = read(path) else {
        status = max(status, ExitStatus.failure)
        continue
      }
      let name = path == "-" ? "stdin" : path
      let found = session.check(Cell(source: source, name: name, firstLine: 1))
      for diagnostic in found { renderer.show(.failure(diagnostic)) }
      if !found.isEmpty { status = ExitStatus.usage }
    }
    return closing(status)
  }

  private func openPrompt(greets: Bool) -> Int32 {
    closing(makePrompt().run(greets: greets))
  }

  private func makePrompt() -> Prompt {
    Prompt(
      session: session, renderer: renderer, output: output, errors: errors, makeGuide: makeGuide,
      checkpoint: checkpoint)
  }

  private func run(_ cell: Cell) -> Int32 {
    if settings.staysAtPrompt {
      let found = session.check(cell)
      guard found.isEmpty else {
        for diagnostic in found { renderer.show(.failure(diagnostic)) }
        return closing(ExitStatus.usage)
      }
      // A session's first cell must take every NAME=VALUE; those are the script's, not this file's.
      session.releaseBindings()
      // It comes first, so that the script has the last word.
      if let status = runStartUpFile() { return closing(status) }
    }
    if cell.name != "stdin" {
      TerminalAsker.forScript(of: session, output: output)?.serve(session)
    }
    StopSignals.install(forScriptOf: session)
    let outcome = execute(cell)
    let isFinished = finishScript()
    switch outcome {
    case .exit(let status):
      return closing(isFinished ? status : max(status, ExitStatus.failure))
    case .interrupted where !settings.staysAtPrompt:
      keepCheckpoint(of: cell)
      _ = closing(ExitStatus.failure)
      StopSignals.dieByLastSignal()
      return ExitStatus.failure
    case .done, .failed, .interrupted:
      if settings.staysAtPrompt { return openPrompt(greets: false) }
      if !hasPassedCheck { return closing(ExitStatus.usage) }
      if case .done = outcome, isFinished { return closing(ExitStatus.success) }
      return closing(ExitStatus.failure)
    }
  }

  /// - Returns: false where what had to be done could not be.
  private func finishScript() -> Bool {
    guard !session.hasLost else { return false }
    guard hasPassedCheck, let afterScript else { return true }
    do {
      try afterScript(session) { complain("warning: \($0)") }
      return true
    } catch let error as CommandError {
      complain([error.message, error.fix].compactMap(\.self).joined(separator: "; "))
    } catch {
      complain("\(error)")
    }
    return false
  }

  /// The result is the status that the file exits with, if it does.
  private func runStartUpFile() -> Int32? {
    guard settings.readsStartUpFile, access(UserFiles.startUp, F_OK) == 0 else { return nil }
    guard let source = read(UserFiles.startUp) else { return nil }
    StopSignals.install(forPromptOf: session)
    let cell = Cell(source: source, name: UserFiles.startUp, firstLine: 1)
    guard case .exit(let status) = execute(cell) else { return nil }
    return status
  }

  private func execute(_ cell: Cell) -> Outcome {
    renderer.begin(cell)
    defer { renderer.end() }
    return session.execute(cell) { [renderer] event in
      if case .failure(let diagnostic) = event, diagnostic.phase == .check {
        self.hasPassedCheck = false
      }
      renderer.show(event)
    }
  }

  private func keepCheckpoint(of cell: Cell) {
    let name = cell.name.split(separator: "/").last.map(String.init) ?? cell.name
    let stem = name.hasSuffix(".gfn") ? String(name.dropLast(4)) : "gfn"
    do {
      guard let bytes = try checkpoint(session) else { return complain("interrupted") }
      let path = try write(bytes, stem + ".interrupted")
      complain(
        "interrupted; the training state is in '\(path)'; 'load \"\(path)\" resume=true' goes on")
    } catch {
      complain(
        "interrupted; the training state could not be written: "
          + ((error as? CommandError)?.message ?? "\(error)"))
    }
  }

  /// Writes a training state under a name, or with a number behind it where somebody else has such a file.
  private func write(_ bytes: [UInt8], _ stem: String) throws -> String {
    let names = [stem] + (2...99).map { "\(stem).\($0)" }
    let paths = names.map { $0 + ".safetensors" }
    let free = paths.first { path in
      !session.files.exists(path) || (try? session.files.checkWritable(path)) != nil
    }
    let path = free ?? paths[0]
    try session.files.write(path, bytes)
    return path
  }

  private func read(_ path: String) -> String? {
    do {
      return try scriptText(at: path)
    } catch let error as UnreadableScript {
      complain(error.message)
    } catch {
      complain("cannot read '\(path)': \(error)")
    }
    return nil
  }

  private func complain(_ message: String) {
    output.flush()
    errors.writeLine("gfn: \(message)")
    errors.flush()
  }

  /// Writes what is left; a success whose results did not arrive is none.
  private func closing(_ status: Int32) -> Int32 {
    output.flush()
    if let failure = output.failure {
      complain("cannot write to standard output: \(reason(failure))")
      return status == ExitStatus.success ? ExitStatus.failure : status
    }
    errors.flush()
    return status
  }
}

/// What the program tells its caller; `exit N` is the script's own.
package enum ExitStatus {
  package static let success: Int32 = 0
  /// A statement failed while running, or a file could not be read or written.
  package static let failure: Int32 = 1
  /// Wrong usage, or a script that does not pass the check.
  package static let usage: Int32 = 2
}
