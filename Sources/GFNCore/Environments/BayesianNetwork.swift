import Glibc

/// The structures of a Bayesian network: directed acyclic graphs on the variables of a data set, with
/// `log R(G) = (score(G) − score(∅) + log prior(G)/prior(∅)) / temperature` (Deleu et al. 2022,
/// arXiv:2202.13903). Action `source · n + target` adds an edge, the last exits from any graph; backward
/// actions, with the same numbers, remove one.
package struct BayesianNetwork: Environment {
  package let specification: EnvironmentSpecification
  /// The variables, in the order of the data's columns.
  package let names: [String]
  package let logRewardClip: Double?
  let shape: DAGShape
  private let scores: LocalScores
  private let list: DAGList?

  /// - Throws: `CoreError.file` for data that cannot be used, `.option` for options that do not fit.
  init(_ options: Options, _ read: FileReader) throws {
    specification = EnvironmentSpecification(kind: "bayesnet", options: options)
    logRewardClip = EnvironmentKind.logClip(options)
    guard let path = options.text("data") else {
      throw CoreError.option(
        name: "data", reason: "is missing; give a table of numbers as data=FILE")
    }
    let prior = try Self.prior(options)
    let data = try Observations(
      try read(path), path: path,
      Observations.Preparation(
        rows: options.integers("rows"), takesLogarithm: options.text("transform") == "log",
        standardizes: options.boolean("standardize") ?? false))
    names = data.names
    shape = DAGShape(
      nodes: names.count, mostParents: options.integer("max_parents") ?? names.count - 1)
    scores = LocalScores(
      try BGeScore(
        data, path: path, alphaMu: options.number("alpha_mu") ?? 1,
        alphaW: options.number("alpha_w")),
      prior: prior, temperature: options.number("temperature") ?? 1,
      mostParents: shape.mostParents)
    list = DAGList(shape)
  }

  package var rewardIsExponential: Bool { true }
  package var modes: (any ModeSet)? { nil }
  package var regions: (any ModeSet)? { nil }
  /// The graph without edges has log R = 0: nothing that explains the data no better is worth stopping for.
  package var guide: GuideFamily? { .heldBack(threshold: 0, floor: 1e-10) }

  package var nodes: Int { shape.nodes }
  package var stateWidth: Int { shape.cellCount }
  package var forwardActionCount: Int { shape.cellCount + 1 }
  package var backwardActionCount: Int { shape.cellCount }
  package var featureCount: Int { shape.cellCount }
  package var activeFeatureCount: Int { shape.mostEdges }
  package var maximumLength: Int { shape.mostEdges }
  package var cellBounds: ClosedRange<Int32> { 0...1 }

  package func initialState(into state: MutableStatePointer) {
    state.update(repeating: 0, count: shape.cellCount)
  }

  package func isInitial(_ state: StatePointer) -> Bool {
    for cell in 0..<shape.cellCount where state[cell] != 0 { return false }
    return true
  }

  package func forwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    shape.additions(state, into: mask)
    mask[shape.cellCount] = true
  }

  package func backwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    for cell in 0..<shape.cellCount { mask[cell] = state[cell] != 0 }
  }

  package func encode(_ state: StatePointer, into indices: UnsafeMutablePointer<Int32>) -> Int {
    var count = 0
    for cell in 0..<shape.cellCount where state[cell] != 0 {
      indices[count] = Int32(cell)
      count += 1
    }
    return count
  }

  package func step(_ state: MutableStatePointer, forward action: Int) -> Int {
    state[action] = 1
    return action
  }

  package func step(_ state: MutableStatePointer, backward action: Int) -> Int {
    state[action] = 0
    return action
  }

  /// Infinite where it is beyond floating point.
  package func reward(_ state: StatePointer) -> Double { exp(logReward(state)) }

  package func logReward(_ state: StatePointer) -> Double {
    var sum = 0.0
    for node in 0..<shape.nodes { sum += scores(node, parents: shape.parents(of: node, state)) }
    return sum
  }

  /// Edges come in any order: a part of an acyclic graph is one.
  package func logPathCount(_ state: StatePointer) -> Double? {
    var edges = 0
    for cell in 0..<shape.cellCount where state[cell] != 0 { edges += 1 }
    return lgamma(Double(edges + 1))
  }

  // MARK: - Enumeration

  package var enumeration: Enumeration? {
    list.map { Enumeration(states: $0.count, terminating: $0.count) }
  }

  package var beyondEnumeration: (size: String, remedy: String) {
    let bound = shape.mostParents < nodes - 1 ? "up to " : ""
    let count = DAGShape.count(nodes: nodes).map { "\(bound)\($0)" } ?? "more than 2^63"
    return (
      "\(count) graphs",
      "at most \(DAGList.mostNodes) variables are enumerated; draw instead: "
        + "'evaluate samples=1000', 'edges samples=1000', 'top samples=1000'"
    )
  }

  /// 0 where there is no enumeration, and nobody asks.
  package func index(of state: StatePointer) -> Int { list?.index(of: state) ?? 0 }

  package func state(at index: Int, into state: MutableStatePointer) {
    guard let list else { return initialState(into: state) }
    list.state(at: index, into: state)
  }

  package func terminatingIndex(of state: StatePointer) -> Int { index(of: state) }

  package func terminatingState(at index: Int, into state: MutableStatePointer) {
    self.state(at: index, into: state)
  }

  /// 32 edges a cell.
  package var packedWidth: Int { (shape.cellCount + 31) / 32 }

  package func pack(_ state: StatePointer, into packed: MutableStatePointer) {
    packed.update(repeating: 0, count: packedWidth)
    for cell in 0..<shape.cellCount where state[cell] != 0 {
      packed[cell >> 5] |= Int32(bitPattern: 1 << UInt32(cell & 31))
    }
  }
}
