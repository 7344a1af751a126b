/// `environment NAME(…) { … }` as it was read; its names are looked at by `EnvironmentReading`.
final class EnvironmentSyntax: Sendable {
  struct Parameter: Sendable {
    var name: Name
    var standard: Expression
  }

  struct Cells: Sendable {
    enum Inputs: Sendable {
      case all
      case none
      case range(Expression, Expression)
    }

    var name: Name
    var count: Expression?
    var low: Expression
    var high: Expression
    var start: Expression?
    var inputs = Inputs.all
    var letters: Expression?
  }

  struct Index: Sendable {
    var name: Name
    var low: Expression
    var high: Expression
  }

  enum Effect: Sendable {
    case replace(Expression, Expression)
    case add(Expression, isNegative: Bool)
  }

  struct Change: Sendable {
    var cells: Name
    var index: Expression?
    var effect: Effect
    var span: Span
  }

  struct Action: Sendable {
    var name: Name
    var indices: [Index]
    var condition: Expression?
    var changes: [Change]
  }

  struct Reward: Sendable {
    var value: Expression
    var isLogarithm: Bool
  }

  /// What stands once in a declaration.
  struct Parts: Sendable {
    var cells: [Cells] = []
    var actions: [Action] = []
    var exit: Expression?
    var reward: Reward?
    var modes: Expression?
    /// A number; nil with `neverClips` for `clip none`.
    var clip: Expression?
    var neverClips = false
  }

  let name: Name
  let summary: String
  let parameters: [Parameter]
  let parts: Parts
  /// The whole statement.
  let source: String

  init(
    name: Name, summary: String, parameters: [Parameter], parts: Parts, source: String
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.parts = parts
    self.source = source
  }
}

/// The words that start the lines of a declaration.
enum EnvironmentWord: String, CaseIterable {
  case cells
  case action
  case exit
  case reward
  case logReward = "log_reward"
  case modes
  case clip

  var synopsis: String {
    switch self {
    case .cells: "cells NAME[COUNT] in LOW..HIGH [start VALUE] [inputs A..B|none] [letters TEXT]"
    case .action:
      "action NAME(INDEX in A..B, …) [when CONDITION] { CELL: A -> B; CELL: +K; CELL: -K }"
    case .exit: "exit [when CONDITION]"
    case .reward: "reward FORMULA"
    case .logReward: "log_reward FORMULA"
    case .modes: "modes CONDITION"
    case .clip: "clip NUMBER|none"
    }
  }
}
