/// What was copied from a screen: statements behind the prompts of this program, with what they showed
/// in between.
enum PastedTranscript {
  /// The prompt, its continuation, and what `--echo` writes. No statement starts like that.
  private static let prompts = ["gfn> ", "...> ", "> "]

  /// The statements of a transcript; a text that does not start with a prompt stays as it is.
  static func statements(of text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.first, withoutPrompt(first) != nil else { return text }
    return lines.compactMap(withoutPrompt).joined(separator: "\n")
  }

  private static func withoutPrompt(_ line: Substring) -> Substring? {
    prompts.first { line.hasPrefix($0) }.map { line.dropFirst($0.count) }
  }
}
