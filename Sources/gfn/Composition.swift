import GFNLanguage
import GFNTerminal

/// All commands of the program.
private let commands = LanguageCommands.all

/// The program as the command line describes it.
@MainActor
func makeProgram(
  _ shared: SharedOptions, bindings: [Binding] = [], opensPrompt: Bool = false
) -> Program {
  var settings = ProgramSettings(
    sessionOptions: SessionOptions(
      seed: shared.seed, isInteractive: opensPrompt, keepGoing: shared.keepGoing,
      prebound: Dictionary(bindings.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
      threads: shared.threads))
  settings.format = shared.output
  settings.display = DisplayOptions(isQuiet: shared.quiet, echoes: shared.echo)
  settings.colour = shared.color
  settings.readsStartUpFile = !shared.noRc
  settings.staysAtPrompt = opensPrompt
  return Program(commands: commands, settings: settings) { _, _ in false }
}
