package import GFNLanguage
import GFNParameters

/// `lesson`: lists the lessons, or starts one at the prompt.
package enum LessonCommand {
  package static func spec(_ shelf: LessonShelf) -> CommandSpec {
    CommandSpec(
      "lesson", group: .learn, summary: "list the lessons, or go through one step by step",
      positionals: [
        Parameter(
          "NAME",
          shelf.entries.isEmpty
            ? .path(.read)
            : .either([
              .enumeration(shelf.entries.map { Choice($0.name, title(of: $0)) }), .path(.read),
            ]),
          help: "number, name or a part of the name; or any script in cells, './FILE.gfn'")
      ],
      details: """
        At the prompt a lesson shows a text and the code of a cell. An empty line or 'next' runs the cell; \
        anything else can be typed in between. 'back' goes back to the cell before and makes the session \
        what it was then, 'skip' passes a cell over, 'again' shows it once more, 'stop' ends the lesson. \
        From the shell, 'gfn lesson NAME --present' types the cells by itself.
        """,
      examples: [CommandExample("lesson", "all lessons")], result: .open,
      recording: .nothing,
      judgeAll: { session, arguments in
        guard arguments.has("NAME"), session.lessonStarter == nil else { return }
        let path = arguments.text("NAME").flatMap { try? shelf.path(for: $0) }
        throw arguments.error(
          "lesson", "a lesson is gone through at the prompt, and this is none",
          fix: "'gfn run \(path ?? "docs/lessons/NAME.gfn")' runs it as a whole")
      }
    ) { session, arguments in
      let span = arguments.span(of: "NAME")
      guard let word = arguments.text("NAME") else { return try list(shelf, session, span) }
      let path = try shelf.path(for: word, at: span)
      guard session.files.exists(path) else {
        throw CommandError(.fileNotFound(path), at: span)
      }
      try session.lessonStarter?(path)
      return .none
    }
  }

  private static func list(_ shelf: LessonShelf, _ session: Session, _ span: Span) throws -> Value {
    guard !shelf.entries.isEmpty else { throw LessonShelf.nowhere(at: span) }
    return .table(
      Table(
        columns: [Column("number"), Column("name"), Column("title"), Column("about")],
        rows: try shelf.entries.map { entry in
          let lesson = try LessonShelf.lesson(at: entry.path, session.files, at: span)
          return [
            entry.number.map { .number(Double($0)) } ?? .none, .text(entry.name),
            .text(lesson.title), .text(lesson.about),
          ]
        }, notes: ["'lesson NAME' or 'lesson NUMBER' starts one at the prompt"]))
  }

  /// The title of a lesson without a reading of the whole: the first heading, where it comes early.
  private static func title(of entry: LessonShelf.Entry) -> String {
    guard
      let start = try? Files(workingDirectory: ".").read(entry.path, limit: 1 << 20).prefix(1_000),
      let line = String(decoding: start, as: UTF8.self).split(separator: "\n")
        .first(where: { $0.hasPrefix("# # ") })
    else { return "" }
    return String(line.dropFirst(4))
  }
}
