import CAllocations
import Foundation
import GFNParameters
import Testing

@testable import GFNCore

/// Networks on a small synthetic table, in which x1 follows x0, x2 both, and the rest nothing.
enum SmallNetwork {
  static func table(_ variables: Int, rows: Int = 12) -> String {
    var stream = RandomStream(seed: 5, .looking)
    let header = (0..<variables).map { "x\($0)" }.joined(separator: ",")
    let lines = (0..<rows).map { _ -> String in
      var x = (0..<variables).map { _ in 2 * stream.uniform() - 1 }
      x[1] += x[0]
      if variables > 2 { x[2] += x[0] - x[1] }
      return x.map { "\($0)" }.joined(separator: ",")
    }
    return ([header] + lines).joined(separator: "\n") + "\n"
  }

  static func make(
    _ variables: Int, _ options: [(String, OptionValue)] = [], table: String? = nil
  ) throws -> BayesianNetwork {
    let table = table ?? self.table(variables)
    return try BayesianNetwork(
      Options([(name: "data", value: .text("t.csv"))] + options.map { (name: $0.0, value: $0.1) }),
      FileReader { _ in Array(table.utf8) })
  }
}

@Suite struct BayesianNetworkTests {
  /// Whether a path of edges leads from one node to another, by search.
  private func leads(_ cells: [Int32], _ n: Int, from: Int, to: Int) -> Bool {
    var seen: Set<Int> = []
    var open = [from]
    while let node = open.popLast() {
      if node == to { return true }
      for next in 0..<n where cells[node * n + next] != 0 && seen.insert(next).inserted {
        open.append(next)
      }
    }
    return false
  }

  @Test(arguments: [(2, 3), (3, 25), (4, 543), (5, 29_281)])
  func enumerationFindsEveryAcyclicGraph(_ variables: Int, _ count: Int) throws {
    let network = try SmallNetwork.make(variables)
    #expect(try network.enumerable() == Enumeration(states: count, terminating: count))
    #expect(DAGShape.count(nodes: variables) == count)
    var last = 0
    for index in 0..<count {
      let cells = network.state(at: index)
      #expect(network.index(cells) == index)
      let edges = cells.count { $0 != 0 }
      #expect(edges >= last)
      last = edges
    }
  }

  @Test func countsOfGraphsAreThePublishedOnes() {
    // OEIS A003024.
    #expect(DAGShape.count(nodes: 6) == 3_781_503)
    #expect(DAGShape.count(nodes: 10) == 4_175_098_976_430_598_143)
    #expect(DAGShape.count(nodes: 11) == nil)
  }

  @Test func masksAllowExactlyTheEdgesThatCloseNoCycle() throws {
    let network = try SmallNetwork.make(4)
    for index in 0..<543 {
      let cells = network.state(at: index)
      let mask = network.forwardMask(cells)
      #expect(mask[16])
      for source in 0..<4 {
        for target in 0..<4 {
          let expected =
            source != target && cells[source * 4 + target] == 0
            && !leads(cells, 4, from: target, to: source)
          #expect(mask[source * 4 + target] == expected)
        }
      }
      #expect(network.backwardMask(cells) == cells.map { $0 != 0 })
    }
  }

  /// The authors' closure does not shrink; this one has to, on large graphs and after any removals.
  @Test(arguments: [11, 64])
  func masksStayExactOnRandomWalks(_ variables: Int) throws {
    let network = try SmallNetwork.make(variables, table: SmallNetwork.table(variables, rows: 70))
    var stream = RandomStream(seed: 3, .looking)
    var cells = network.initialState()
    func take(_ allowed: [Bool], _ step: (MutableStatePointer, Int) -> Void) {
      let actions = allowed.indices.filter { allowed[$0] && $0 != network.exitAction }
      guard !actions.isEmpty else { return }
      let action = actions[Int(stream.next() % UInt64(actions.count))]
      cells.withUnsafeMutableBufferPointer { $0.baseAddress.map { step($0, action) } }
    }
    for move in 0..<150 {
      if move % 3 == 2 {
        take(network.backwardMask(cells)) { _ = network.step($0, backward: $1) }
      } else {
        take(network.forwardMask(cells)) { _ = network.step($0, forward: $1) }
      }
      guard move % 25 == 24 else { continue }
      let mask = network.forwardMask(cells)
      for source in 0..<variables {
        for target in 0..<variables where source != target {
          let isFree = cells[source * variables + target] == 0
          #expect(
            mask[source * variables + target]
              == (isFree && !leads(cells, variables, from: target, to: source)))
        }
      }
    }
    #expect(cells.count { $0 != 0 } == 50)
  }

  @Test func parentsAreBounded() throws {
    let network = try SmallNetwork.make(4, [("max_parents", .number(1))])
    // Forests of rooted labelled trees: (n + 1)^(n − 1).
    #expect(try network.enumerable().states == 125)
    #expect(network.maximumLength == 3)
    let mask = network.forwardMask(try network.state(from: .word("0>1")))
    #expect(!mask[2 * 4 + 1])
    #expect(mask[0 * 4 + 2])
    #expect(throws: CoreError.self) { try network.state(from: .word("0>1 2>1")) }
  }

  @Test func graphsAreWrittenByNumbersAndReadByNames() throws {
    let network = try SmallNetwork.make(3)
    #expect(network.text(try network.state(from: .word("x1>x2, 0>x1"))) == "0>1 1>2")
    #expect(network.text(network.initialState()) == "empty")
    for empty in ["empty", "-", ""] {
      #expect(try network.state(from: .word(empty)) == network.initialState())
    }
    #expect(
      try network.state(from: .numbers([0, 1, 0, 0, 0, 0, 0, 0, 0]))
        == network.state(from: .word("0>1")))
    for wrong in ["0", "0>1>2", "0>3", "0>0", "0>1 1>0", "0>1 0>1", "y>x1", ">"] {
      #expect(throws: CoreError.self) { try network.state(from: .word(wrong)) }
    }
    #expect(throws: CoreError.self) { try network.state(from: .numbers([1, 0])) }
    #expect(throws: CoreError.self) {
      try network.state(from: .numbers([0, 2, 0, 0, 0, 0, 0, 0, 0]))
    }
    #expect(network.name(ofForward: 1) == "e0>1+")
    #expect(network.name(ofBackward: 5) == "e1>2-")
  }

  @Test func tooManyGraphsAreNamedWithTheirNumberAndTheWayOut() throws {
    let network = try SmallNetwork.make(6)
    let error = #expect(throws: CoreError.self) { try network.enumerable() }
    #expect(error?.code == "too-large")
    #expect(error?.description.contains("3781503 graphs") == true)
    #expect(error?.description.contains("edges samples=") == true)
    let large = try SmallNetwork.make(12)
    #expect(
      #expect(throws: CoreError.self) { try large.enumerable() }?.description.contains("2^63")
        == true)
  }

  @Test func packedStatesAreDistinct() throws {
    let network = try SmallNetwork.make(4)
    var seen: Set<[Int32]> = []
    for index in 0..<543 {
      var packed = [Int32](repeating: -1, count: network.packedWidth)
      let cells = network.state(at: index)
      packed.withUnsafeMutableBufferPointer { packed in
        cells.withUnsafeBufferPointer { cells in
          guard let packed = packed.baseAddress, let cells = cells.baseAddress else { return }
          network.pack(cells, into: packed)
        }
      }
      #expect(seen.insert(packed).inserted)
    }
    #expect(network.packedWidth == 1)
  }

  @Test func theGuideHoldsBackByLogReward() throws {
    let network = try SmallNetwork.make(3)
    #expect(network.guide == .heldBack(threshold: 0, floor: 1e-10))
    for index in 0..<25 {
      let cells = network.state(at: index)
      let isHeld = cells.withUnsafeBufferPointer {
        $0.baseAddress.map { network.isHeldBack($0, at: 0.5) }
      }
      #expect(isHeld == (network.logReward(cells) <= 0.5))
    }
  }

  /// Workspaces grow with the largest batch so far, so a step that sets a record may allocate.
  @Test(arguments: ["TB-U", "RL-G"])
  func warmStepsAllocateNothing(_ method: String) throws {
    let network = try SmallNetwork.make(4)
    var state = try TrainingState(
      Small.configuration(method, layers: 2, hidden: 32), in: network, seed: 1)
    let trainer = try Trainer(network, state, ThreadPool(threads: 1))
    for _ in 0..<50 { _ = try trainer.step(&state, batch: 32) }
    let allocations = try (0..<20).map { _ in
      let before = gfn_thread_allocations()
      _ = try trainer.step(&state, batch: 32)
      return gfn_thread_allocations() - before
    }
    #expect(allocations.count { $0 == 0 } > 15, "\(allocations)")
  }

  /// Trajectory balance on a small network ends near the posterior.
  @Test func trainingFindsThePosterior() throws {
    let network = try SmallNetwork.make(3, [("temperature", .number(2))])
    var configuration = Small.configuration("TB-U")
    configuration.policy.isTabular = true
    configuration.optimizer.policyRate = 0.05
    var state = try TrainingState(configuration, in: network, seed: 1)
    let pool = ThreadPool(threads: 1)
    let trainer = try Trainer(network, state, pool)
    for _ in 0..<400 { _ = try trainer.step(&state, batch: 64) }
    let learned = try #require(
      try ExactEvaluation(network, pool).terminatingProbabilities(state))
    let target = try TargetDistribution(network)
    #expect(DistributionPair(learned: learned, target: target).tv < 0.05)
    let found = EdgeMarginals(network, learned).probabilities
    let exact = EdgeMarginals(network, target.probabilities).probabilities
    #expect(zip(found, exact).allSatisfy { abs($0 - $1) < 0.05 })
  }

  @Test func specificationsReadBack() throws {
    let network = try SmallNetwork.make(
      3, [("rows", .integers([2, 3, 4])), ("standardize", .boolean(true))])
    #expect(network.specification.text == "bayesnet data=t.csv rows=2..4 standardize=true")
    #expect(OptionValue.integers([3, 1, 4]).source == "[3, 1, 4]")
    #expect(OptionValue.integers([7]).source == "[7]")
  }
}

/// The probabilities of edges, and how they are compared with a truth.
@Suite struct EdgeMarginalsTests {
  @Test func exactMarginalsAreSumsOverGraphs() throws {
    let network = try SmallNetwork.make(3)
    let p = (0..<25).map { Double($0 + 1) / 325 }
    let marginals = EdgeMarginals(network, p)
    for source in 0..<3 {
      for target in 0..<3 {
        let sum = (0..<25).filter { network.state(at: $0)[source * 3 + target] != 0 }
          .reduce(0) { $0 + p[$1] }
        #expect(abs(marginals[source, target] - sum) < 1e-15)
      }
    }
    #expect(marginals.standardError(0, 1) == 0)
  }

  @Test func sampledMarginalsAreFrequencies() throws {
    let network = try SmallNetwork.make(3)
    let graphs = try ["0>1", "0>1 1>2", "empty", "0>1"].map {
      try network.state(from: .word($0))
    }
    let marginals = EdgeMarginals(network, samples: graphs)
    #expect(marginals[0, 1] == 0.75)
    #expect(marginals[1, 2] == 0.25)
    #expect(abs(marginals.standardError(0, 1) - 0.25) < 1e-15)
    #expect(marginals.likely == (try network.state(from: .word("0>1"))).map { $0 != 0 })
  }

  @Test func distanceCountsMissingSuperfluousAndReversedEdgesOnce() throws {
    let network = try SmallNetwork.make(4)
    func edges(_ text: String) throws -> [Bool] {
      try network.state(from: .word(text)).map { $0 != 0 }
    }
    let truth = TrueGraph(nodes: 4, edges: try edges("0>1 1>2 2>3"))
    #expect(truth.distance(to: try edges("0>1 1>2 2>3")) == 0)
    #expect(truth.distance(to: try edges("1>0 1>2 2>3")) == 1)
    #expect(truth.distance(to: try edges("1>2 2>3 0>3")) == 2)
    #expect(truth.distance(to: try edges("empty")) == 3)
  }

  @Test func areaUnderTheCurveIsThePairwiseProbability() {
    let truth = TrueGraph(nodes: 2, edges: [false, true, false, false])
    #expect(truth.areaUnderCurve(of: [0, 0.9, 0.1, 0]) == 1)
    #expect(truth.areaUnderCurve(of: [0, 0.1, 0.9, 0]) == 0)
    #expect(truth.areaUnderCurve(of: [9, 0.5, 0.5, 9]) == 0.5)
    #expect(
      TrueGraph(nodes: 2, edges: [false, false, false, false]).areaUnderCurve(of: [0, 1, 1, 0])
        == nil)
  }

  @Test func truthsAreReadByNameAndRefusedByLine() throws {
    let network = try SmallNetwork.make(3)
    func truth(_ text: String) throws -> TrueGraph {
      try TrueGraph(Array(text.utf8), path: "g.csv", in: network)
    }
    let graph = try truth("\"Cause\",\"Effect\"\r\n\"x0\",\"x1\"\r\n1,2\r\n")
    #expect(graph.edges.indices.filter { graph.edges[$0] } == [1, 5])
    for (text, line) in [
      ("x0,x1\n", "g.csv:1:"), ("Cause,Effect\nx0,y\n", "g.csv:2:"),
      ("Cause,Effect\nx0,x1\nx2\n", "g.csv:3:"), ("Cause,Effect\nx1,x1\n", "g.csv:2:"),
    ] {
      let error = #expect(throws: CoreError.self) { try truth(text) }
      #expect(error?.description.hasPrefix(line) == true)
    }
  }
}
