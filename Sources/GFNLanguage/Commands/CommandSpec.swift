package import GFNParameters

/// A command as data. Help, usage errors, completion, the static check and the reference in docs/
/// are all generated from it.
package struct CommandSpec: Sendable {
  package var name: String
  package var aliases: [String]
  package var group: CommandGroup
  /// One line, lower case, no full stop.
  package var summary: String
  package var positionals: [Parameter]
  package var options: [Parameter]
  /// Further arguments that depend on the word in the first positional: `env hypergrid dim=`.
  package var variants: [CommandVariant]
  /// Paragraphs for `help NAME`.
  package var details: String
  package var examples: [CommandExample]
  package var result: ResultShape
  /// The command may change the training state, so `undo` can take it back and `record` keeps it.
  package var changesState: Bool
  package var recording: Recording
  /// Its value is a text for a reader, which a notebook shows as Markdown.
  package var isProse: Bool
  /// Takes `key=value` with any key; the handler finds them in `Arguments.others`.
  package var takesAnyOption: Bool
  /// The positional whose word names a variable that has a value afterwards.
  package var setsVariable: String?
  /// Judges a literal further than its kind does, for the static check: the session, the parameter's
  /// name, the value.
  package var judge: (@Sendable (Session, String, Value, Span) throws -> Void)?
  /// Judges the arguments together: by the static check, where what is no literal has the value none,
  /// and again before the command runs.
  package var judgeAll: (@Sendable (Session, Arguments) throws -> Void)?
  package var run: @Sendable (Session, Arguments) throws -> Value
  /// What it is once an environment is declared.
  package var declaring: (@Sendable (CommandSpec, EnvironmentDeclaration) -> CommandSpec)?

  package init(
    _ name: String, aliases: [String] = [], group: CommandGroup, summary: String,
    positionals: [Parameter] = [], options: [Parameter] = [], variants: [CommandVariant] = [],
    details: String = "", examples: [CommandExample] = [], result: ResultShape = .nothing,
    changesState: Bool = false, recording: Recording = .statement,
    isProse: Bool = false, takesAnyOption: Bool = false,
    setsVariable: String? = nil,
    judge: (@Sendable (Session, String, Value, Span) throws -> Void)? = nil,
    judgeAll: (@Sendable (Session, Arguments) throws -> Void)? = nil,
    declaring: (@Sendable (CommandSpec, EnvironmentDeclaration) -> CommandSpec)? = nil,
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
    self.recording = recording
    self.isProse = isProse
    self.takesAnyOption = takesAnyOption
    self.setsVariable = setsVariable
    self.judge = judge
    self.judgeAll = judgeAll
    self.run = run
    self.declaring = declaring
  }
}

/// One word of the first positional with what it brings.
package struct CommandVariant: Sendable {
  package var word: String
  package var summary: String
  package var positionals: [Parameter]
  package var options: [Parameter]
  /// Options of the command that mean nothing here.
  package var leavesOut: Set<String>
  package var details: String

  package init(
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
package struct CommandExample: Sendable {
  package var source: String
  package var note: String

  package init(_ source: String, _ note: String) {
    self.source = source
    self.note = note
  }
}

/// The order of the groups is the order in `help`.
package enum CommandGroup: String, Sendable, CaseIterable {
  case setUp = "set up"
  case train
  case look
  case measure
  case keep
  case learn
}

/// What `record` keeps of a command.
package enum Recording: Sendable {
  /// The statement, or what of it took effect.
  case statement
  /// The answer that somebody gave, which a script could not ask for again.
  case answer
  /// Nothing: it is for whoever sits at the prompt, and no part of what the session does.
  case nothing
}

/// What the static check knows about a command's value.
package enum ResultShape: Sendable {
  case nothing
  case record([String])
  /// `fields` stand beside the columns.
  case table(columns: [String], fields: [String] = [])
  /// Not known before it runs.
  case open
}
