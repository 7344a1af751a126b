import GFNParameters

/// What the ways of building a sequence have in common. Cells hold letters, −1 where empty.
protocol SequenceEnvironment: Environment {
  var task: SequenceTask { get }
}

extension SequenceEnvironment {
  var shape: SequenceShape { task.shape }
  var length: Int { shape.length }
  var letters: Int { shape.letters }

  var specification: EnvironmentSpecification { task.specification }
  var logRewardClip: Double? { task.logRewardClip }
  var modes: (any ModeSet)? { task.modes }
  var rewardNote: String? { task.note }

  /// x holds letters 0, 1, … or −1, size counts them; a letter may be written as a text.
  var formulaNames: FormulaNames {
    FormulaNames(
      [
        "x": .cells(first: 0, count: length), "length": .number(Double(length)),
        "size": .abbreviation(
          .binary(
            .minus, .number(Double(length)), .call("count", [.name("x"), .number(-1)]))),
      ],
      letters: Dictionary(
        (0..<letters).map { (task.letter($0), Double($0)) }, uniquingKeysWith: { first, _ in first }
      ))
  }
  var regions: (any ModeSet)? { nil }
  var stateWidth: Int { length }
  var featureCount: Int { length * letters }
  var activeFeatureCount: Int { length }
  var maximumLength: Int { length }
  var cellBounds: ClosedRange<Int32> { SequenceTask.empty...Int32(letters - 1) }

  func initialState(into state: MutableStatePointer) {
    state.update(repeating: SequenceTask.empty, count: length)
  }

  func encode(_ state: StatePointer, into indices: UnsafeMutablePointer<Int32>) -> Int {
    shape.encode(state, into: indices)
  }

  func reward(_ state: StatePointer) -> Double { task.reward(state) }

  func logReward(_ state: StatePointer) -> Double { task.logReward(state) }

  func logRewards(of objects: Range<Int>, into result: UnsafeMutablePointer<Double>) {
    task.rewards.logRewards(of: objects, shape, into: result)
  }

  func terminatingIndex(of state: StatePointer) -> Int { shape.index(of: state) }

  func terminatingState(at index: Int, into state: MutableStatePointer) {
    shape.sequence(at: index, into: state)
  }
}
