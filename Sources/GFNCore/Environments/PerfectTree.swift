import GFNParameters

/// The perfect tree: every node above depth `depth` has `branching` children, and exit is at the
/// leaves only. Action a goes to child a.
///
/// A state's one cell is its number in breadth-first order: the children of node i are
/// `k·i + 1 … k·i + k`, its parent is `⌊(i − 1)/k⌋`, and the leaves come last, in the order of their
/// paths.
struct PerfectTree: Environment {
  let specification: EnvironmentSpecification
  let logRewardClip: Double?
  private let depth: Int
  private let branching: Int
  private let firstLeaf: Int
  private let leaves: Int
  private let rewards: ObjectRewards

  /// - Throws: `CoreError.tooLarge` for too many leaves, `.option` for what is no reward.
  init(_ options: Options) throws {
    specification = EnvironmentSpecification(kind: "perfect-tree", options: options)
    logRewardClip = EnvironmentKind.logClip(options)
    let depth = options.integer("depth", of: .perfectTree)
    let branching = options.integer("branching", of: .perfectTree)
    guard let leaves = power(branching, depth), leaves <= ObjectRewards.most else {
      throw CoreError.tooLarge(
        what: "a tree with depth=\(depth) branching=\(branching)", size: "more than 2^20 leaves",
        remedy: "choose a smaller depth or branching")
    }
    self.depth = depth
    self.branching = branching
    self.leaves = leaves
    let firstLeaf = (leaves - 1) / (branching - 1)
    self.firstLeaf = firstLeaf
    rewards = try ObjectRewards(
      count: leaves, options.formula("reward"), plain: { 1 + Double($0) },
      names: Self.formulaNames(firstLeaf, leaves), width: 1,
      object: { $1[0] = Int32(firstLeaf + $0) },
      text: { "leaf \($0)" })
  }

  private static func formulaNames(_ firstLeaf: Int, _ leaves: Int) -> FormulaNames {
    FormulaNames([
      "leaf": .cell(0, plus: -Double(firstLeaf)), "leaves": .number(Double(leaves)),
    ])
  }

  var formulaNames: FormulaNames { Self.formulaNames(firstLeaf, leaves) }

  var stateWidth: Int { 1 }
  var forwardActionCount: Int { branching + 1 }
  var backwardActionCount: Int { 1 }
  var featureCount: Int { depth * branching }
  var activeFeatureCount: Int { depth }
  var maximumLength: Int { depth }
  var modes: (any ModeSet)? { nil }
  var regions: (any ModeSet)? { nil }
  var guide: GuideFamily? { .reachability }

  func initialState(into state: MutableStatePointer) { state[0] = 0 }

  func isInitial(_ state: StatePointer) -> Bool { state[0] == 0 }

  func forwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    let isLeaf = Int(state[0]) >= firstLeaf
    for action in 0..<branching { mask[action] = !isLeaf }
    mask[branching] = isLeaf
  }

  func backwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    mask[0] = state[0] > 0
  }

  /// One-hot a level: which child the path takes there.
  func encode(_ state: StatePointer, into indices: UnsafeMutablePointer<Int32>) -> Int {
    var node = Int(state[0])
    let count = level(node)
    for step in stride(from: count - 1, through: 0, by: -1) {
      indices[step] = Int32(step * branching + (node - 1) % branching)
      node = (node - 1) / branching
    }
    return count
  }

  private func level(_ node: Int) -> Int {
    var node = node
    var level = 0
    while node > 0 {
      node = (node - 1) / branching
      level += 1
    }
    return level
  }

  func step(_ state: MutableStatePointer, forward action: Int) -> Int {
    state[0] = state[0] * Int32(branching) + 1 + Int32(action)
    return 0
  }

  func step(_ state: MutableStatePointer, backward action: Int) -> Int {
    let number = Int(state[0]) - 1
    state[0] = Int32(number / branching)
    return number % branching
  }

  func reward(_ state: StatePointer) -> Double { rewards.values[Int(state[0]) - firstLeaf] }

  func logReward(_ state: StatePointer) -> Double {
    rewards.logarithms[Int(state[0]) - firstLeaf]
  }

  var enumeration: Enumeration? {
    Enumeration(states: firstLeaf + leaves, terminating: leaves)
  }

  func index(of state: StatePointer) -> Int { Int(state[0]) }

  func state(at index: Int, into state: MutableStatePointer) { state[0] = Int32(index) }

  func terminatingIndex(of state: StatePointer) -> Int { Int(state[0]) - firstLeaf }

  func terminatingState(at index: Int, into state: MutableStatePointer) {
    state[0] = Int32(firstLeaf + index)
  }

  var cellBounds: ClosedRange<Int32> { 0...Int32(firstLeaf + leaves - 1) }

  /// The path from the root, `0,2,1`; the root is `_`.
  func text(of state: StatePointer) -> String {
    var node = Int(state[0])
    var path: [String] = []
    while node > 0 {
      path.append(String((node - 1) % branching))
      node = (node - 1) / branching
    }
    return path.isEmpty ? numberListOfNone : path.reversed().joined(separator: ",")
  }

  func state(from input: StateInput) throws -> [Int32] {
    let path = try input.numberList(remedy: "write the path from the root as (0, 1), the root as _")
    let text = path.map(String.init).joined(separator: ",")
    guard path.count <= depth else {
      throw CoreError.state(text: text, reason: "a path has at most \(counted(depth, "step"))")
    }
    var node = 0
    for step in path {
      guard (0..<branching).contains(step) else {
        throw CoreError.state(text: text, reason: "children are numbered 0…\(branching - 1)")
      }
      node = node * branching + 1 + step
    }
    return [Int32(node)]
  }

  func name(ofForward action: Int) -> String {
    action == branching ? "exit" : "child\(action)"
  }

  func name(ofBackward action: Int) -> String { "parent" }
}

extension EnvironmentKind {
  static let perfectTree = EnvironmentKind(
    name: "perfect-tree",
    summary: "a tree whose leaves are the objects: one trajectory an object",
    parameters: [
      Parameter("depth", .integer(1...20), default: 3, help: "actions to a leaf"),
      Parameter("branching", .integer(2...1024), default: 2, help: "children a node"),
      Parameter(
        "reward", .formula(variables: ["leaf", "leaves"]), default: .described("1 + leaf"),
        help: "a formula over leaf (0 the first) and leaves, their number"),
      clip,
    ],
    rewardParameters: ["reward", "clip"],
    formulasOver: ["leaf", "leaves"],
    details: """
      Action childK goes to child K, 0 the first; a leaf exits. A node is written as its path from \
      the root, (0, 2, 1), the root as _; leaves are numbered in the order of their paths. Every \
      state but the root has one parent, so π_B is 1.
      """,
    make: { options, _ in try PerfectTree(options) })
}
