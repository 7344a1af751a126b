import GFNFigures
import GFNLanguage
import Glibc

/// Puts the questions of `ask` to whoever sits at the terminal.
@MainActor
final class TerminalAsker {
  private let source: ReadlineSource
  private let output: TextStream

  init(source: ReadlineSource, output: TextStream) {
    self.source = source
    self.output = output
  }

  /// An asker for scripts, where both ends are a terminal.
  static func forScript(of session: Session, output: TextStream) -> TerminalAsker? {
    guard isatty(STDIN_FILENO) == 1, output.isTerminal else { return nil }
    let source = ReadlineSource(
      primaryPrompt: "", completer: Completer(session: session),
      display: CompletionDisplay(output: output))
    return TerminalAsker(source: source, output: output)
  }

  /// Takes the session's questions from here on.
  func serve(_ session: Session) {
    session.asker = { [self] question in MainActor.assumeIsolated { ask(question) } }
  }

  /// The answer, or nil when Ctrl-C or Ctrl-D was pressed.
  func ask(_ question: Question) -> String? {
    let choices = question.choices.map(visible)
    var prompt = visible(question.text)
    if !choices.isEmpty { prompt += " (\(choices.joined(separator: ", ")))" }
    if let standard = question.standard { prompt += " [\(visible(standard))]" }
    let window = output.width ?? 80
    // A line to type in has room to type.
    if displayWidth(prompt) > window * 3 / 4 {
      for line in StyledLine.wrapped(prompt, to: window - 1) { output.writeLine(line.text) }
      prompt = ">"
    }
    while true {
      output.flush()
      guard let line = source.ask(prompt + " ", choices: question.choices) else { return nil }
      switch question.meaning(of: line) {
      case .answer(let answer): return answer
      case .refusal(let reason): output.writeLine("\(visible(reason)); Ctrl-C gives no answer")
      }
    }
  }
}
