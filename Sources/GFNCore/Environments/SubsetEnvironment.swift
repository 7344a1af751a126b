import GFNParameters

/// Sets built element by element: action i adds element i, and exit is where `choose` elements are in,
/// and only there. Cells are 1 where an element is in, else 0.
struct SubsetEnvironment: Environment {
  let specification: EnvironmentSpecification
  let logRewardClip: Double?
  private let shape: SubsetShape
  private let rewards: ObjectRewards

  /// - Throws: `CoreError.option` or `.tooLarge` when there are no such sets, or too many.
  init(_ options: Options) throws {
    specification = EnvironmentSpecification(kind: "set", options: options)
    logRewardClip = EnvironmentKind.logClip(options)
    let size = options.integer("size", of: .set)
    let choose = options.integer("choose", of: .set)
    guard choose <= size else {
      throw CoreError.option(
        name: "choose",
        reason: "\(choose) of \(counted(size, "element")) cannot be; choose at most \(size)")
    }
    guard let shape = SubsetShape(size: size, most: choose), shape.largest <= ObjectRewards.most
    else {
      throw CoreError.tooLarge(
        what: "the sets with size=\(size) choose=\(choose)",
        size: "more than 2^20 objects or 2^24 states", remedy: "choose a smaller size or choose")
    }
    self.shape = shape
    func elements(_ index: Int) -> [Double] {
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: size) { buffer in
        guard let state = buffer.baseAddress else { return [] }
        shape.set(rank: index, count: choose, into: state)
        return (0..<size).map { Double(state[$0]) }
      }
    }
    rewards = try ObjectRewards(
      count: shape.largest, options.formula("reward"),
      plain: { index in
        elements(index).enumerated().reduce(1) { $0 + Double($1.offset) * $1.element }
      },
      names: FormulaNames(["x": .cells(first: 0, count: size)]), width: size,
      object: { shape.set(rank: $0, count: choose, into: $1) },
      text: { index in
        let inside = elements(index).enumerated().filter { $0.element > 0 }
        return "{\(inside.map { String($0.offset) }.joined(separator: ", "))}"
      })
  }

  private var size: Int { shape.size }

  var stateWidth: Int { size }
  var forwardActionCount: Int { size + 1 }
  var backwardActionCount: Int { size }
  var featureCount: Int { size }
  var activeFeatureCount: Int { shape.most }
  var maximumLength: Int { shape.most }
  var modes: (any ModeSet)? { nil }
  var regions: (any ModeSet)? { nil }
  var guide: GuideFamily? { .reachability }

  func initialState(into state: MutableStatePointer) { state.update(repeating: 0, count: size) }

  func isInitial(_ state: StatePointer) -> Bool { shape.count(state) == 0 }

  func forwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    let isFull = shape.count(state) == shape.most
    for element in 0..<size { mask[element] = !isFull && state[element] == 0 }
    mask[size] = isFull
  }

  func backwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    for element in 0..<size { mask[element] = state[element] != 0 }
  }

  func encode(_ state: StatePointer, into indices: UnsafeMutablePointer<Int32>) -> Int {
    var count = 0
    for element in 0..<size where state[element] != 0 {
      indices[count] = Int32(element)
      count += 1
    }
    return count
  }

  func step(_ state: MutableStatePointer, forward action: Int) -> Int {
    state[action] = 1
    return action
  }

  func step(_ state: MutableStatePointer, backward action: Int) -> Int {
    state[action] = 0
    return action
  }

  func reward(_ state: StatePointer) -> Double { rewards.values[shape.rank(state)] }

  func logReward(_ state: StatePointer) -> Double { rewards.logarithms[shape.rank(state)] }

  var enumeration: Enumeration? {
    Enumeration(states: shape.sets, terminating: shape.largest)
  }

  func index(of state: StatePointer) -> Int { shape.index(of: state) }

  func state(at index: Int, into state: MutableStatePointer) {
    shape.state(at: index, into: state)
  }

  func terminatingIndex(of state: StatePointer) -> Int { shape.rank(state) }

  func terminatingState(at index: Int, into state: MutableStatePointer) {
    shape.set(rank: index, count: shape.most, into: state)
  }

  var cellBounds: ClosedRange<Int32> { 0...1 }

  /// Its elements in order, `0,3`; the empty set is `_`.
  func text(of state: StatePointer) -> String {
    let elements = (0..<size).filter { state[$0] != 0 }
    return elements.isEmpty
      ? numberListOfNone : elements.map(String.init).joined(separator: ",")
  }

  func state(from input: StateInput) throws -> [Int32] {
    let elements = try input.numberList(remedy: "write its elements as (0, 3), the empty set as _")
    let text = elements.map(String.init).joined(separator: ",")
    guard elements.count <= shape.most else {
      throw CoreError.state(
        text: text, reason: "a set has at most \(counted(shape.most, "element")) here")
    }
    var cells = [Int32](repeating: 0, count: size)
    for element in elements {
      guard cells.indices.contains(element) else {
        throw CoreError.state(text: text, reason: "elements are numbered 0…\(size - 1)")
      }
      guard cells[element] == 0 else {
        throw CoreError.state(text: text, reason: "\(element) is in it twice")
      }
      cells[element] = 1
    }
    return cells
  }

  func name(ofForward action: Int) -> String { action == size ? "exit" : "add\(action)" }

  func name(ofBackward action: Int) -> String { "remove\(action)" }
}

extension EnvironmentKind {
  static let set = EnvironmentKind(
    name: "set",
    summary: "subsets of one size, built element by element",
    parameters: [
      Parameter("size", .integer(1...1024), default: 6, help: "elements to choose from"),
      Parameter("choose", .integer(1...1024), default: 3, help: "elements of an object"),
      Parameter(
        "reward", .formula(variables: ["x"]), default: .described("1 + Σ i·x[i]"),
        help: "a formula over x: x[i] is 1 where element i is in, else 0"),
      clip,
    ],
    rewardParameters: ["reward", "clip"],
    formulasOver: ["x"],
    details: """
      Action addI adds element I; a set of choose elements exits, and only such a set does. A set \
      is written as its elements, (0, 3), the empty one as _.
      """,
    make: { options, _ in try SubsetEnvironment(options) })
}
