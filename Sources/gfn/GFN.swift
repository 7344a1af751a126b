import ArgumentParser

/// `gfn`: the commands below it, of which `run` is meant where none is named.
struct GFN: ParsableCommand {
  /// The one place that says it.
  static let version = "gfn 0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "gfn",
    abstract: "Train and examine generative flow networks, at a prompt or from a script.",
    usage: """
      gfn                              open the prompt
      gfn [run] FILE|- [NAME=VALUE …]  run a script
      gfn -e STATEMENTS …              run statements
      gfn check FILE … [NAME=VALUE …]  look for errors without running
      gfn export SCRIPT -o FILE        run and write a notebook, a page or a text
      gfn import NOTEBOOK -o SCRIPT    the way back
      gfn session --output json        serve a front end, as a notebook
      gfn lesson [NAME] [--present]    list the lessons, or go through one
      """,
    discussion: """
      Without arguments gfn opens its prompt, where 'help' lists the commands; when standard \
      input is not a terminal, it runs what comes in.

      Exit status: 0 done; 1 a statement failed or a file is missing; 2 wrong usage, or a script \
      that does not pass the check (nothing was run); 'exit N' as given.
      """,
    version: version,
    subcommands: [
      RunCommand.self, CheckCommand.self, ExportCommand.self, ImportCommand.self,
      SessionCommand.self, LessonLaunch.self, ReferenceCommand.self,
    ],
    defaultSubcommand: RunCommand.self)

  @OptionGroup var shared: SharedOptions
}
