import GFNFigures
import GFNLanguage
import GFNNotebook
import GFNTerminal

/// Leads through a lesson at the prompt, cell by cell, or types its cells.
@MainActor
final class LessonGuide: PromptGuide {
  private let session: Session
  private var progress: LessonProgress
  private let presents: Bool
  private var isPaused = false
  /// 'resume' was said: it is the key that is waited for.
  private var resumes = false
  /// What to show next: the step or a remark, in this order.
  private var remarks: [String] = []
  private var showsStep = true
  private var isFirst = true

  init(session: Session, path: String, presents: Bool) throws {
    self.session = session
    self.presents = presents
    progress = LessonProgress(try LessonShelf.lesson(at: path, session.files))
    guard !progress.lesson.steps.isEmpty else {
      throw CommandError(
        "lesson", "'\(path)' has no code cell", fix: "a line '# %%' starts one")
    }
  }

  var label: String { progress.label }

  var words: [(word: String, meaning: String)] {
    LessonWord.allCases.filter { presents || $0 != .resume }.map { ($0.rawValue, $0.summary) }
  }

  // MARK: - What is shown

  func takeText(width: Int) -> [StyledLine] {
    var lines = remarks.flatMap { StyledLine.wrapped($0, .dim, to: width) }
    remarks = []
    guard showsStep else { return lines }
    showsStep = false
    lines.append(StyledLine())
    guard let step = progress.step else { return lines + ending(width) }
    if !step.text.isEmpty {
      lines += MarkdownLines.lines(of: step.text, width: width) + [StyledLine()]
    }
    if !presents || isPaused { lines += code(of: step, width) }
    if isFirst {
      isFirst = false
      let hint =
        presents
        ? "Any key types the next cell, and any key stops the typing; then type what you like, and "
          + "'resume' goes on."
        : "Enter runs the cell, and you can type anything in between; back, skip, again and stop: "
          + "'help back'."
      lines += StyledLine.wrapped(hint, .dim, to: width)
    }
    return lines
  }

  private func code(of step: Lesson.Step, _ width: Int) -> [StyledLine] {
    let title = step.title.isEmpty ? [] : [StyledLine("  # \(visible(step.title))", .dim)]
    let lines = step.code.source.split(separator: "\n", omittingEmptySubsequences: false)
    return title + lines.flatMap { Self.shown(visible(String($0)), width) } + [StyledLine()]
  }

  /// A line of code, cut at blanks where the window is too narrow for it.
  private static func shown(_ line: String, _ width: Int) -> [StyledLine] {
    var indentation = "  " + line.prefix { $0 == " " }
    var rest = line.drop { $0 == " " }
    var lines: [StyledLine] = []
    while true {
      let end = cut(rest, to: width - displayWidth(indentation))
      lines.append(StyledLine(String(rest[..<end]), .code).indented(by: indentation))
      guard end < rest.endIndex else { return lines }
      if lines.count == 1 { indentation += "    " }
      rest = rest[end...].drop { $0 == " " }
    }
  }

  /// The last blank before which the text is no wider than the room, else the first one, else the end.
  private static func cut(_ text: Substring, to room: Int) -> String.Index {
    var blank: String.Index?
    var width = 0
    for index in text.indices {
      if width > room, blank != nil { break }
      if text[index] == " ", blank == nil || width <= room { blank = index }
      width += displayWidth(String(text[index]))
    }
    return width > room ? blank ?? text.endIndex : text.endIndex
  }

  private func ending(_ width: Int) -> [StyledLine] {
    var lines: [StyledLine] = []
    if !progress.lesson.closing.isEmpty {
      lines = MarkdownLines.lines(of: progress.lesson.closing, width: width) + [StyledLine()]
    }
    let next = progress.lesson.number.map { number in
      LessonShelf.found.entries.contains { $0.number == number + 1 }
        ? " 'lesson \(number + 1)' is the next one." : ""
    }
    return lines
      + StyledLine.wrapped(
        "This is the end of the lesson \"\(visible(progress.lesson.title))\". Enter leaves it, what it "
          + "made stays; 'back' goes back.\(next ?? "")", .dim, to: width)
  }

  private func remark(_ text: String) { remarks.append(text) }

  // MARK: - Typing

  var typing: GuidedTyping? {
    guard presents, !isPaused, let step = progress.step else { return nil }
    let entries = Lesson.entries(of: step.code, in: session)
    guard entries.indices.contains(progress.entriesDone) else { return nil }
    return GuidedTyping(entries[progress.entriesDone], waits: progress.entriesDone == 0 && !resumes)
  }

  func pause() {
    isPaused = true
    resumes = false
    remark("The typing has stopped; 'resume' goes on, Enter runs the rest of the cell.")
  }

  // MARK: - What is typed

  func action(for entry: String) -> GuideAction? {
    let text = String(entry.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    let word = text.isEmpty ? .next : LessonWord(rawValue: text)
    guard let word else { return nil }
    switch word {
    case .next: return next()
    case .back:
      if progress.goBack(session) {
        showsStep = true
      } else {
        remark("This is the first cell, and nothing of it has run.")
      }
    case .skip:
      if progress.isAtEnd { return next() }
      progress.skip(session)
      remark("Skipped; where a later cell misses what this one sets, 'back' leads here again.")
      showsStep = true
    case .again: showsStep = true
    case .stop: return .leave
    case .resume:
      if presents {
        isPaused = false
        resumes = true
        showsStep = progress.isAtEnd
      } else {
        remark("Nothing is being presented: Enter runs the cell.")
      }
    }
    return .nothing
  }

  private func next() -> GuideAction {
    guard let step = progress.step else { return .leave }
    let entries = Lesson.entries(of: step.code, in: session)
    guard progress.entriesDone > 0, entries.indices.contains(progress.entriesDone) else {
      return .run(step.code)
    }
    // The rest of a cell of which a part was typed.
    let rest = entries[progress.entriesDone...]
    var code = step.code
    code.firstLine = rest.first?.firstLine ?? code.firstLine
    code.source =
      code.source.split(separator: "\n", omittingEmptySubsequences: false)
      .dropFirst(code.firstLine - step.code.firstLine).joined(separator: "\n")
    return .run(code)
  }

  func begin() {
    resumes = false
    progress.begin(session)
  }

  func finish(_ outcome: Outcome) {
    guard outcome == .done else {
      isPaused = true
      let how = outcome == .interrupted ? "was stopped" : "has failed"
      let go = presents ? ", 'resume' types it again" : ""
      return remark(
        "The cell \(how), and the lesson stays here: Enter runs it again\(go), 'back' takes back what it "
          + "did, 'skip' goes past it.")
    }
    if presents, !isPaused, let step = progress.step,
      progress.entriesDone + 1 < Lesson.entries(of: step.code, in: session).count
    {
      return progress.finishEntry()
    }
    progress.finish(session)
    showsStep = true
  }
}
