import GFNCore

extension LanguageCommands {
  static let undo = CommandSpec(
    "undo", group: .train, summary: "take back the last statement that changed the state",
    positionals: [
      Parameter("count", .integer(1...Session.undoLimit), default: "1", help: "how many")
    ],
    details: """
      The last \(Session.undoLimit) statements that changed the training state can be taken back. \
      Variables keep their values.
      """,
    examples: [
      CommandExample("snapshot here; restore here; undo", "as before 'restore'")
    ],
    changesState: true
  ) { session, arguments in
    try session.undo(arguments.integer("count") ?? 1, at: arguments.span)
    return .none
  }
}
