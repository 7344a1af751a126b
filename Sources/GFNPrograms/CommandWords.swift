import GFNParameters
import Glibc

/// The words of a command line: what blanks separate, with `'`, `"` and `\` as a shell reads them, and
/// nothing else of a shell.
package struct CommandWords: Sendable, Equatable {
  package let words: [String]

  /// - Throws: `ProgramFault` for a quote that is not closed, and where there is no word.
  package init(_ text: String) throws {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var characters = Array(text)[...]
    while let character = characters.popFirst() {
      switch (character, quote) {
      case ("'", nil), ("\"", nil):
        quote = character
        word = word ?? ""
      case (let end, let open?) where end == open: quote = nil
      case ("\\", nil), ("\\", "\""?):
        word = (word ?? "") + (characters.popFirst().map(String.init) ?? "")
      case (" ", nil), ("\t", nil), ("\n", nil):
        if let done = word { words.append(done) }
        word = nil
      default: word = (word ?? "") + String(character)
      }
    }
    if let quote {
      throw ProgramFault(
        reason: "the command '\(text)' opens a quote \(quote) and does not close it",
        remedy: "close it")
    }
    if let word { words.append(word) }
    guard let first = words.first, !first.isEmpty else {
      throw ProgramFault(
        reason: "the command is empty", remedy: "name a program: program=\"python3 score.py\"")
    }
    guard !text.contains("\0") else {
      throw ProgramFault(reason: "the command holds a zero byte", remedy: "take it out")
    }
    self.words = words
  }

  /// The name by which the program may be allowed.
  package var program: String { words.first ?? "" }

  /// - Throws: `ProgramFault` where there is no such program.
  package func requireProgram() throws {
    if program.contains("/") {
      guard access(program, X_OK) != 0 || Self.isFolder(program) else { return }
      throw ProgramFault(
        reason: access(program, F_OK) == 0
          ? "'\(program)' is no program that may be run" : "there is no program '\(program)'",
        remedy: "name a program; a script needs its interpreter: python3 score.py")
    }
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    for folder in path.split(separator: ":") {
      let place = "\(folder)/\(program)"
      if access(place, X_OK) == 0, !Self.isFolder(place) { return }
    }
    throw ProgramFault(
      reason: "there is no program '\(program)' in PATH",
      remedy: "install it, or write its path; a script needs its interpreter: python3 score.py")
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
