@testable import GFNCore

/// An environment that leaves to the defaults what has one: nothing is known of it but its edges, and as
/// many states as it says.
struct Unformulated: Environment {
  let base: any Environment
  let enumeration: Enumeration?

  init(_ base: any Environment) {
    self.base = base
    enumeration = base.enumeration
  }

  init(_ base: any Environment, enumeration: Enumeration?) {
    self.base = base
    self.enumeration = enumeration
  }

  var specification: EnvironmentSpecification { base.specification }
  var stateWidth: Int { base.stateWidth }
  var forwardActionCount: Int { base.forwardActionCount }
  var backwardActionCount: Int { base.backwardActionCount }
  var featureCount: Int { base.featureCount }
  var activeFeatureCount: Int { base.activeFeatureCount }
  var maximumLength: Int { base.maximumLength }
  var logRewardClip: Double? { base.logRewardClip }
  var cellBounds: ClosedRange<Int32> { base.cellBounds }
  var modes: (any ModeSet)? { nil }
  var regions: (any ModeSet)? { nil }
  var guide: GuideFamily? { nil }

  func initialState(into state: MutableStatePointer) { base.initialState(into: state) }
  func isInitial(_ state: StatePointer) -> Bool { base.isInitial(state) }
  func forwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    base.forwardMask(state, into: mask)
  }
  func backwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    base.backwardMask(state, into: mask)
  }
  func encode(_ state: StatePointer, into indices: UnsafeMutablePointer<Int32>) -> Int {
    base.encode(state, into: indices)
  }
  func step(_ state: MutableStatePointer, forward action: Int) -> Int {
    base.step(state, forward: action)
  }
  func step(_ state: MutableStatePointer, backward action: Int) -> Int {
    base.step(state, backward: action)
  }
  func reward(_ state: StatePointer) -> Double { base.reward(state) }
  func logReward(_ state: StatePointer) -> Double { base.logReward(state) }
  func index(of state: StatePointer) -> Int { base.index(of: state) }
  func state(at index: Int, into state: MutableStatePointer) { base.state(at: index, into: state) }
  func terminatingIndex(of state: StatePointer) -> Int { base.terminatingIndex(of: state) }
  func terminatingState(at index: Int, into state: MutableStatePointer) {
    base.terminatingState(at: index, into: state)
  }
  func text(of state: StatePointer) -> String { base.text(of: state) }
  func state(from input: StateInput) throws -> [Int32] { try base.state(from: input) }
  func name(ofForward action: Int) -> String { base.name(ofForward: action) }
  func name(ofBackward action: Int) -> String { base.name(ofBackward: action) }
}
