/// An environment that a person declared: cells, actions and formulas, and nothing that is worked out.
package struct EnvironmentDeclaration: Sendable, Equatable {
  package struct Parameter: Sendable, Equatable {
    package var name: String
    package var standard: Setting

    package init(name: String, standard: Setting) {
      self.name = name
      self.standard = standard
    }
  }

  /// The value of a parameter.
  package enum Setting: Sendable, Equatable {
    case number(Double)
    case boolean(Bool)
    case numbers([Double])
    case text(String)
  }

  /// `cells NAME[COUNT] in LOW..HIGH`
  package struct Cells: Sendable, Equatable {
    package var name: String
    /// One cell alone where it is nil.
    package var count: FormulaTree?
    package var low: FormulaTree
    package var high: FormulaTree
    /// What they are in s0; `low` where it is nil.
    package var start: FormulaTree?
    package var inputs: Inputs
    /// A text, or the name of a parameter that is one.
    package var letters: FormulaTree?

    package init(
      name: String, count: FormulaTree?, low: FormulaTree, high: FormulaTree,
      start: FormulaTree? = nil, inputs: Inputs = .all, letters: FormulaTree? = nil
    ) {
      self.name = name
      self.count = count
      self.low = low
      self.high = high
      self.start = start
      self.inputs = inputs
      self.letters = letters
    }
  }

  /// Which values of a cell have an input of the networks.
  package enum Inputs: Sendable, Equatable {
    case all
    case none
    case range(FormulaTree, FormulaTree)
  }

  package struct Index: Sendable, Equatable {
    package var name: String
    package var low: FormulaTree
    package var high: FormulaTree

    package init(name: String, low: FormulaTree, high: FormulaTree) {
      self.name = name
      self.low = low
      self.high = high
    }
  }

  package enum Effect: Sendable, Equatable {
    /// `A -> B`
    case replace(FormulaTree, FormulaTree)
    /// `+K`, or `-K` with a negative one.
    case add(FormulaTree)
  }

  package struct Change: Sendable, Equatable {
    package var cells: String
    package var index: FormulaTree?
    package var effect: Effect
    /// As it was typed.
    package var source: String

    package init(cells: String, index: FormulaTree?, effect: Effect, source: String) {
      self.cells = cells
      self.index = index
      self.effect = effect
      self.source = source
    }
  }

  package struct Action: Sendable, Equatable {
    package var name: String
    package var indices: [Index]
    package var condition: FormulaTree?
    package var changes: [Change]

    package init(
      name: String, indices: [Index], condition: FormulaTree?, changes: [Change]
    ) {
      self.name = name
      self.indices = indices
      self.condition = condition
      self.changes = changes
    }
  }

  package enum Reward: Sendable, Equatable {
    case plain(FormulaTree)
    case logarithm(FormulaTree)

    package var tree: FormulaTree {
      switch self {
      case .plain(let tree), .logarithm(let tree): tree
      }
    }
  }

  package var name: String
  /// The comment above it.
  package var summary: String
  package var parameters: [Parameter]
  package var cells: [Cells]
  package var actions: [Action]
  /// Where a trajectory may end; anywhere where it is nil.
  package var exit: FormulaTree?
  package var reward: Reward?
  package var modes: FormulaTree?
  package var clip: FormulaTree?
  package var neverClips: Bool
  /// The statement, as scripts, records and checkpoints carry it.
  package var source: String

  package init(
    name: String, summary: String = "", parameters: [Parameter] = [], cells: [Cells] = [],
    actions: [Action] = [], exit: FormulaTree? = nil, reward: Reward? = nil,
    modes: FormulaTree? = nil, clip: FormulaTree? = nil, neverClips: Bool = false, source: String
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.cells = cells
    self.actions = actions
    self.exit = exit
    self.reward = reward
    self.modes = modes
    self.clip = clip
    self.neverClips = neverClips
    self.source = source
  }

  /// The parameters that only the reward depends on, so that it may change while what was learned stays.
  package var rewardParameters: [String] {
    var shape = exit?.freeNames ?? []
    for block in cells {
      let trees = [block.count, block.low, block.high, block.start, block.letters]
      for tree in trees { shape.formUnion(tree?.freeNames ?? []) }
      if case .range(let low, let high) = block.inputs {
        shape.formUnion(low.freeNames.union(high.freeNames))
      }
    }
    for action in actions {
      shape.formUnion(action.condition?.freeNames ?? [])
      for index in action.indices {
        shape.formUnion(index.low.freeNames.union(index.high.freeNames))
      }
      for change in action.changes {
        shape.formUnion(change.index?.freeNames ?? [])
        switch change.effect {
        case .replace(let old, let new): shape.formUnion(old.freeNames.union(new.freeNames))
        case .add(let number): shape.formUnion(number.freeNames)
        }
      }
    }
    return parameters.map(\.name).filter { !shape.contains($0) }
  }
}
