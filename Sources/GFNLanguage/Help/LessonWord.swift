/// The words that lead through a lesson. They mean something alone on a line of the prompt while a lesson
/// runs, and elsewhere nothing: a `def` may have their names.
package enum LessonWord: String, CaseIterable, Sendable {
  case next
  case back
  case skip
  case again
  case stop
  case resume

  package var summary: String {
    switch self {
    case .next: "run the cell and go on to the next one, as an empty line does"
    case .back: "go back to the cell before, and to the session as it was before that cell ran"
    case .skip: "go on to the next cell without running this one"
    case .again: "show the text and the code of the cell again"
    case .stop: "end the lesson; what it has made stays"
    case .resume: "go on with a presentation whose typing a key has stopped"
    }
  }

  func misplaced(at span: Span) -> CommandError {
    CommandError(
      "lesson", "'\(rawValue)' is a word of lessons at the prompt, and no lesson is running",
      fix: "'lesson' lists the lessons, 'lesson 1' starts one", at: span)
  }
}
