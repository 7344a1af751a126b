import GFNParameters

/// `snapshot`, `restore`: the training state under a name.
enum SnapshotCommands {
  static let snapshot = CommandSpec(
    "snapshot", group: .train, summary: "keep the training state under a name",
    positionals: [Parameter("name", .text, help: "the name", required: true)],
    details: """
      Snapshots last as long as the session; 'save' keeps the state in a file. All together may take a \
      quarter of the memory; 'show' lists them.
      """,
    examples: [
      CommandExample("snapshot start\nrestore start", "come back to where it was")
    ]
  ) { session, arguments in
    guard let name = arguments.text("name") else { return .none }
    guard name != "now" else {
      throw arguments.error(
        "option", "'now' names the present state in 'plot curve'", fix: "give another name",
        at: "name")
    }
    let bytes = try session.keepSnapshot(name, at: arguments.span)
    if bytes > 0 {
      session.emit(.notice(Notice(.note, "'\(name)' holds \(Memory.text(bytes))")))
    }
    return .none
  }

  static let restore = CommandSpec(
    "restore", group: .train, summary: "bring back the state of a snapshot",
    positionals: [Parameter("name", .snapshot, help: "the name", required: true)],
    examples: [CommandExample("snapshot best; restore best", "'undo' takes it back")],
    changesState: true
  ) { session, arguments in
    let name = arguments.text("name") ?? ""
    guard let state = session.snapshots[name] else {
      throw CommandError(
        .unknownSnapshot(name, known: session.snapshotNames), at: arguments.span(of: "name"))
    }
    session.replaceBench(state)
    return .none
  }
}
