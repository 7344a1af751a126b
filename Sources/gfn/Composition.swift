import GFNCore
import GFNFigures
import GFNLanguage
import GFNNotebook
import GFNTerminal

/// All commands of the program.
let commands = allCommands(lessons: LessonShelf.found)

func allCommands(lessons: LessonShelf) -> [CommandSpec] {
  CommandSpec.science + LanguageCommands.all + [.export, LessonCommand.spec(lessons)]
}

/// The session as the command line describes it.
func makeSessionOptions(
  _ shared: SharedOptions, bindings: [Binding], isInteractive: Bool
) -> SessionOptions {
  var options = SessionOptions(
    seed: shared.seed, threads: shared.threads, isInteractive: isInteractive,
    keepGoing: shared.keepGoing,
    prebound: Dictionary(bindings.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
    writableDirectories: shared.writableDirectories)
  options.figureWriter = GnuplotWriter()
  return options
}

/// The program as the command line describes it.
@MainActor
func makeProgram(
  _ shared: SharedOptions, bindings: [Binding] = [], opensPrompt: Bool = false,
  recorder: SessionRecorder = SessionRecorder(), showsResults: Bool = true
) -> Program {
  var settings = ProgramSettings(
    sessionOptions: makeSessionOptions(shared, bindings: bindings, isInteractive: opensPrompt))
  settings.format = shared.output
  settings.display = DisplayOptions(isQuiet: shared.quiet, echoes: shared.echo)
  settings.colour = shared.color
  settings.readsStartUpFile = !shared.noRc
  settings.staysAtPrompt = opensPrompt
  settings.showsResults = showsResults
  settings.observer = recorder
  let program = Program(commands: commands, settings: settings) { session, path in
    guard let state = try session.workbench.checkpoint() else { return false }
    try session.files.write(path, try state.encoded())
    return true
  }
  program.makeGuide = { try LessonGuide(session: $0, path: $1, presents: $2) }
  return program
}
