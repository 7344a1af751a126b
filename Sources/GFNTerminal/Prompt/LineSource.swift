import Glibc

/// Where a prompt gets its lines.
@MainActor
protocol LineSource: AnyObject {
  /// The next line without its newline, or nil at the end. `pending` are the lines of the same
  /// entry so far, each with its newline.
  func readLine(prompt: String, pending: String) -> TypedLine
  /// Offers an entry for recall.
  func remember(_ entry: String)
  /// The prompt that an entry starts with, also after Ctrl-C.
  var primaryPrompt: String { get set }
}

enum TypedLine: Equatable {
  case line(String)
  /// Ctrl-C dropped the entry; the line, typed after it, starts a new one. Nil is the end.
  case afterInterruption(String?)
  case end
}

/// Lines from a standard input that is no terminal, or where results go into a pipe: readline
/// would echo prompts and colour into it.
@MainActor
final class PlainLineSource: LineSource {
  private let prompts: TextStream
  var primaryPrompt = ""

  init(prompts: TextStream) {
    self.prompts = prompts
  }

  func readLine(prompt: String, pending: String) -> TypedLine {
    prompts.write(prompt)
    prompts.flush()
    return Swift.readLine().map { .line($0) } ?? .end
  }

  func remember(_ entry: String) {}
}
