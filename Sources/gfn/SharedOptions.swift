import ArgumentParser
package import GFNTerminal

extension ProgramSettings.Format: ExpressibleByArgument {}
extension ColourChoice: ExpressibleByArgument {}

/// The options of every way to start.
struct SharedOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How results are written: as text; as a JSON object a line; or as CSV, where a table is a "
        + "block under its header, a record one of 'field,value', and an empty line is between two.",
      valueName: "table|json|csv"))
  var output: ProgramSettings.Format = .table

  @Flag(help: "Show only what 'print' prints, warnings and errors.")
  var quiet = false

  @Flag(help: "Show every statement before its results.")
  var echo = false

  @Option(help: ArgumentHelp("When to colour.", valueName: "auto|always|never"))
  var color: ColourChoice = .auto

  // Unconditional: a negative number is no other option.
  @Option(
    parsing: .unconditional, help: "The seed instead of the default one; a script's 'seed' wins.")
  var seed: Int?

  @Option(
    parsing: .unconditional,
    help: "Threads to compute with (default: as many as the process may use).")
  var threads: Int?

  @Option(
    name: .customLong("allow-write"),
    help: ArgumentHelp(
      "A folder below which a script may write too, beside the working and the temporary one "
        + "(repeatable).", valueName: "DIR"), completion: .directory)
  var writableDirectories: [String] = []

  @Option(
    name: .customLong("allow-run"),
    help: ArgumentHelp(
      "A program that a script may start, as program= asks for (repeatable); without a name, any.",
      valueName: "NAME"))
  var programs: [String] = []

  @Flag(name: .customLong(ProgramOption.anyName), help: .hidden)
  var allowsAnyProgram = false

  @Flag(help: "Start the prompt without the rc file.")
  var noRc = false

  @Flag(help: "Run on after an error; the exit status is still 1.")
  var keepGoing = false

  /// The largest seed that a number of the language, and so a record, holds exactly.
  private static let largestSeed = 1 << 53

  func validate() throws {
    if let seed, !(0...Self.largestSeed).contains(seed) {
      throw ValidationError("'--seed \(seed)' is not between 0 and \(Self.largestSeed)")
    }
    if writableDirectories.contains("") {
      throw ValidationError("'--allow-write' needs the name of a folder")
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("'--threads \(threads)' is not between 1 and 1024")
    }
  }
}
