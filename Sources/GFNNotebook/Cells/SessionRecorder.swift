package import GFNLanguage

/// Keeps the cells of a session with what came of them, from its start.
///
/// A script runs as one cell of the session; what it says belongs to the cell of the script whose
/// statement is running.
package final class SessionRecorder: SessionObserver {
  /// A cell with what `export` needs to know of its run.
  fileprivate struct Entry {
    var source: ScriptCell
    var recorder: CellRecorder
    /// Its statements that have started, by number and text.
    var statements: [(number: Int, text: String, isRecorded: Bool)] = []
    var origin: Origin
    /// A line of the prompt rather than a piece of a script.
    var isTyped: Bool { origin == .typed }
    var hasRun: Bool { !statements.isEmpty || !recorder.isEmpty }
  }

  fileprivate enum Origin {
    case script
    case typed
    /// Gone through at the prompt.
    case lesson
  }

  /// How cells of the prompt are called.
  private static let typedName = "input"

  private var entries: [Entry] = []
  /// What the running cell says goes here; nil between cells.
  private var current: Int?
  private var statementCount = 0
  /// The step of a lesson to which the next cell belongs, whole or in part.
  private var expected: (step: Lesson.Step, isFirst: Bool)?
  /// About how many bytes the outputs of the cells before the running one take.
  private var weight = 0

  /// A front end's cells have names of their own.
  private let takesEveryCellAsTyped: Bool

  package init(takesEveryCellAsTyped: Bool = false) {
    self.takesEveryCellAsTyped = takesEveryCellAsTyped
  }

  package func begin(_ cell: Cell) {
    if let (step, isFirst) = expected {
      expected = nil
      return begin(cell, of: step, isFirst: isFirst)
    }
    let isTyped = takesEveryCellAsTyped || cell.name == Self.typedName
    let first = entries.count
    for var source in ScriptCell.cells(of: cell.source) {
      source.firstLine += cell.firstLine - 1
      if isTyped {
        guard !source.isBlank else { continue }
        source = source.separate
      }
      entries.append(
        Entry(source: source, recorder: newRecorder, origin: isTyped ? .typed : .script))
    }
    current = first < entries.count ? first : nil
  }

  package func note(_ event: Event) {
    switch event {
    case .statement(let text, let line, let isRecorded):
      statementCount += 1
      move(to: line)
      if let current { entries[current].statements.append((statementCount, text, isRecorded)) }
    case .failure(let diagnostic) where diagnostic.phase == .check: move(to: diagnostic.line)
    default: break
    }
    if let current { entries[current].recorder.note(event) }
  }

  package func end(_ outcome: Outcome) {
    if let current { weight += entries[current].recorder.weight }
    current = nil
  }

  // MARK: - Lessons

  /// The next cell is a step of a lesson, or a part of one.
  /// - Parameter isFirst: nothing of the step has run.
  func expect(_ step: Lesson.Step, isFirst: Bool) { expected = (step, isFirst) }

  /// Texts that stand behind what has run.
  func add(_ texts: [ScriptCell]) {
    entries += texts.map {
      Entry(source: $0.spaced, recorder: CellRecorder(), origin: .lesson)
    }
  }

  /// What is typed entry by entry makes one cell, unless something came in between or failed.
  private func begin(_ cell: Cell, of step: Lesson.Step, isFirst: Bool) {
    if isFirst { add(step.texts) }
    var source = step.codeCell.marked
    if !isFirst, let last = entries.last, last.origin == .lesson, last.source.kind == .code,
      !last.recorder.hasFailed
    {
      weight -= last.recorder.weight
      entries[entries.count - 1].source.body = ScriptCell.body(
        of: last.source.code.source + "\n" + cell.source, .code, isLast: false)
    } else {
      source.body = ScriptCell.body(of: cell.source, .code, isLast: false)
      entries.append(Entry(source: source, recorder: newRecorder, origin: .lesson))
    }
    current = entries.count - 1
  }

  package var place: Int { entries.count }

  package func forget(after place: Int) {
    guard current == nil, place < entries.count else { return }
    entries.removeLast(entries.count - place)
    weight = entries.reduce(0) { $0 + $1.recorder.weight }
  }

  /// What the whole session keeps bounds what one cell may.
  private var newRecorder: CellRecorder {
    CellRecorder(limit: min(OutputLimit.cell, max(0, OutputLimit.session - weight)))
  }

  /// Goes on to the cell of the script that holds a line.
  private func move(to line: Int) {
    guard var index = current else { return }
    while index + 1 < entries.count, entries[index + 1].source.firstLine <= line {
      weight += entries[index].recorder.weight
      index += 1
      entries[index].recorder = newRecorder
    }
    current = index
  }

  // MARK: - What was kept

  /// The cells up to the last that ran, with the texts behind it.
  private var begun: ArraySlice<Entry> {
    guard let last = entries.lastIndex(where: { $0.hasRun }) else { return [] }
    let rest = entries[(last + 1)...]
    return entries[..<(rest.firstIndex { $0.source.kind == .code } ?? rest.endIndex)]
  }

  /// The cells so far.
  /// - Parameter isWhole: also those of a script that have not run yet.
  package func notebook(isWhole: Bool) -> Notebook {
    var shown = entries
    if !isWhole {
      shown = Array(begun)
      shown.removeAll { $0.isAboutSession }
    }
    var number = 0
    var cells = shown.map { entry in
      if let note = entry.typedNote { return NotebookCell(note) }
      guard entry.source.kind == .code, entry.hasRun else { return NotebookCell(entry.source) }
      number += 1
      return NotebookCell(entry.source, outputs: entry.recorder.outputs, number: number)
    }
    if shown.last.map({ $0.origin != .script }) == true {
      cells[cells.count - 1].source.endFile()
    }
    return Notebook(cells)
  }

  /// The statements that took effect as a script, with the texts. A cell all of whose statements did
  /// stands there as it was written.
  /// - Parameter session: the session that was observed.
  package func script(of session: Session) -> String {
    let effective = Dictionary(grouping: session.numberedStatements, by: \.number)
    let shown = begun
    var cells = shown.compactMap { entry -> ScriptCell? in
      if let note = entry.typedNote { return note }
      guard entry.source.kind == .code else { return entry.source }
      let kept = entry.statements.map { effective[$0.number]?.map(\.text) ?? [] }
      let isWhole = zip(kept, entry.statements).allSatisfy { $0 == [$1.text] }
      if isWhole, !kept.isEmpty || entry.source.isEmpty { return entry.source }
      let lines = kept.joined()
      guard !lines.isEmpty else { return nil }
      var source = entry.source
      source.body = lines.map { $0 + "\n" }.joined() + "\n"
      return source
    }
    if !cells.isEmpty, let last = shown.last, last.origin != .script {
      cells[cells.count - 1].endFile()
    }
    guard !session.preamble.isEmpty else { return ScriptCell.script(of: cells) }
    let start = ScriptCell(mark: nil, body: session.preamble + "\n", firstLine: 1)
    return ScriptCell.script(of: [start] + cells.map(\.marked))
  }
}

extension SessionRecorder.Entry {
  /// Nothing that a record would keep, and nothing that was shown: an export, the start of a lesson,
  /// whose cells are.
  fileprivate var isAboutSession: Bool {
    isTyped && !statements.isEmpty && !statements.contains(where: \.isRecorded)
      && recorder.outputs.allSatisfy {
        if case .lines(_, isError: true) = $0 { true } else { false }
      }
  }

  /// The text cell that a typed `note` is.
  fileprivate var typedNote: ScriptCell? {
    guard isTyped, statements.count == 1, recorder.outputs.count == 1,
      case .value(.text(let text), _, .prose)? = recorder.outputs.first
    else { return nil }
    return ScriptCell(text: text)
  }
}
