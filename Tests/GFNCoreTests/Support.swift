import GFNLanguage
import GFNParameters
import Testing

@testable import GFNCore

/// Small environments for tests.
enum Small {
  static func grid(dim: Int = 2, side: Int = 4, _ more: [(String, OptionValue)] = []) throws
    -> Hypergrid
  {
    try Hypergrid(
      Options(
        [("dim", .number(Double(dim))), ("side", .number(Double(side)))]
          + more.map { (name: $0.0, value: $0.1) }))
  }

  /// Sequences of length 3 over AB with rewards 1…8.
  static func sequence(_ mode: String = "fill", length: Int = 3) throws -> any Environment {
    let count = 1 << length
    let table = (0..<count).map { index in
      RewardTable.word(index, Array("AB".utf8), length) + "\t\(index + 1)\n"
    }.joined()
    let task = try SequenceTask(
      Options([
        ("length", .number(Double(length))), ("alphabet", .text("AB")), ("rewards", .text("t")),
        ("max", .number(8)),
      ]), FileReader { _ in Array(table.utf8) })
    return mode == "fill" ? FillSequence(task) : GrowingSequence(task, ends: 2)
  }

  static func all() throws -> [any Environment] {
    [
      try grid(), try grid(dim: 1, side: 7), try grid(dim: 3, side: 3),
      try sequence(), try sequence("append-prepend"),
      try sequence("append-prepend", length: 4),
      try graph(), try tree(), try tree(depth: 2, branching: 5), try set(),
      try set(size: 4, choose: 4),
      try SmallNetwork.make(3, [("temperature", .number(8))]),
      try SmallNetwork.make(4, [("temperature", .number(8))]),
      try SmallNetwork.make(4, [("temperature", .number(8)), ("max_parents", .number(2))]),
    ]
  }

  /// Two ways to a, a node that ends and goes on, and ends of different depth.
  static func graph(
    _ edges: String = "s0 -> a b; b -> a c; a -> x c; c -> x y",
    _ rewards: String = "x 1; y 3; c 0.5; s0 0.25"
  ) throws -> ExplicitGraph {
    try ExplicitGraph(
      Options([("edges", .text(edges)), ("rewards", .text(rewards))]), FileReader { _ in [] })
  }

  static func tree(
    depth: Int = 4, branching: Int = 2, _ more: [(String, OptionValue)] = []
  ) throws -> PerfectTree {
    try PerfectTree(
      Options(
        [("depth", .number(Double(depth))), ("branching", .number(Double(branching)))]
          + more.map { (name: $0.0, value: $0.1) }))
  }

  static func set(
    size: Int = 5, choose: Int = 3, _ more: [(String, OptionValue)] = []
  ) throws -> SubsetEnvironment {
    try SubsetEnvironment(
      Options(
        [("size", .number(Double(size))), ("choose", .number(Double(choose)))]
          + more.map { (name: $0.0, value: $0.1) }))
  }

  static func configuration(
    _ method: String = "TB-U", layers: Int = 2, hidden: Int = 16
  ) -> Configuration {
    var configuration = Configuration()
    configuration.policy = NetworkSettings(layers: layers, hidden: hidden)
    configuration.critic = NetworkSettings(layers: layers, hidden: hidden)
    if let name = MethodName.named(method) {
      configuration.objective.kind = name.objective
      configuration.backward.kind = name.backward
    }
    return configuration
  }

  /// The tabular policy that balances exactly against uniform π_B, with log Z = log Z*.
  static func balanced(
    _ environment: any Environment, _ configuration: Configuration
  ) throws -> TrainingState {
    var configuration = configuration
    configuration.policy.isTabular = true
    configuration.objective.usesCritic = false
    let count = try environment.enumerable().states
    var flow = [Double](repeating: 0, count: count)
    let actions = environment.forwardActionCount
    var weights = [Float](repeating: -30, count: count * actions)
    for index in (0..<count).reversed() {
      let state = environment.state(at: index)
      let mask = environment.forwardMask(state)
      var edges = [Double](repeating: 0, count: actions)
      for action in mask.indices where mask[action] {
        if action == environment.exitAction {
          edges[action] = environment.reward(state)
        } else {
          let child = environment.child(state, action)
          let parents = environment.backwardMask(child).count { $0 }
          edges[action] = flow[environment.index(child)] / Double(parents)
        }
      }
      flow[index] = edges.reduce(0, +)
      for action in mask.indices where mask[action] {
        weights[index * actions + action] = Float(logarithm(edges[action] / flow[index]))
      }
    }
    configuration.objective.logZ = .number(logarithm(flow[0]))
    var state = try TrainingState(configuration, in: environment, seed: 0)
    let shape = try state.shape(.forwardPolicy, in: environment)
    var network = Network(zero: shape)
    network.parameters.replaceSubrange(0..<weights.count, with: weights)
    state.replace(.forwardPolicy, with: network)
    return state
  }
}

extension Environment {
  func child(_ state: [Int32], _ action: Int) -> [Int32] {
    var cells = state
    cells.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { _ = step(base, forward: action) }
    }
    return cells
  }
}

extension StateFormula {
  /// As the language reads it.
  init(_ text: String) throws {
    self = try Formula(text, variables: ["x", "u", "dim", "side", "leaf", "leaves"]).formula
  }
}

extension ReplayGuide {
  /// Sequences that are filled.
  init(length: Int, letters: Int, capacity: Int = ReplayRing.usualCapacity) {
    self.init(.fill, length: length, letters: letters, capacity: capacity)
  }
}

extension Trainer {
  /// `F v` for the Fisher matrix of `KL(π_old ‖ π)` on the forward batch evaluated last.
  func fisherProduct(_ state: TrainingState, _ vector: [Float]) -> [Float] {
    guard let network = state.networks[.forwardPolicy] else { return [] }
    return trustRegion.fisherProduct(state, network, forward, vector, pool)
  }
}
