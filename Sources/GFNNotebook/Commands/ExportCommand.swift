package import GFNLanguage
import GFNParameters

extension CommandSpec {
  /// `export`: the session as a notebook, a page, a text or a script.
  package static let export = CommandSpec(
    "export", group: .keep, summary: "write the session as a notebook, a page, a text or a script",
    positionals: [
      Parameter(
        "file", .path(.write),
        help: "ends in .ipynb, .html, .md or .gfn, which says what is written",
        required: true)
    ],
    details: """
      All that was run so far, cell by cell, with what came of it, errors too: .ipynb is a \
      notebook that Jupyter opens, .html one page that needs nothing else, .md Markdown. A \
      'note' typed by itself becomes a text; a lesson gives its texts and cells, without what \
      'back' has taken back. .gfn is the script of what took effect, as 'record' keeps it, with \
      the texts. The file is written anew each time; equal sessions give equal files. 'gfn \
      export SCRIPT -o FILE' does the same with a script from a shell, 'gfn import NOTEBOOK -o \
      SCRIPT' is the way back.
      """,
    examples: [
      CommandExample("let n = 3\nprint $n\nexport \"session.html\"", "a page to hand on"),
      CommandExample("note \"three is odd\"\nexport \"session.ipynb\"", "a notebook"),
    ],
    recording: .nothing,
    judge: { _, name, value, span in
      guard name == "file", case .text(let path) = value else { return }
      do {
        _ = try ExportFormat(path: path)
      } catch let error as CommandError {
        throw CommandError(error.kind, at: span)
      }
    }
  ) { session, arguments in
    let path = arguments.path("file") ?? ""
    let span = arguments.span(of: "file")
    guard let recorder = session.observer as? SessionRecorder else {
      throw arguments.error(
        "not-recorded", "this session keeps no record of its cells",
        fix: "export it where it runs: at the prompt, or with 'gfn export' from a shell")
    }
    let format: ExportFormat
    do {
      format = try ExportFormat(path: path)
    } catch let error as CommandError {
      throw CommandError(error.kind, at: span)
    }
    try session.files.checkWritable(path, overwriting: arguments.overwrites, at: span)
    let text = try recorder.file(format, name: path, of: session, isWhole: false) {
      session.emit(.notice(Notice(.warning, $0)))
    }
    try session.files.write(path, text.utf8, overwriting: arguments.overwrites, at: span)
    return .none
  }
}
