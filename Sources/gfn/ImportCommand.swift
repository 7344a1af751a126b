import ArgumentParser
import GFNLanguage
import GFNNotebook
import GFNTerminal

/// `gfn import NOTEBOOK -o SCRIPT`
struct ImportCommand: ParsableCommand, Launch {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Write the cells of a Jupyter notebook as a script.",
    usage: "gfn import NOTEBOOK -o SCRIPT",
    discussion: """
      The way back from 'gfn export': texts become cells marked '# %% [markdown]', code stays as it \
      is, outputs are left out. A notebook that 'gfn export' wrote gives its script byte for byte.
      """)

  @Argument(help: "A notebook (.ipynb).", completion: .file(extensions: ["ipynb"]))
  var notebook: String

  @Option(
    name: .customShort("o"), help: ArgumentHelp("The script to write.", valueName: "SCRIPT"),
    completion: .file(extensions: ["gfn"]))
  var target: String

  @Flag(help: "Replace also a file that gfn did not write.")
  var force = false

  func launch() -> Int32 {
    let files = Files.forTarget(target)
    if let path = realpath(notebook), path == realpath(target) {
      complain("'\(target)' is the notebook itself; give another file to write")
      return ExitStatus.usage
    }
    let status = failure(of: {
      let reader = try JupyterReader(Array(try files.readText(notebook).utf8))
      try files.write(target, reader.script.utf8, overwriting: force)
      if let language = reader.foreignLanguage {
        complain("warning: '\(notebook)' says that its code is in '\(language)', not in gfn")
      }
    })
    return status ?? ExitStatus.success
  }
}
