import ArgumentParser
import GFNTerminal
import Glibc

@main
enum Main {
  @MainActor
  static func main() {
    ProcessSetUp.openStandardStreams()
    do {
      var command = try GFN.parseAsRoot(
        ProgramOption.spelledOut(Array(CommandLine.arguments.dropFirst())))
      if let launch = command as? any Launch {
        exit(launch.launch())
      }
      // Help and the shell completion script.
      try command.run()
    } catch {
      let status = GFN.exitCode(for: error)
      if status == .success { GFN.exit(withError: error) }
      let errors = TextStream(descriptor: STDERR_FILENO, colour: .never)
      errors.writeLine(GFN.fullMessage(for: error))
      errors.flush()
      exit(ExitStatus.usage)
    }
  }
}

/// A command line that says what to do; the result is the program's exit status.
protocol Launch {
  @MainActor
  func launch() -> Int32
}
