import GFNCore
import GFNLanguage

/// One of what `compare` compares: a method with its options and those of `explore`.
struct ComparisonVariant {
  /// As it was typed.
  var label: String
  var configuration: Configuration

  /// What a variant takes, as a command: it is read, matched and judged like one.
  private static let spec = CommandSpec(
    "method", group: .setUp, summary: "a method with its options",
    positionals: CommandSpec.method.positionals,
    options: CommandSpec.method.options + CommandSpec.explore.options
  ) { _, _ in .none }

  /// The configuration of the session with this method, sampling on-policy unless the text says otherwise.
  /// - Throws: `CommandError` at `span`.
  init(_ text: String, in session: Session, at span: Span) throws {
    label = text
    let arguments: Arguments
    do {
      arguments = try Arguments(
        of: Self.spec, reading: text, as: "variant",
        example: "a method and its options: \"RL-G lambda=0.9\"")
    } catch let error as CommandError {
      throw CommandError(error.kind, at: span)
    }
    let workbench = session.workbench
    defer { session.workbench = workbench }
    session.workbench = workbench.withoutEnvironment
    do {
      try session.workbench.configure { $0.exploration = Exploration() }
      try CommandSpec.method.judgeAll?(session, arguments)
      _ = try CommandSpec.method.run(session, arguments)
      _ = try CommandSpec.explore.run(session, arguments)
    } catch let error as CommandError {
      throw CommandError(error.kind, at: span)
    }
    configuration = session.workbench.configuration
  }

  /// The statements that make the configuration, on one line: what identifies a finished run.
  var settings: String {
    let plain = Configuration()
    return
      (configuration.policyStatements(over: plain) + configuration.criticStatements
      + configuration.statements(over: plain)).joined(separator: "; ")
  }
}
