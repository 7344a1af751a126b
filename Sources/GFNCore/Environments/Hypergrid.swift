package import GFNParameters
import Glibc

/// The hypergrid (Bengio et al. 2021, arXiv:2106.04399): `dim` coordinates in 0…side−1, starting at
/// the origin. Actions 0…dim−1 add one to a coordinate, action `dim` exits from any state.
package struct Hypergrid: Environment {
  package let specification: EnvironmentSpecification
  private let shape: GridShape
  package let logRewardClip: Double?
  package let modes: (any ModeSet)?
  package let regions: (any ModeSet)?
  private let function: HypergridReward

  /// Where the reward is at most R0 nothing is worth stopping for; other rewards have no such value.
  package var guide: GuideFamily? {
    .heldBack(threshold: function.isStandard ? function.r0 : nil, floor: 1e-5)
  }

  package var dim: Int { shape.dim }
  package var side: Int { shape.side }
  package var stateWidth: Int { dim }
  package var forwardActionCount: Int { dim + 1 }
  package var backwardActionCount: Int { dim }
  package var featureCount: Int { dim * side }
  package var activeFeatureCount: Int { dim }
  package var maximumLength: Int { dim * (side - 1) }

  /// - Throws: `CoreError.option` or `.tooLarge` when no such grid can be.
  init(_ options: Options) throws {
    specification = EnvironmentSpecification(kind: "hypergrid", options: options)
    shape = GridShape(
      dim: options.integer("dim", of: .hypergrid), side: options.integer("side", of: .hypergrid))
    let dim = shape.dim
    let side = shape.side
    logRewardClip = EnvironmentKind.logClip(options)
    let (features, overflow) = dim.multipliedReportingOverflow(by: side)
    guard !overflow, features <= 1 << 26 else {
      throw CoreError.tooLarge(
        what: "the k-hot input of a grid with dim=\(dim) side=\(side)",
        size: "more than 2^26 numbers", remedy: "choose a smaller dim or side")
    }
    function = try HypergridReward(options, shape)
    (modes, regions) = try HypergridModes.make(options, function, shape)
  }

  static func formulaNames(_ shape: GridShape) -> FormulaNames {
    FormulaNames([
      "x": .cells(first: 0, count: shape.dim),
      "u": .cells(first: 0, count: shape.dim, over: Double(shape.side - 1)),
      "dim": .number(Double(shape.dim)), "side": .number(Double(shape.side)),
    ])
  }

  package var formulaNames: FormulaNames { Self.formulaNames(shape) }

  package func initialState(into state: MutableStatePointer) {
    state.update(repeating: 0, count: dim)
  }

  package func isInitial(_ state: StatePointer) -> Bool {
    for axis in 0..<dim where state[axis] != 0 { return false }
    return true
  }

  package func forwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    let last = Int32(side - 1)
    for axis in 0..<dim { mask[axis] = state[axis] < last }
    mask[dim] = true
  }

  package func backwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    for axis in 0..<dim { mask[axis] = state[axis] > 0 }
  }

  package func encode(_ state: StatePointer, into indices: UnsafeMutablePointer<Int32>) -> Int {
    for axis in 0..<dim { indices[axis] = Int32(axis * side) + state[axis] }
    return dim
  }

  package func step(_ state: MutableStatePointer, forward action: Int) -> Int {
    state[action] += 1
    return action
  }

  package func step(_ state: MutableStatePointer, backward action: Int) -> Int {
    state[action] -= 1
    return action
  }

  package func reward(_ state: StatePointer) -> Double { function.value(state) }

  package func logReward(_ state: StatePointer) -> Double { log(function.value(state)) }

  package var enumeration: Enumeration? {
    shape.count.map { Enumeration(states: $0, terminating: $0) }
  }

  package func index(of state: StatePointer) -> Int { shape.index(of: state) }

  package func state(at index: Int, into state: MutableStatePointer) {
    shape.state(at: index, into: state)
  }

  /// A step along an axis adds the axis' stride to the index.
  package func list(_ states: Range<Int>, into rows: EdgeRows) {
    guard !states.isEmpty else { return }
    let last = Int32(side - 1)
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: dim) { strides in
      shape.strides(into: strides)
      shape.state(at: states.lowerBound, into: rows.cells)
      for row in 0..<states.count {
        if row > 0 { rows.follow(row, digits: dim, 0, last) }
        let index = Int32(states.lowerBound + row)
        let cells = rows.cells + row * dim
        let first = row * rows.stride
        var edge = first
        for axis in 0..<dim where cells[axis] < last {
          rows.actions[edge] = Int32(axis)
          rows.children[edge] = index + strides[axis]
          edge += 1
        }
        rows.actions[edge] = Int32(dim)
        rows.counts[row] = Int32(edge - first)
        rows.exits[row] = index
      }
    }
  }

  package func terminatingIndex(of state: StatePointer) -> Int { index(of: state) }

  package func terminatingState(at index: Int, into state: MutableStatePointer) {
    self.state(at: index, into: state)
  }

  package func logRewards(of objects: Range<Int>, into result: UnsafeMutablePointer<Double>) {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: dim) { buffer in
      guard let state = buffer.baseAddress else { return }
      shape.state(at: objects.lowerBound, into: state)
      for row in 0..<objects.count {
        result[row] = logReward(state)
        state.countUp(digits: dim, 0, Int32(side - 1))
      }
    }
  }

  /// The multinomial coefficient `(Σ s)! / Π s_i!`: unit steps in any order.
  package func logPathCount(_ state: StatePointer) -> Double? {
    var steps = 0.0
    var repeats = 0.0
    for axis in 0..<dim {
      steps += Double(state[axis])
      repeats += logFactorial(Double(state[axis]))
    }
    return logFactorial(steps) - repeats
  }

  package var cellBounds: ClosedRange<Int32> { 0...Int32(side - 1) }

  package func text(of state: StatePointer) -> String {
    (0..<dim).map { String(state[$0]) }.joined(separator: ",")
  }

  package func state(from input: StateInput) throws -> [Int32] {
    let numbers: [Int]
    switch input {
    case .numbers(let list): numbers = list
    case .word(let word):
      numbers = try word.split(separator: ",", omittingEmptySubsequences: false).map {
        guard let number = Int(String($0).trimmed) else {
          throw CoreError.state(text: word, reason: "write its \(dim) coordinates as (3, 5)")
        }
        return number
      }
    }
    let text = numbers.map(String.init).joined(separator: ",")
    guard numbers.count == dim else {
      throw CoreError.state(text: text, reason: "the grid has \(counted(dim, "coordinate"))")
    }
    guard numbers.allSatisfy({ (0..<side).contains($0) }) else {
      throw CoreError.state(text: text, reason: "coordinates lie in 0…\(side - 1)")
    }
    return numbers.map { Int32($0) }
  }

  package func name(ofForward action: Int) -> String {
    action == dim ? "exit" : "x\(action)+"
  }

  package func name(ofBackward action: Int) -> String { "x\(action)-" }
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}

extension EnvironmentKind {
  static let hypergrid = EnvironmentKind(
    name: "hypergrid",
    summary: "a grid with side^dim states and reward in its corners (Bengio et al. 2021)",
    parameters: [
      Parameter("dim", .integer(1...1024), default: 2, help: "number of coordinates"),
      Parameter("side", .integer(2...(1 << 24)), default: 16, help: "values a coordinate takes"),
      Parameter("r0", .number(.nonNegative), default: 0.01, help: "reward everywhere"),
      Parameter("r1", .number(.nonNegative), default: 0.5, help: "added in the outer regions"),
      Parameter("r2", .number(.nonNegative), default: 2, help: "added in the modes"),
      Parameter(
        "reward",
        .either([
          .enumeration([
            Choice("standard", "plateaus and peaks in the 2^dim corners"),
            Choice("cosine", "R0 + R1 · Π (cos(50 a) + 1) · φ(5 a)"),
          ]), .formula(variables: ["x", "u", "dim", "side"]),
        ]), default: "standard", help: "standard, cosine or a formula over x, u, dim, side"),
      Parameter(
        "modes", .formula(variables: ["x", "u", "dim", "side"]),
        help: "a condition that holds in the modes"),
      clip,
    ],
    rewardParameters: ["r0", "r1", "r2", "reward", "modes", "clip"],
    formulasOver: ["x", "u", "dim", "side"],
    details: """
      States are dim integers in 0…side−1; an action adds one to a coordinate or exits, anywhere. \
      With a = |x/(side−1) − ½| the standard reward is R0 + R1·Π[a > 0.25] + R2·Π[0.3 < a < 0.4]. \
      A formula sees x (integers, x[0] the first), u = x/(side−1), dim and side.
      """,
    make: { options, _ in try Hypergrid(options) })
}
