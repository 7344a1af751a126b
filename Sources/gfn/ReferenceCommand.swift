import ArgumentParser
import GFNLanguage
import GFNNotebook
import GFNTerminal
import Glibc

/// `gfn reference`: writes docs/commands.md to standard output.
struct ReferenceCommand: ParsableCommand, Launch {
  static let configuration = CommandConfiguration(
    commandName: "reference", abstract: "Write the reference of all commands as Markdown.",
    shouldDisplay: false)

  func launch() -> Int32 {
    let output = TextStream(descriptor: STDOUT_FILENO, colour: .never)
    // The same wherever the program lies, and whatever lessons there are.
    let all = allCommands(lessons: LessonShelf(folder: nil))
    output.write(CommandReference(all).markdown)
    output.flush()
    guard output.failure != nil else { return ExitStatus.success }
    let errors = TextStream(descriptor: STDERR_FILENO, colour: .never)
    errors.writeLine("gfn: cannot write to standard output")
    errors.flush()
    return ExitStatus.failure
  }
}
