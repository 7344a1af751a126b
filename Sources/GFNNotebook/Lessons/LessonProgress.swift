package import GFNLanguage

/// How far someone has come in a lesson, and the way back.
package struct LessonProgress {
  package let lesson: Lesson
  /// The step that comes next; the number of steps at the end.
  package private(set) var position = 0
  /// Entries of the step's code that have run, where it is typed entry by entry.
  package private(set) var entriesDone = 0
  /// The steps passed, with the session as it was before each.
  private var passed: [SessionBookmark] = []
  /// The session before the step, where it has begun to run and is not done.
  private var attempt: SessionBookmark?

  package init(_ lesson: Lesson) { self.lesson = lesson }

  package var step: Lesson.Step? {
    lesson.steps.indices.contains(position) ? lesson.steps[position] : nil
  }

  /// The step has begun to run and is not done.
  var hasBegun: Bool { attempt != nil }

  package var isAtEnd: Bool { position == lesson.steps.count }

  /// Where one is: `7: 3/12`.
  package var label: String {
    isAtEnd ? "\(lesson.label): end" : "\(lesson.label): \(position + 1)/\(lesson.steps.count)"
  }

  /// The step, or its next entry, is about to run.
  package mutating func begin(_ session: Session) {
    if let step { recorder(of: session)?.expect(step, isFirst: !hasBegun) }
    if attempt == nil { attempt = session.bookmark }
  }

  /// An entry of the step has run, and others follow.
  package mutating func finishEntry() { entriesDone += 1 }

  /// The step has run.
  package mutating func finish(_ session: Session) { pass(session) }

  /// Goes on without running the step.
  package mutating func skip(_ session: Session) {
    guard !isAtEnd else { return }
    pass(session)
  }

  private mutating func pass(_ session: Session) {
    passed.append(attempt ?? session.bookmark)
    attempt = nil
    entriesDone = 0
    position += 1
    if isAtEnd { recorder(of: session)?.add(lesson.closingTexts) }
  }

  /// Keeps what was gone through for `export`.
  private func recorder(of session: Session) -> SessionRecorder? {
    session.observer as? SessionRecorder
  }

  /// Goes back to where the step has not begun to run, or else to the step before, and makes the session
  /// what it was there.
  /// - Returns: false at the beginning.
  package mutating func goBack(_ session: Session) -> Bool {
    if let attempt {
      session.goBack(to: attempt)
      self.attempt = nil
    } else if let earlier = passed.popLast() {
      session.goBack(to: earlier)
      position -= 1
    } else {
      return false
    }
    entriesDone = 0
    return true
  }
}
