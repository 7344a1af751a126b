import ArgumentParser
import Glibc

/// `--allow-run` with and without a name, which the argument parser cannot tell apart.
enum ProgramOption {
  private static let name = "--allow-run"
  static let anyName = "allow-any-program"

  /// The arguments in which the option without a name has a word of its own. What follows is a name unless it
  /// is an option, a binding or a file that is there.
  static func spelledOut(_ arguments: [String]) -> [String] {
    var result: [String] = []
    for (place, argument) in arguments.enumerated() {
      guard argument == name else {
        result.append(argument)
        continue
      }
      let next = arguments.indices.contains(place + 1) ? arguments[place + 1] : "-"
      let isName =
        !next.hasPrefix("-") && !next.contains("=") && !next.isEmpty
        && (access(next, F_OK) != 0 || !next.hasSuffix(".gfn") && !next.hasSuffix(".ipynb"))
      result.append(isName && !isCommand(next) ? argument : "--\(anyName)")
    }
    return result
  }

  private static func isCommand(_ word: String) -> Bool {
    GFN.configuration.subcommands.contains { $0._commandName == word }
  }
}
