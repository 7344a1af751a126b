import CAllocations
import GFNParameters
import Testing

@testable import GFNCore

@Suite struct GraphTests {
  /// What an option's text is refused with.
  private func refusal(_ edges: String, _ rewards: String = "x 1") -> String {
    do {
      _ = try Small.graph(edges, rewards)
      return "nothing"
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [
    ("s0 -> a; a -> b; b -> a x", "a -> b -> a is a cycle"),
    ("s0 -> x; c -> d; d -> e; e -> c", "c -> d -> e -> c is a cycle"),
    ("s0 -> a; a -> a x", "a -> a is a cycle"),
    ("s0 -> a; a -> s0", "the edge a -> s0 leads into 's0', the initial state"),
    ("s0 -> x; c -> d; d -> x", "reaches 'c', 'd': no edge leads to 'c'"),
    ("s0 -> a x; a -> b", "s0 -> a -> b is a dead end: 'b' has neither an edge nor a reward"),
    ("s0 -> x; s0 -> x", "the edge s0 -> x is there twice"),
    ("s0 -> a -> x", "one '->' a statement; write 'a -> b; b -> c' (at character 9)"),
    ("-> x", "a node is missing before '->' (at character 1)"),
    ("s0 -> x; a ->", "a node is missing after '->' (at character 12)"),
    ("s0 a -> x", "one node stands before '->', not 'a' too"),
    ("s0 -> x; x 2", "'x 2' is no edge; give rewards as"),
    ("s0 x y", "'s0' needs '->'"),
    ("s0 -> 1", "'1' names no node"),
    ("s0 -> x(1)", "'x(1)' names no node"),
    ("s0 -> true", "'true' names no node"),
    ("# nothing", "there is no edge"),
  ])
  func aWrongGraphIsRefusedWithTheReason(_ edges: String, _ reason: String) {
    #expect(refusal(edges).contains(reason), "\(refusal(edges))")
  }

  @Test(arguments: [
    ("x 1; z 1", "no edge names the node 'z'; the nodes are 's0', 'x' (at character 6)"),
    ("x 1; x 2", "'x' has two rewards"),
    ("x 0", "the reward of 'x' is 0, but must be positive and finite"),
    ("x -1", "is -1, but must be positive"), ("x nan", "is nan, but must be positive"),
    ("x inf", "is inf, but must be positive"), ("x 1e999", "is 1e999, but must be positive"),
    ("x one", "the reward 'one' of 'x' is no number"), ("x", "'x' needs a reward"),
    ("x 1 2", "one node and its reward a statement"), ("s0 -> x", "an edge is no reward"),
    ("", "s0 -> x is a dead end"),
  ])
  func wrongRewardsAreRefusedWithTheReason(_ rewards: String, _ reason: String) {
    #expect(refusal("s0 -> x", rewards).contains(reason), "\(refusal("s0 -> x", rewards))")
  }

  @Test func mistakesInAFileHaveTheirLine() {
    func error(_ text: String) -> CoreError? {
      #expect(throws: CoreError.self) {
        try ExplicitGraph(Options([("file", .text("g.txt"))]), FileReader { _ in Array(text.utf8) })
      }
    }
    #expect(
      error("# a graph\n\ns0 -> a x  # two\r\na -> b\nb -> a\nx 1")
        == .file(path: "g.txt", line: 5, reason: "a -> b -> a is a cycle; every path must end"))
    #expect(error("s0 -> x\nx 0")?.description.hasPrefix("g.txt:2: the reward of 'x' is 0") == true)
    #expect(
      throws: CoreError.notText(
        path: "g.txt", remedy: "convert it: iconv -f ISO-8859-1 -t UTF-8 'g.txt' > NEW")
    ) {
      try ExplicitGraph(Options([("file", .text("g.txt"))]), FileReader { _ in [0x73, 0xFF] })
    }
  }

  @Test func aFileSaysTheSameAsOptions() throws {
    let file = "s0 -> a b # first\n\nb -> a c; a -> x c\nc -> x y\nx 9; y 3\nc 0.5\ns0 0.25"
    let graph = try ExplicitGraph(
      Options([("file", .text("g")), ("rewards", .text("x 1; y 3; c .5; s0 0.25"))]),
      FileReader { _ in Array(file.utf8) })
    let typed = try Small.graph()
    #expect(graph.hasShape(of: typed))
    #expect(try TargetDistribution(graph).logZ == TargetDistribution(typed).logZ)
    // No place to end at c.
    let endless = try Small.graph("s0 -> a b; b -> a c; a -> x c; c -> x y", "x 1; y 1")
    #expect(!graph.hasShape(of: endless))
    #expect(throws: CoreError.self) {
      try ExplicitGraph(
        Options([("file", .text("g")), ("edges", .text("s0 -> x"))]), FileReader { _ in [] })
    }
    #expect(throws: CoreError.self) { try ExplicitGraph(Options(), FileReader { _ in [] }) }
  }

  @Test func actionsAreTheEdgesAsWritten() throws {
    let graph = try Small.graph()
    func state(_ name: String) throws -> [Int32] { try graph.state(from: .word(name)) }
    func child(_ name: String, _ action: Int) throws -> String {
      graph.text(graph.child(try state(name), action))
    }
    #expect(try child("s0", 0) == "a")
    #expect(try child("s0", 1) == "b")
    #expect(try child("b", 0) == "a")
    #expect(graph.forwardMask(try state("s0")) == [true, true, true])
    #expect(graph.forwardMask(try state("b")) == [true, true, false])
    #expect(graph.forwardMask(try state("y")) == [false, false, true])
    #expect(graph.maximumLength == 4)
    #expect(graph.name(ofForward: 1) == "out1")
    #expect(throws: CoreError.self) { try state("z") }
    #expect(throws: CoreError.self) { try graph.state(from: .numbers([1])) }
    let target = try TargetDistribution(graph)
    #expect(abs(target.logZ - logarithm(4.75)) < 1e-12)
  }

  @Test func graphsTooWideOrTooLargeAreRefused() {
    let star = "s0 -> " + (0..<1025).map { "n\($0)" }.joined(separator: " ")
    let rewards = (0..<1025).map { "n\($0) 1" }.joined(separator: ";")
    #expect(refusal(star, rewards).contains("at most 1024 edges"))
    let chain = (0..<70_000).map { "n\($0) -> n\($0 + 1)" }.joined(separator: "; ")
    #expect(refusal(chain, "n70000 1").contains("70001 nodes"))
  }

  @Test func treesHaveTheirNormaliser() throws {
    let tree = try Small.tree(depth: 3, branching: 4)
    // Σ (1 + leaf) over 64 leaves.
    #expect(abs(try TargetDistribution(tree).logZ - logarithm(64 + 63 * 32)) < 1e-12)
    #expect(tree.enumeration == Enumeration(states: 85, terminating: 64))
    #expect(tree.terminatingIndex(try tree.state(from: .numbers([0, 2, 1]))) == 9)
    #expect(tree.text(try tree.state(from: .word("0,2,1"))) == "0,2,1")
    #expect(tree.text(tree.initialState()) == "_")
    for wrong in [[4], [0, 0, 0, 0], [-1]] {
      #expect(throws: CoreError.self) { try tree.state(from: .numbers(wrong)) }
    }
    #expect(throws: CoreError.self) { try tree.state(from: .word("left")) }
    #expect(throws: CoreError.self) { try Small.tree(depth: 20, branching: 1024) }
    let half = try StateFormula("leaf < leaves / 2")
    #expect(
      abs(
        try TargetDistribution(Small.tree(depth: 3, [("reward", .formula(half))])).logZ
          - logarithm(4)) < 1e-12)
  }

  @Test func setsHaveTheirNormaliser() throws {
    let set = try Small.set(size: 7, choose: 3)
    // 35 sets; each element is in 15 of them.
    #expect(abs(try TargetDistribution(set).logZ - logarithm(35 + 15 * 21)) < 1e-12)
    #expect(set.enumeration == Enumeration(states: 1 + 7 + 21 + 35, terminating: 35))
    #expect(set.text(try set.state(from: .numbers([5, 0]))) == "0,5")
    #expect(set.text(set.initialState()) == "_")
    for wrong in [[7], [-1], [1, 1], [0, 1, 2, 3]] {
      #expect(throws: CoreError.self) { try set.state(from: .numbers(wrong)) }
    }
    #expect(!set.isState([1, 1, 1, 1, 0, 0, 0]))
    #expect(throws: CoreError.self) { try Small.set(size: 3, choose: 4) }
    #expect(throws: CoreError.self) { try Small.set(size: 1000, choose: 998) }
    #expect(throws: CoreError.self) { try Small.set(size: 40, choose: 20) }
    #expect(try Small.set(size: 1000, choose: 2).enumeration?.terminating == 499_500)
    let nowhere = try StateFormula("0")
    #expect(throws: CoreError.self) { try Small.set([("reward", .formula(nowhere))]) }
  }

  @Test func warmStepsInThemAllocateNothing() throws {
    for environment in [try Small.graph(), try Small.tree(), try Small.set()] as [any Environment] {
      var state = try TrainingState(Small.configuration("RL-B"), in: environment, seed: 2)
      let trainer = try Trainer(environment, state, ThreadPool(threads: 1))
      for _ in 0..<20 { _ = try trainer.step(&state, batch: 16) }
      let allocations = try (0..<20).map { _ in
        let before = gfn_thread_allocations()
        _ = try trainer.step(&state, batch: 16)
        return gfn_thread_allocations() - before
      }
      #expect(allocations.count { $0 == 0 } > 15, "\(environment.specification.text)")
    }
  }
}
