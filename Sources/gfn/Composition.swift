import GFNLanguage
import GFNTerminal

/// All commands of the program.
private let commands: [CommandSpec] = []

/// The program as the command line describes it.
@MainActor
func makeProgram(
  _ shared: SharedOptions, bindings: [Binding] = [], staysAtPrompt: Bool = false
) -> Program {
  var options = SessionOptions()
  options.seed = shared.seed
  options.keepGoing = shared.keepGoing
  options.prebound = Dictionary(
    bindings.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
  var settings = ProgramSettings(sessionOptions: options)
  settings.format = shared.output
  settings.display = DisplayOptions(isQuiet: shared.quiet, echoes: shared.echo)
  settings.colour = shared.color
  settings.readsStartUpFile = !shared.noRc
  settings.staysAtPrompt = staysAtPrompt
  return Program(commands: commands, settings: settings) { _, _ in false }
}
