/// Statements between braces, or a whole script.
struct Block: Sendable {
  var statements: [Statement]
}

struct Statement: Sendable {
  var kind: Kind
  var span: Span

  indirect enum Kind: Sendable {
    case setting(name: Name, keepsGiven: Bool, value: RightHandSide)
    case conditional(branches: [Branch], otherwise: Block?)
    case forLoop(name: Name, sequence: Expression, body: Block)
    case whileLoop(condition: Expression, body: Block)
    case repetition(count: Expression, body: Block)
    case definition(Definition)
    case environment(EnvironmentSyntax)
    case returning(RightHandSide?)
    case breaking
    case continuing
    case exiting(Expression?)
    case assertion(Expression, message: Expression?)
    case printing([Expression])
    case inclusion(path: String, span: Span)
    case expectation(code: String, body: Block)
    /// `time` before a block or a statement.
    case timed(Block)
    case quiet(Block)
    case command(CommandCall)
    /// Text that could not be read, with what it should have set or defined; its error is reported by
    /// the check.
    case invalid(CommandError, sets: String?)
  }
}

/// A condition and what it guards.
struct Branch: Sendable {
  var condition: Expression
  var body: Block
}

/// An identifier and where it stands.
struct Name: Sendable {
  var text: String
  var span: Span
}

/// What a `let` or a `return` takes its value from.
enum RightHandSide: Sendable {
  case expression(Expression)
  case command(CommandCall)
  /// The seconds that a command took.
  case timed(CommandCall)
}

/// A command that a script defines.
final class Definition: Sendable {
  struct Parameter: Sendable {
    var name: Name
    var defaultValue: Expression?
  }

  let name: Name
  let parameters: [Parameter]
  let body: Block
  /// The comment lines just above it.
  let summary: String
  /// Its parameters, as those of a command.
  let signature: Signature

  init(name: Name, parameters: [Parameter], body: Block, summary: String) {
    signature = Signature(of: name, parameters)
    self.name = name
    self.parameters = parameters
    self.body = body
    self.summary = summary
  }
}

/// A command with its arguments as written.
final class CommandCall: Sendable {
  let name: Name
  let arguments: [Argument]
  let span: Span

  init(name: Name, arguments: [Argument], span: Span) {
    self.name = name
    self.arguments = arguments
    self.span = span
  }
}

/// One argument of a command: a value, with or without a name.
struct Argument: Sendable {
  var name: Name?
  var value: Expression

  var span: Span { name.map { $0.span.joined(with: value.span) } ?? value.span }
}
