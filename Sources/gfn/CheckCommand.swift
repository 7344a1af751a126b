import ArgumentParser
import GFNTerminal

/// `gfn check FILE…`
struct CheckCommand: ParsableCommand, Launch {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Report every error of scripts that can be found without running them.",
    usage: "gfn check [OPTIONS] FILE …")

  @Argument(help: "Scripts; '-' is standard input.", completion: .file(extensions: ["gfn"]))
  var files: [String]

  @OptionGroup var shared: SharedOptions

  func launch() -> Int32 {
    makeProgram(shared).check(files: files)
  }
}
