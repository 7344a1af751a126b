import ArgumentParser
import GFNLanguage
import GFNNotebook
import GFNTerminal
import Glibc

/// `gfn lesson [NAME] [--present]`
struct LessonLaunch: ParsableCommand, Launch {
  static let configuration = CommandConfiguration(
    commandName: "lesson",
    abstract: "List the lessons, or go through one at the prompt.",
    usage: "gfn lesson [OPTIONS]\ngfn lesson [OPTIONS] NAME [--present]")

  @Argument(
    help: "Its number, its name or a part of the name, or a script in cells.",
    completion: .file(extensions: ["gfn"]))
  var name: String?

  @Flag(help: "Type the cells by itself, each when a key is pressed.")
  var present = false

  @OptionGroup var shared: SharedOptions

  private var hasTerminal: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

  func validate() throws {
    guard let name else {
      if present { throw ValidationError("'--present' needs the name of a lesson") }
      return
    }
    let path: String
    do {
      path = try LessonShelf.found.path(for: name)
    } catch let error as CommandError {
      throw ValidationError([error.message, error.fix].compactMap(\.self).joined(separator: "; "))
    }
    guard access(path, R_OK) == 0 else { throw ValidationError("cannot read '\(path)'") }
    guard hasTerminal else {
      throw ValidationError(
        "a lesson needs a terminal; 'gfn run \(path)' runs it as a whole")
    }
  }

  func launch() -> Int32 {
    guard let name, let path = try? LessonShelf.found.path(for: name) else {
      return makeProgram(shared).run(statements: ["lesson"])
    }
    return makeProgram(shared, opensPrompt: true).interact(guidedBy: path, presents: present)
  }
}
