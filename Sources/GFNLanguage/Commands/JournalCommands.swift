import GFNParameters

/// `record`, `history`: what the session has effectively done.
enum JournalCommands {
  static let record = CommandSpec(
    "record", group: .keep, summary: "write the session as a script, from its start on",
    positionals: [Parameter("file", .path(.write), help: "the script", required: true)],
    details: """
      The file holds every statement that took effect, and grows with the session: an interrupted \
      'train 1000' stands there as 'train 437', and what was aborted is left out, as is what was undone (unless something kept may rest on it).
      """,
    examples: [CommandExample("let n = 3\nrecord \"session.gfn\"", "keep what was done so far")],
    recording: .nothing
  ) { session, arguments in
    try session.startRecord(
      arguments.path("file") ?? "", overwriting: arguments.overwrites,
      at: arguments.span(of: "file"))
    return .none
  }

  static let history = CommandSpec(
    "history", group: .keep, summary: "show the statements that took effect",
    examples: [CommandExample("let n = 3\nhistory", "what 'record' would write")],
    result: .table(columns: ["n", "statement"]),
    recording: .nothing
  ) { session, _ in
    let rows = session.effectiveStatements.enumerated().map { index, statement in
      [Value.number(Double(index + 1)), Value.text(statement)]
    }
    return .table(Table(columns: [Column("n"), Column("statement")], rows: rows))
  }
}
