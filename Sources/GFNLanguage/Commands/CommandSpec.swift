public import GFNCore

/// A command as data. Help, usage errors, completion, the static check and the reference in docs/
/// are all generated from it.
public struct CommandSpec: Sendable {
  public var name: String
  public var aliases: [String]
  public var group: CommandGroup
  /// One line, lower case, no full stop.
  public var summary: String
  public var positionals: [Parameter]
  public var options: [Parameter]
  /// Further arguments that depend on the word in the first positional: `env hypergrid dim=`.
  public var variants: [CommandVariant]
  /// Paragraphs for `help NAME`.
  public var details: String
  public var examples: [CommandExample]
  public var result: ResultShape
  /// The command may change the training state, so `undo` can take it back and `record` keeps it.
  public var changesState: Bool
  /// `record` keeps it: commands for whoever sits at the prompt alone are no part of what a session does.
  public var isRecorded: Bool
  /// Takes `key=value` with any key; the handler finds them in `Arguments.others`.
  public var takesAnyOption: Bool
  /// The positional whose word names a variable that has a value afterwards.
  public var setsVariable: String?
  /// Judges a literal further than its kind does, for the static check: the session, the parameter's
  /// name, the value.
  public var judge: (@Sendable (Session, String, Value, Span) throws -> Void)?
  /// Judges the arguments together: by the static check, where what is no literal has the value none,
  /// and again before the command runs.
  public var judgeAll: (@Sendable (Session, Arguments) throws -> Void)?
  public var run: @Sendable (Session, Arguments) throws -> Value

  public init(
    _ name: String, aliases: [String] = [], group: CommandGroup, summary: String,
    positionals: [Parameter] = [], options: [Parameter] = [], variants: [CommandVariant] = [],
    details: String = "", examples: [CommandExample] = [], result: ResultShape = .nothing,
    changesState: Bool = false, isRecorded: Bool = true, takesAnyOption: Bool = false,
    setsVariable: String? = nil,
    judge: (@Sendable (Session, String, Value, Span) throws -> Void)? = nil,
    judgeAll: (@Sendable (Session, Arguments) throws -> Void)? = nil,
    run: @escaping @Sendable (Session, Arguments) throws -> Value
  ) {
    self.name = name
    self.aliases = aliases
    self.group = group
    self.summary = summary
    self.positionals = positionals
    self.options = options
    self.variants = variants
    self.details = details
    self.examples = examples
    self.result = result
    self.changesState = changesState
    self.isRecorded = isRecorded
    self.takesAnyOption = takesAnyOption
    self.setsVariable = setsVariable
    self.judge = judge
    self.judgeAll = judgeAll
    self.run = run
  }
}

/// One word of the first positional with what it brings.
public struct CommandVariant: Sendable {
  public var word: String
  public var summary: String
  public var positionals: [Parameter]
  public var options: [Parameter]
  /// Options of the command that mean nothing here.
  public var leavesOut: Set<String>
  public var details: String

  public init(
    _ word: String, summary: String, positionals: [Parameter] = [], options: [Parameter] = [],
    leavesOut: Set<String> = [], details: String = ""
  ) {
    self.word = word
    self.summary = summary
    self.positionals = positionals
    self.options = options
    self.leavesOut = leavesOut
    self.details = details
  }
}

/// A script that shows the command at work; the tests run every one of them in a fresh session.
public struct CommandExample: Sendable {
  public var source: String
  public var note: String

  public init(_ source: String, _ note: String) {
    self.source = source
    self.note = note
  }
}

/// The order of the groups is the order in `help`.
public enum CommandGroup: String, Sendable, CaseIterable {
  case setUp = "set up"
  case train
  case look
  case measure
  case keep
  case learn
}

/// What the static check knows about a command's value.
public enum ResultShape: Sendable {
  case nothing
  case record([String])
  /// `fields` stand beside the columns.
  case table(columns: [String], fields: [String] = [])
  /// Not known before it runs.
  case open
}
