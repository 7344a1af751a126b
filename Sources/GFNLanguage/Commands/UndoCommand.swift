import GFNParameters

extension LanguageCommands {
  static let undo = CommandSpec(
    "undo", group: .train, summary: "take back the last statement that changed the state",
    positionals: [
      Parameter("count", .integer(1...Session.undoLimit), default: 1, help: "how many")
    ],
    details: """
      The last \(Session.undoLimit) statements that changed the training state can be taken back, fewer \
      where the states are so large that they would fill the memory. \
      Variables keep their values.
      """,
    examples: [
      CommandExample("snapshot here; restore here; undo", "as before 'restore'")
    ],
    changesState: true, recording: .nothing
  ) { session, arguments in
    let count = arguments.integer(orDefault: "count")
    let undone = session.journal.stateChanges(last: count)
    try session.undo(count, at: arguments.span)
    if !undone.isEmpty {
      session.emit(.notice(Notice(.note, "undone: \(undone.joined(separator: "; "))")))
    }
    return .none
  }
}
