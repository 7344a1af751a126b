import ArgumentParser
import GFNTerminal
import Glibc

/// `gfn [run] FILE NAME=VALUE…`, `gfn -e STATEMENTS`, or the prompt.
struct RunCommand: ParsableCommand, Launch {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a script or statements; without either, open the prompt.",
    usage: "gfn run [OPTIONS] FILE|- [NAME=VALUE …]\ngfn [OPTIONS] -e STATEMENTS …")

  @Argument(help: "A script; '-' is standard input.", completion: .file(extensions: ["gfn"]))
  var file: String?

  @Argument(
    help: ArgumentHelp(
      "Gives $NAME another value than the default in the script's 'let NAME ?= default'.",
      valueName: "NAME=VALUE"))
  var bindings: [Binding] = []

  @Option(
    name: .customShort("e"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Run these statements (repeatable).", valueName: "STATEMENTS"))
  var statements: [String] = []

  @Flag(name: .customShort("i"), help: "Stay at the prompt afterwards.")
  var staysAtPrompt = false

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if !statements.isEmpty, file != nil {
      throw ValidationError("give statements with '-e' or a file, not both")
    }
    try Binding.requireDistinct(bindings)
  }

  func launch() -> Int32 {
    let hasScript = file != nil || !statements.isEmpty
    let opensPrompt = staysAtPrompt || (!hasScript && isatty(STDIN_FILENO) == 1)
    let program = makeProgram(shared, bindings: bindings, opensPrompt: opensPrompt)
    if !statements.isEmpty { return program.run(statements: statements) }
    if let file { return program.run(file: file) }
    return opensPrompt ? program.interact() : program.run(file: "-")
  }
}

/// `NAME=VALUE` on the command line.
struct Binding: ExpressibleByArgument {
  var name: String
  var value: String

  init?(argument: String) {
    guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else { return nil }
    name = String(argument[..<sign])
    value = String(argument[argument.index(after: sign)...])
  }

  static func requireDistinct(_ bindings: [Binding]) throws {
    var names: Set<String> = []
    for binding in bindings where !names.insert(binding.name).inserted {
      throw ValidationError("'\(binding.name)=' is given twice")
    }
  }
}
