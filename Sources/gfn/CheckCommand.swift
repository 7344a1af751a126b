import ArgumentParser
import GFNTerminal

/// `gfn check FILE…`
struct CheckCommand: ParsableCommand, Launch {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Report every error of scripts that can be found without running them.",
    usage: "gfn check [OPTIONS] FILE … [NAME=VALUE …]")

  @Argument(
    help: ArgumentHelp(
      "Scripts; '-' is standard input. NAME=VALUE is what 'gfn run' is to be given.",
      valueName: "FILE|NAME=VALUE"),
    completion: .file(extensions: ["gfn"]))
  var arguments: [String]

  @OptionGroup var shared: SharedOptions

  /// A name as a script may declare it, before '='; a file of such a name is written './a=b'.
  private var bindings: [Binding] {
    arguments.compactMap(Binding.init(argument:)).filter { binding in
      binding.name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }
  }

  private var files: [String] {
    let given = Set(bindings.map { "\($0.name)=\($0.value)" })
    return arguments.filter { !given.contains($0) }
  }

  func validate() throws {
    if files.isEmpty { throw ValidationError("give the script to check") }
    try Binding.requireDistinct(bindings)
  }

  func launch() -> Int32 {
    makeProgram(shared, bindings: bindings).check(files: files)
  }
}
