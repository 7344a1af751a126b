package import GFNParameters

/// A pointed directed acyclic graph with a reward on its terminating states.
///
/// An edge is a pair (forward action, backward action), and the environment maps each way; parallel
/// edges may exist. The last forward action is *exit*. States have a fixed number of cells; the
/// per-state methods take pointers to them, are called from the hot loops on any thread, and trust
/// their caller: actions are allowed ones and states belong to the environment.
package protocol Environment: Sendable {
  /// What it was made from, so that a script can rebuild it.
  var specification: EnvironmentSpecification { get }
  /// Cells a state.
  var stateWidth: Int { get }
  /// Forward actions, exit included as the last.
  var forwardActionCount: Int { get }
  var backwardActionCount: Int { get }
  /// Length of the k-hot encoding, and the most inputs active at once.
  var featureCount: Int { get }
  var activeFeatureCount: Int { get }
  /// The most ordinary actions in one trajectory.
  var maximumLength: Int { get }
  /// log R below this counts as this in TB, SubTB, RL and TRPO, never in evaluation; nil for no clip.
  var logRewardClip: Double? { get }

  func initialState(into state: MutableStatePointer)
  func isInitial(_ state: StatePointer) -> Bool
  /// Sets `mask[action]` for all forward actions.
  func forwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>)
  /// Sets `mask[action]` for all backward actions; none in the initial state.
  func backwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>)
  /// Writes the active inputs, ascending, and returns how many there are.
  func encode(_ state: StatePointer, into indices: UnsafeMutablePointer<Int32>) -> Int
  /// Takes an ordinary forward action in place; returns the backward action that undoes it.
  func step(_ state: MutableStatePointer, forward action: Int) -> Int
  /// Takes a backward action in place; returns the forward action that undoes it.
  func step(_ state: MutableStatePointer, backward action: Int) -> Int
  /// R(x) ≥ 0 of a terminating state.
  func reward(_ state: StatePointer) -> Double
  /// log R(x), unclipped; −∞ where R is 0.
  func logReward(_ state: StatePointer) -> Double
  /// R is the exponential of something that may be large, as a score of data: people look at log R, and
  /// R itself may be infinite in floating point.
  var rewardIsExponential: Bool { get }

  /// Every state, when they can be enumerated: see `Enumeration`. Nil beyond `Int.max`.
  var enumeration: Enumeration? { get }
  /// For an error where they cannot: how many states there are, and what to do instead.
  var beyondEnumeration: (size: String, remedy: String) { get }
  /// The index of a state in an order in which every edge goes up.
  func index(of state: StatePointer) -> Int
  func state(at index: Int, into state: MutableStatePointer)
  /// Writes the cells and the edges of consecutive states, the first into row 0. By default from masks
  /// and steps; an environment that knows its indices adds to them instead.
  func list(_ states: Range<Int>, into rows: EdgeRows)
  /// The index of a terminating state among the terminating states.
  func terminatingIndex(of state: StatePointer) -> Int
  func terminatingState(at index: Int, into state: MutableStatePointer)
  /// log R(x) of the terminating states with consecutive indices.
  func logRewards(of objects: Range<Int>, into result: UnsafeMutablePointer<Double>)

  /// Cells that tell a state from all others, for large sets of states: `packedWidth` of them.
  var packedWidth: Int { get }
  func pack(_ state: StatePointer, into packed: MutableStatePointer)
  /// The values a cell can take in any state.
  var cellBounds: ClosedRange<Int32> { get }
  /// As it is typed at the prompt: `3,5` or `AC__TG`.
  func text(of state: StatePointer) -> String
  /// - Throws: `CoreError.state` when it is not one.
  func state(from input: StateInput) throws -> [Int32]
  /// Words of the language: `x0+`, `A@3`, `_A` (append A), `exit`.
  func name(ofForward action: Int) -> String
  func name(ofBackward action: Int) -> String
  /// States or objects whose discovery counts as finding a mode; nil when there are none.
  var modes: (any ModeSet)? { get }
  /// Coarser groups of modes, as the 2^dim corners of the standard grid.
  var regions: (any ModeSet)? { get }
  /// How a guide is made here; nil where none is known.
  var guide: GuideFamily? { get }
  /// The settings that suit it where the usual ones do not.
  var suggested: SuggestedSettings? { get }
  /// log n(s), n the number of action paths from s0 to the state; nil where no formula is known.
  func logPathCount(_ state: StatePointer) -> Double?

  /// What formulas over terminating states may name.
  var formulaNames: FormulaNames { get }
  /// The environment whose rewards were replaced, or this one.
  var base: any Environment { get }
  /// The program that gives the rewards, where one does: it is asked before they are read.
  var program: ProgramReward? { get }
  /// What could not be proved of it; nil where all is.
  var proof: String? { get }
  /// What was done to make the rewards, as people should know once.
  var rewardNote: String? { get }
}

/// How many states there are, and how many of them terminate.
package struct Enumeration: Sendable, Equatable {
  package var states: Int
  package var terminating: Int

  package init(states: Int, terminating: Int) {
    self.states = states
    self.terminating = terminating
  }
}

/// A state as a person writes it.
package enum StateInput: Sendable {
  case numbers([Int])
  case word(String)
}

extension Environment {
  package func logPathCount(_ state: StatePointer) -> Double? { nil }

  package var formulaNames: FormulaNames {
    FormulaNames(["x": .cells(first: 0, count: stateWidth)])
  }

  package var base: any Environment { self }
  package var program: ProgramReward? { nil }

  /// Every reward is known, or is worked out without asking anybody.
  package var knowsRewards: Bool {
    guard let program else { return true }
    return enumeration.map { program.count >= $0.terminating } ?? false
  }
  package var proof: String? { nil }
  package var rewardNote: String? { nil }

  package var exitAction: Int { forwardActionCount - 1 }
  package var suggested: SuggestedSettings? { nil }

  package var rewardIsExponential: Bool { false }

  package var beyondEnumeration: (size: String, remedy: String) {
    (
      "more than 2^63 states",
      "choose a smaller environment (at most 2^24 states), or look at 'sample'"
    )
  }

  package var packedWidth: Int { stateWidth }

  package func pack(_ state: StatePointer, into packed: MutableStatePointer) {
    packed.update(from: state, count: stateWidth)
  }

  /// Whether the guide holds π_F back from exiting: R, or log R where it is shown, is at most this.
  func isHeldBack(_ state: StatePointer, at threshold: Double) -> Bool {
    (rewardIsExponential ? logReward(state) : reward(state)) <= threshold
  }

  package func initialState() -> [Int32] {
    [Int32](unsafeUninitializedCapacity: stateWidth) { buffer, count in
      if let base = buffer.baseAddress { initialState(into: base) }
      count = stateWidth
    }
  }

  package func state(at index: Int) -> [Int32] {
    [Int32](unsafeUninitializedCapacity: stateWidth) { buffer, count in
      if let base = buffer.baseAddress { state(at: index, into: base) }
      count = stateWidth
    }
  }

  package func terminatingState(at index: Int) -> [Int32] {
    [Int32](unsafeUninitializedCapacity: stateWidth) { buffer, count in
      if let base = buffer.baseAddress { terminatingState(at: index, into: base) }
      count = stateWidth
    }
  }

  /// log R(x) as TB, RL and TRPO see it.
  package func clippedLogReward(_ state: StatePointer) -> Double {
    max(logReward(state), logRewardClip ?? -.infinity)
  }

  package func forwardMask(_ state: StatePointer) -> [Bool] {
    [Bool](unsafeUninitializedCapacity: forwardActionCount) { buffer, count in
      if let base = buffer.baseAddress { forwardMask(state, into: base) }
      count = forwardActionCount
    }
  }

  package func backwardMask(_ state: StatePointer) -> [Bool] {
    [Bool](unsafeUninitializedCapacity: backwardActionCount) { buffer, count in
      if let base = buffer.baseAddress { backwardMask(state, into: base) }
      count = backwardActionCount
    }
  }

  // MARK: - The same for cells in an array

  package func text(_ cells: [Int32]) -> String {
    cells.withUnsafeBufferPointer { $0.baseAddress.map(text) ?? "" }
  }

  package func reward(_ cells: [Int32]) -> Double {
    cells.withUnsafeBufferPointer { $0.baseAddress.map(reward) ?? 0 }
  }

  package func logReward(_ cells: [Int32]) -> Double {
    cells.withUnsafeBufferPointer { $0.baseAddress.map(logReward) ?? -.infinity }
  }

  package func index(_ cells: [Int32]) -> Int {
    cells.withUnsafeBufferPointer { $0.baseAddress.map(index) ?? 0 }
  }

  package func terminatingIndex(_ cells: [Int32]) -> Int {
    cells.withUnsafeBufferPointer { $0.baseAddress.map(terminatingIndex) ?? 0 }
  }
}

extension Environment {
  /// The error of a state whose reward is none.
  func lacksReward(_ state: StatePointer) -> CoreError {
    CoreError.option(
      name: "reward",
      reason: "the reward of '\(text(of: state))' is no number; a reward is finite and ≥ 0")
  }
}
