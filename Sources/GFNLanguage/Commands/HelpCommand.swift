import GFNParameters

enum HelpCommand {
  static let help = CommandSpec(
    "help", group: .learn, summary: "explain a command, an option, a word or the language",
    positionals: [
      Parameter(
        "word", .text,
        help: "a command, an option, a value, a field of a result, 'language' or 'errors'",
        variadic: true)
    ],
    details: "'?WORD' is short for 'help WORD'.",
    examples: [
      CommandExample("help", "all commands by group"),
      CommandExample("help undo", "one command"),
      CommandExample("?language", "the grammar in short"),
    ],
    recording: .nothing
  ) { session, arguments in
    let help = Help(
      commands: session.commands, definitions: session.definitions,
      width: Help.width(in: session.windowWidth?()))
    // 'help env hypergrid' asks for the last of its words.
    guard let word = arguments.texts("word")?.last ?? arguments.text("word") else {
      session.emit(.printed(help.overview, line: arguments.span.line))
      return .none
    }
    guard let text = help.text(on: word) else {
      let suggestion = Suggestion.nearest(to: word, in: help.topics)
      throw CommandError(
        .unknownTopic(word, suggestion: suggestion), at: arguments.span(of: "word"))
    }
    session.emit(.printed(text, line: arguments.span.line))
    return .none
  }
}
