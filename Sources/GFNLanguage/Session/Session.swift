package import GFNParameters

/// The state of a session and the only way to run anything in it.
///
/// A session lives on one thread.
package final class Session {
  /// With what declarations have added to them.
  package private(set) var commands: CommandTable
  /// The environments that statements have declared.
  package internal(set) var declarations = Declarations() {
    didSet { commands = givenCommands.declaring(declarations) }
  }
  let givenCommands: CommandTable
  package let options: SessionOptions
  package let files: Files
  package let interruption = Interruption()
  /// What commands work on. Assigning one that another statement left is what `undo` and `restore`
  /// do; they go through `replaceBench`.
  package var bench: any Bench
  /// Puts a question to whoever sits at the terminal, where someone does; nil when they give no answer.
  package var asker: ((Question) -> String?)?
  /// Keeps what cells say, for `export`.
  package var observer: (any SessionObserver)?
  /// Starts the lesson in a file at the prompt; nil where there is none.
  package var lessonStarter: ((String) throws -> Void)?
  /// Columns of the window that texts are for; nil where lines may have any length.
  package var windowWidth: (() -> Int?)?
  /// How many earlier states `undo` can bring back.
  package static let undoLimit = 10

  var variables = Variables()
  var definitions: [String: Definition] = [:]
  /// Variables of the session that commands in its `def`s may set.
  var setByDefinitions: Set<String> = []
  var prebound: [String: Value] = [:]
  /// Variables that statements should have set which failed.
  var unsetNames: Set<String> = []
  package var snapshots: [String: any Bench] = [:]
  /// The last shown value, `$it`.
  var lastShown: Value?
  var journal = Journal()
  var undoStack: [any Bench] = []
  /// How many states the running statement has undone.
  var undoneStates = 0
  /// The running statement has put another state in place, whatever its revision.
  var replacedBench = false
  /// A cell has run; `NAME=VALUE` from outside has been checked against it.
  var hasStarted = false
  /// The file that keeps the journal, after `record`.
  var recordFile: RecordFile?
  /// Something is not kept that was to be, as a record on a full disk.
  package internal(set) var hasLost = false
  /// What commands keep beside the bench, whatever is undone: one object a type.
  private var companions: [ObjectIdentifier: AnyObject] = [:]
  /// Blocks of `expect error` that the static check has found to fail as they should.
  var satisfiedExpectations: Set<Span> = []
  var interpreter: Interpreter?
  /// The source of the running cell, where a person typed it.
  var typedSource: SourceFile?
  /// The statements of cells that have started to run.
  var statementCount = 0
  private var sinks: [(Event) -> Void] = []

  package init(
    commands: CommandTable, bench: any Bench = EmptyBench(),
    options: SessionOptions = SessionOptions()
  ) {
    self.commands = commands
    givenCommands = commands
    self.bench = bench
    self.options = options
    files = Files(
      workingDirectory: options.workingDirectory,
      writableDirectories: options.writableDirectories, programFolder: options.programFolder,
      isAborted: { [interruption] in interruption.isAbort || interruption.hasGivenUp })
    prebound = options.prebound.mapValues(Value.init(given:))
  }

  // MARK: - For command handlers

  /// Says something while a cell executes. What silent commands and `quiet` keep back is dropped.
  package func emit(_ event: Event) {
    let silence = interpreter?.silence ?? .none
    switch event {
    case .value:
      guard silence == .none else { return }
    case .row:
      // In a loop the table shrinks to one line.
      guard silence == .none, interpreter?.loopDepth ?? 0 == 0 else { return }
    case .progress, .live:
      guard silence != .quiet else { return }
    case .notice(let notice):
      guard silence != .quiet || notice.level == .warning else { return }
    case .printed, .statement, .failure: break
    }
    if case .value(let value, _, _, _) = event { lastShown = value }
    // What is shown is shown whole, though it may have been interrupted before it was.
    Interruption.finishing {
      observer?.note(event)
      sinks.last?(event)
    }
  }

  /// The object of a type that commands share in this session.
  package func companion<Companion: AnyObject>(_ make: () -> Companion) -> Companion {
    let key = ObjectIdentifier(Companion.self)
    if let known = companions[key] as? Companion { return known }
    let made = make()
    companions[key] = made
    return made
  }

  /// A value that the running command returns is shown, and not taken by something around it.
  package var showsValues: Bool { interpreter.map { $0.silence == .none } ?? true }

  /// Someone sees `Event.live` as it comes.
  package var showsLive: Bool { options.showsLive && interpreter?.silence != .quiet }

  /// Notes what the running command really did, as it would be typed: `train 437  # of 1000`.
  /// The journal keeps it in place of the command where the statement does not complete.
  package func noteEffective(_ text: String) { interpreter?.noteEffective(text) }

  /// Runs the settings that a file holds, one a line, on behalf of the running command.
  /// - Parameter names: the only commands that may stand there.
  /// - Throws: `CommandError`.
  package func perform(_ text: String, of names: Set<String>, from source: String) throws {
    try (interpreter ?? Interpreter(self)).perform(text, of: names, from: source)
  }

  /// The names of the snapshots, sorted.
  package var snapshotNames: [String] { snapshots.keys.sorted() }

  /// The effective statements so far.
  package var effectiveStatements: [String] { journal.entries.map(\.text) }

  /// The effective statements so far, each with the number of the statement that it comes from: the
  /// events of a session tell of its first statement, its second, and so on.
  package var numberedStatements: [(number: Int, text: String)] {
    journal.entries.map { ($0.number, $0.text) }
  }

  // MARK: - For front ends

  /// Bytes of an entry that is read anew with each of its lines.
  private static let shortEntry = 4096
  private static let closers: Set<Character> = ["}", "]", ")", "\"", "'", "\\"]

  /// Runs a cell. A cell that does not pass the check runs nothing.
  package func execute(_ cell: Cell, to sink: @escaping (Event) -> Void) -> Outcome {
    let isOutermost = sinks.isEmpty
    sinks.append(sink)
    defer { sinks.removeLast() }
    if isOutermost { observer?.begin(cell) }
    let outcome = Interruption.$current.withValue(interruption) {
      CellRun(session: self).run(cell)
    }
    if isOutermost { observer?.end(outcome) }
    return outcome
  }

  /// Lets the first cell be none that has to declare what was given from outside, `NAME=VALUE`: what follows
  /// is a person's or a front end's, who may use the names or not.
  package func releaseBindings() { hasStarted = true }

  /// Finds what is wrong with a cell without running it.
  package func check(_ cell: Cell) -> [Diagnostic] {
    parseAndCheck(cell).errors.map { Diagnostic($0, phase: .check) }
  }

  /// Whether a text may become complete with more lines: an open block, bracket or string, or a
  /// backslash at its end, and no other mistake.
  /// - Parameter line: the last one of a text that needed more without it: where nothing in it closes
  ///   anything, the text is not read anew, so that a long block costs little a line.
  package func needsMoreInput(_ text: String, after line: String? = nil) -> Bool {
    if let line, text.utf8.count > Self.shortEntry, !line.contains(where: Self.closers.contains),
      text.utf8.dropLast(line.utf8.count + 1).last != UInt8(ascii: "\\")
    {
      return true
    }
    var parser = Parser(SourceFile(name: "input", text: text))
    _ = parser.parseScript()
    return parser.isIncomplete && parser.errors.count <= 1
  }
}

extension Value {
  /// A value from the command line: a literal where it reads as one, else the text itself.
  init(given text: String) {
    var parser = Parser(SourceFile(name: "command line", text: text))
    if let expression = try? parser.parseValue(), expression.span.end == text.utf8.count,
      let value = expression.literalValue
    {
      self = value
    } else {
      self = .text(text)
    }
  }
}
