package import GFNParameters

/// An environment with rewards that a person gave it: its states and actions are those of another.
package struct RewardedEnvironment: Environment {
  package let base: any Environment
  package let specification: EnvironmentSpecification
  package let logRewardClip: Double?
  package let rewardNote: String?
  package let modes: (any ModeSet)?
  private let given: any StateReward

  init(
    _ base: any Environment, _ specification: EnvironmentSpecification, _ given: any StateReward,
    modes: (any ModeSet)?, note: String? = nil
  ) {
    self.base = base
    self.specification = specification
    self.given = given
    self.modes = modes
    logRewardClip = base.logRewardClip
    rewardNote = note
  }

  package var program: ProgramReward? { given as? ProgramReward }
  package var proof: String? { base.proof }

  package func reward(_ state: StatePointer) -> Double { given.reward(state) }
  package func logReward(_ state: StatePointer) -> Double { given.logReward(state) }
  package var rewardIsExponential: Bool { given.isLogarithm }

  /// A threshold of other rewards means nothing here.
  package var guide: GuideFamily? {
    if case .heldBack(_, let floor)? = base.guide {
      return .heldBack(threshold: nil, floor: floor)
    }
    return base.guide
  }

  package var stateWidth: Int { base.stateWidth }
  package var forwardActionCount: Int { base.forwardActionCount }
  package var backwardActionCount: Int { base.backwardActionCount }
  package var featureCount: Int { base.featureCount }
  package var activeFeatureCount: Int { base.activeFeatureCount }
  package var maximumLength: Int { base.maximumLength }
  package var regions: (any ModeSet)? { nil }
  package var suggested: SuggestedSettings? { base.suggested }
  package var formulaNames: FormulaNames { base.formulaNames }

  package func initialState(into state: MutableStatePointer) { base.initialState(into: state) }
  package func isInitial(_ state: StatePointer) -> Bool { base.isInitial(state) }

  package func forwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    base.forwardMask(state, into: mask)
  }

  package func backwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    base.backwardMask(state, into: mask)
  }

  package func encode(_ state: StatePointer, into indices: UnsafeMutablePointer<Int32>) -> Int {
    base.encode(state, into: indices)
  }

  package func step(_ state: MutableStatePointer, forward action: Int) -> Int {
    base.step(state, forward: action)
  }

  package func step(_ state: MutableStatePointer, backward action: Int) -> Int {
    base.step(state, backward: action)
  }

  package var enumeration: Enumeration? { base.enumeration }
  package var beyondEnumeration: (size: String, remedy: String) { base.beyondEnumeration }
  package func index(of state: StatePointer) -> Int { base.index(of: state) }

  package func state(at index: Int, into state: MutableStatePointer) {
    base.state(at: index, into: state)
  }

  package func list(_ states: Range<Int>, into rows: EdgeRows) { base.list(states, into: rows) }
  package func terminatingIndex(of state: StatePointer) -> Int { base.terminatingIndex(of: state) }

  package func terminatingState(at index: Int, into state: MutableStatePointer) {
    base.terminatingState(at: index, into: state)
  }

  package var packedWidth: Int { base.packedWidth }

  package func pack(_ state: StatePointer, into packed: MutableStatePointer) {
    base.pack(state, into: packed)
  }

  package var cellBounds: ClosedRange<Int32> { base.cellBounds }
  package func text(of state: StatePointer) -> String { base.text(of: state) }
  package func state(from input: StateInput) throws -> [Int32] { try base.state(from: input) }
  package func name(ofForward action: Int) -> String { base.name(ofForward: action) }
  package func name(ofBackward action: Int) -> String { base.name(ofBackward: action) }
  package func logPathCount(_ state: StatePointer) -> Double? { base.logPathCount(state) }
}
