/// What a user did wrong or what could not be done: a code with its data, and where.
package struct CommandError: Error, Sendable {
  package var kind: ErrorKind
  package var span: Span?

  package init(_ kind: ErrorKind, at span: Span? = nil) {
    self.kind = kind
    self.span = span
  }

  /// An error whose wording comes from the layer that found it.
  /// - Parameters:
  ///   - code: a stable word in kebab case, which `expect error` can name.
  ///   - fix: a clause, lower case and without a full stop.
  package init(_ code: String, _ message: String, fix: String? = nil, at span: Span? = nil) {
    self.init(.other(code: code, message: message, fix: fix), at: span)
  }

  /// The error of `train(200)`, which says what to write.
  static func argumentsInParentheses(_ name: Name, _ arguments: [Argument]) -> CommandError {
    let texts = arguments.map(\.span.text).joined(separator: " ")
    return CommandError(
      .argumentsInParentheses(command: name.text, arguments: texts), at: name.span)
  }

  /// The code of a command that stopped on Ctrl-C and has no result.
  static let interruptedCode = "interrupted"

  package var code: String { kind.wording.code }
  package var message: String { kind.wording.message }
  package var fix: String? { kind.wording.fix }
}
