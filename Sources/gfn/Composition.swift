import GFNCommands
import GFNCore
import GFNFigures
import GFNLanguage
import GFNNotebook
import GFNParameters
import GFNPrograms
import GFNTerminal

/// All commands of the program.
let commands = allCommands(lessons: LessonShelf.found)

func allCommands(lessons: LessonShelf) -> CommandTable {
  .program(adding: [.export, LessonCommand.spec(lessons)])
}

/// The options of a session as the command line describes them.
func makeSessionOptions(
  _ shared: SharedOptions, bindings: [Binding], isInteractive: Bool
) -> SessionOptions {
  var options = SessionOptions(
    opening: shared.seed.map { ["seed \($0)"] } ?? [], isInteractive: isInteractive,
    keepGoing: shared.keepGoing,
    prebound: Dictionary(bindings.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
    writableDirectories: shared.writableDirectories)
  options.figureWriter = GnuplotWriter()
  options.programs = ScoringPrograms()
  options.permission = shared.allowsAnyProgram ? .all : .named(Set(shared.programs))
  options.programFolder = ProgramFolder.found
  return options
}

/// A session of all commands.
func makeSession(_ shared: SharedOptions, _ options: SessionOptions) -> Session {
  Session(
    commands: commands,
    bench: Workbench(seed: shared.seed.map { UInt64($0) }, threads: shared.threads),
    options: options)
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
  let program = Program(settings: settings, makeSession: { makeSession(shared, $0) }) { session in
    try session.workbench.checkpoint()?.encoded()
  }
  program.makeGuide = { try LessonGuide(session: $0, path: $1, presents: $2) }
  return program
}
