/// The commands of the language itself, which need no science.
package enum LanguageCommands {
  package static let all: [CommandSpec] = [
    SnapshotCommands.snapshot, SnapshotCommands.restore, undo, collect, summary,
    JournalCommands.record,
    JournalCommands.history, HelpCommand.help, apropos, DialogueCommands.note, DialogueCommands.ask,
  ]
}
