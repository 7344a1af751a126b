import ArgumentParser
import GFNLanguage
import GFNNotebook
import GFNTerminal
import Glibc

/// `gfn export SCRIPT -o FILE`
struct ExportCommand: ParsableCommand, Launch {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Run a script and write it with its results as a notebook, a page or a text.",
    usage: "gfn export [OPTIONS] SCRIPT -o FILE [NAME=VALUE …]",
    discussion: """
      FILE ends in .ipynb (a notebook that Jupyter opens), .html (one page that needs nothing else), \
      .md (Markdown) or .gfn (the statements that took effect). A statement that fails stops the \
      script, and the file is written with the error in its cell; the exit status is then 1. Nothing \
      is run or written when the script does not pass the check (2).
      """)

  @Argument(help: "A script; '-' is standard input.", completion: .file(extensions: ["gfn"]))
  var script: String

  @Argument(
    help: ArgumentHelp(
      "Gives $NAME another value than the default in the script's 'let NAME ?= default'.",
      valueName: "NAME=VALUE"))
  var bindings: [Binding] = []

  @Option(
    name: .customShort("o"), help: ArgumentHelp("The file to write.", valueName: "FILE"),
    completion: .file())
  var target: String

  @Flag(help: "Replace also a file that gfn did not write.")
  var force = false

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try Binding.requireDistinct(bindings)
    do {
      _ = try ExportFormat(path: target)
    } catch let error as CommandError {
      throw ValidationError([error.message, error.fix].compactMap(\.self).joined(separator: "; "))
    }
  }

  func launch() -> Int32 {
    if let path = realpath(script), path == realpath(target) {
      complain("'\(target)' is the script itself; give another file to write")
      return ExitStatus.usage
    }
    let recorder = SessionRecorder()
    let program = makeProgram(shared, bindings: bindings, recorder: recorder, showsResults: false)
    let files = Files.forTarget(target)
    // Before hours of training, not after.
    if let status = failure(of: { try files.checkWritable(target, overwriting: force) }) {
      return status
    }
    program.afterScript = { session, report in
      let name = script == "-" ? "stdin" : script
      let text = try recorder.file(
        ExportFormat(path: target), name: name, of: session, isWhole: true, report: report)
      try files.write(target, text.utf8, overwriting: force)
    }
    return program.run(file: script)
  }
}

/// The place of a file that is there, whatever leads to it.
func realpath(_ path: String) -> String? {
  guard let resolved = Glibc.realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}

extension Files {
  /// The files of a command line, which may write where it says.
  static func forTarget(_ path: String) -> Files {
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let place = folder.joined(separator: "/")
    let isAbsolute = path.hasPrefix("/")
    return Files(
      workingDirectory: ".",
      writableDirectories: [place.isEmpty ? (isAbsolute ? "/" : ".") : place])
  }
}
