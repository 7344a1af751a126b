import GFNParameters

/// `note`, `ask`: what is said beside the computing.
enum DialogueCommands {
  static let note = CommandSpec(
    "note", group: .learn, summary: "say something, which a notebook keeps as text",
    positionals: [
      Parameter("TEXT", .text, help: "the text; in a notebook it may be Markdown", required: true)
    ],
    examples: [CommandExample("note \"the tv halves every hundred steps\"", "an observation")],
    result: .open, isProse: true
  ) { _, arguments in
    .text(arguments.text("TEXT") ?? "")
  }

  static let ask = CommandSpec(
    "ask", group: .learn, summary: "ask whoever sits at the terminal, and return the answer",
    positionals: [Parameter("TEXT", .text, help: "the question", required: true)],
    options: [
      Parameter(
        "default", .any, help: "the answer where nobody can be asked, and of an empty line"),
      Parameter("choices", .list(.any), help: "the answers that count"),
    ],
    details: """
      The answer is a number where it reads as one, else a text. Who runs a script in a terminal is asked \
      too, and so is who runs a cell in Jupyter. In a pipe and while exporting nobody can answer: the question \
      and its default are shown, and without a default it is an error.
      """,
    examples: [
      CommandExample(
        "let guess = ask \"TV after 100 steps?\" default=0.5\nprint $guess", "a prediction"),
      CommandExample("let way = ask \"up or right?\" choices=[up, right] default=up", "out of two"),
    ],
    result: .open, recording: .answer,
    judgeAll: { _, arguments in try judge(arguments) }
  ) { session, arguments in
    let choices = arguments.list("choices") ?? []
    let question = Question(
      arguments.text("TEXT") ?? "", standard: arguments.value("default")?.displayText,
      choices: choices.map(\.displayText))
    guard let asker = session.asker else {
      guard let standard = arguments.value("default") else {
        throw arguments.error(
          "option", "nobody can be asked here, and the question has no default",
          fix: "add default=VALUE")
      }
      session.emit(
        .printed("\(question.text) [\(standard.displayText)]", line: arguments.span.line))
      return standard
    }
    guard let answer = asker(question) else { throw Interpreter.Interrupted() }
    // As given, so that a word stays one and '00' too.
    if let choice = choices.first(where: { $0.displayText == answer }) { return choice }
    let value = Value(given: answer)
    return if case .number = value { value } else { .text(answer) }
  }

  private static func judge(_ arguments: Arguments) throws {
    guard let choices = arguments.list("choices"), arguments.areKnown else { return }
    if choices.isEmpty {
      throw arguments.error("option", "there is nothing to choose from", at: "choices")
    }
    guard let standard = arguments.value("default"),
      !choices.contains(where: { $0.displayText == standard.displayText })
    else { return }
    throw arguments.error(
      "option", "the default '\(standard.displayText)' is none of the choices", at: "default")
  }
}
