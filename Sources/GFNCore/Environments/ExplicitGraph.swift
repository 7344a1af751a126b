package import GFNParameters

/// A small graph that a person wrote down. Forward action i takes the i-th edge of a node as written,
/// backward action i goes back along the i-th edge into it, and exit is where a reward is given: such
/// a node may have children too. A state's one cell is the number of its node.
package struct ExplicitGraph: Environment {
  package let specification: EnvironmentSpecification
  package let logRewardClip: Double?
  private let shape: GraphShape
  private let numbers: [String: Int32]
  private let rewards: ObjectRewards

  /// - Throws: `CoreError` for what is no graph, see `GraphCheck`.
  init(_ options: Options, _ read: FileReader) throws {
    specification = EnvironmentSpecification(kind: "graph", options: options)
    logRewardClip = EnvironmentKind.logClip(options)
    var text: GraphText
    switch (options.text("edges"), options.text("file")) {
    case (let edges?, nil):
      text = try GraphText(edges, in: .option("edges"), holding: .edges)
    case (nil, let path?): text = try GraphText(file: try read(path), path: path)
    case (nil, nil):
      throw CoreError.option(
        name: "edges", reason: "is missing; give edges='s0 -> a b; a -> b' or file=FILE")
    case (_?, _?):
      throw CoreError.option(name: "file", reason: "edges= and file= exclude each other; give one")
    }
    if let rewards = options.text("rewards") {
      text.rewards =
        try GraphText(rewards, in: .option("rewards"), holding: .rewards).rewards
    }
    let (shape, values) = try GraphShape.make(text)
    self.shape = shape
    rewards = ObjectRewards(values)
    numbers = Dictionary(
      zip(shape.names, (0..<shape.names.count).map { Int32($0) }), uniquingKeysWith: { $1 })
  }

  /// Whether another graph has the same states and actions, whatever its rewards.
  package func hasShape(of other: ExplicitGraph) -> Bool { shape == other.shape }

  /// A node is written as its name: node == "b".
  package var formulaNames: FormulaNames {
    FormulaNames(
      ["node": .cell(0)],
      letters: Dictionary(
        zip(shape.names, shape.names.indices.map { Double($0) }), uniquingKeysWith: { $1 }))
  }

  package var suggested: SuggestedSettings? { .tabular }
  package var guide: GuideFamily? { .reachability }
  package var modes: (any ModeSet)? { nil }
  package var regions: (any ModeSet)? { nil }

  package var stateWidth: Int { 1 }
  package var forwardActionCount: Int { shape.outgoing.most + 1 }
  package var backwardActionCount: Int { shape.incoming.most }
  package var featureCount: Int { shape.names.count }
  package var activeFeatureCount: Int { 1 }
  package var maximumLength: Int { shape.longest }

  package func initialState(into state: MutableStatePointer) { state[0] = 0 }

  package func isInitial(_ state: StatePointer) -> Bool { state[0] == 0 }

  package func forwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    let count = shape.outgoing.count(state[0])
    for action in 0..<exitAction { mask[action] = action < count }
    mask[exitAction] = shape.exits[Int(state[0])] >= 0
  }

  package func backwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    let count = shape.incoming.count(state[0])
    for action in 0..<backwardActionCount { mask[action] = action < count }
  }

  package func encode(_ state: StatePointer, into indices: UnsafeMutablePointer<Int32>) -> Int {
    indices[0] = state[0]
    return 1
  }

  package func step(_ state: MutableStatePointer, forward action: Int) -> Int {
    let (end, inverse) = shape.outgoing.edge(state[0], action)
    state[0] = end
    return Int(inverse)
  }

  package func step(_ state: MutableStatePointer, backward action: Int) -> Int {
    let (end, inverse) = shape.incoming.edge(state[0], action)
    state[0] = end
    return Int(inverse)
  }

  package func reward(_ state: StatePointer) -> Double {
    rewards.values[terminatingIndex(of: state)]
  }

  package func logReward(_ state: StatePointer) -> Double {
    rewards.logarithms[terminatingIndex(of: state)]
  }

  package var enumeration: Enumeration? {
    Enumeration(states: shape.names.count, terminating: shape.terminating.count)
  }

  package func index(of state: StatePointer) -> Int { Int(state[0]) }

  package func state(at index: Int, into state: MutableStatePointer) { state[0] = Int32(index) }

  package func terminatingIndex(of state: StatePointer) -> Int { Int(shape.exits[Int(state[0])]) }

  package func terminatingState(at index: Int, into state: MutableStatePointer) {
    state[0] = shape.terminating[index]
  }

  package var cellBounds: ClosedRange<Int32> { 0...Int32(shape.names.count - 1) }

  package func text(of state: StatePointer) -> String { shape.names[Int(state[0])] }

  package func state(from input: StateInput) throws -> [Int32] {
    let known = shape.names.prefix(8).joined(separator: ", ") + (shape.names.count > 8 ? ", …" : "")
    switch input {
    case .word(let name):
      guard let number = numbers[name] else {
        throw CoreError.state(text: name, reason: "the nodes are \(known)")
      }
      return [number]
    case .numbers(let numbers):
      throw CoreError.state(
        text: numbers.map(String.init).joined(separator: ","),
        reason: "give the name of a node: \(known)")
    }
  }

  package func name(ofForward action: Int) -> String {
    action == exitAction ? "exit" : "out\(action)"
  }

  package func name(ofBackward action: Int) -> String { "in\(action)" }
}

extension EnvironmentKind {
  static let graph = EnvironmentKind(
    name: "graph",
    summary: "a small graph, written down edge by edge",
    parameters: [
      Parameter("edges", .text, help: "edges as 's0 -> a b; a -> x y; b -> y'"),
      Parameter("rewards", .text, help: "rewards of the nodes where it may end, as 'x 1; y 2'"),
      Parameter("file", .path(.read), help: "a file with edges and rewards, one a line"),
      clip,
    ],
    rewardParameters: ["rewards", "clip"],
    formulasOver: ["node"],
    details: """
      The first node named is the initial state. A path may end where a reward is given, also at a \
      node with edges of its own. Action outI takes the I-th edge of a node as written, 0 the first. \
      In a file a line is 's0 -> a b' or 'x 1' and # begins a comment; rewards= replaces the file's. \
      Where no policy was chosen before, it is a table, its rate 0.05 if that is as it was (policy \
      tabular; optimizer lr=0.05); the next environment takes both back.
      """,
    make: { options, read in try ExplicitGraph(options, read) })
}
