import Testing

@testable import GFNCore

@Suite struct EvaluationTests {
  /// A state's cells and edges as they are listed.
  private struct Listed: Equatable {
    var cells: [Int32]
    var actions: [Int]
    var children: [Int]
    var exit: Int?
  }

  private func listed(_ environment: any Environment, _ states: Range<Int>) -> [Listed] {
    let flow = EdgeFlow(environment, capacity: states.count, logits: Buffer())
    return withExtendedLifetime(flow) {
      let rows = flow.rows
      environment.list(states, into: rows)
      return (0..<states.count).map { row in
        let first = row * rows.stride
        let end = first + Int(rows.counts[row])
        let exit = rows.exits[row] < 0 ? nil : Int(rows.exits[row])
        return Listed(
          cells: (0..<environment.stateWidth).map {
            rows.cells[row * environment.stateWidth + $0]
          },
          actions: (first..<(exit == nil ? end : end + 1)).map { Int(rows.actions[$0]) },
          children: (first..<end).map { Int(rows.children[$0]) }, exit: exit)
      }
    }
  }

  private func stepped(_ environment: any Environment, _ index: Int) -> Listed {
    let state = environment.state(at: index)
    let mask = environment.forwardMask(state)
    let actions = mask.indices.filter { mask[$0] }
    return Listed(
      cells: state, actions: actions,
      children: actions.filter { $0 != environment.exitAction }.map {
        environment.index(environment.child(state, $0))
      }, exit: mask[environment.exitAction] ? environment.terminatingIndex(state) : nil)
  }

  @Test func listedEdgesAreThoseOfStepsAndIndices() throws {
    for environment in try Small.all() + [try Small.sequence(length: 4)] {
      let states = try environment.enumerable().states
      let expected = (0..<states).map { stepped(environment, $0) }
      for size in [states, 1, 7] {
        let blocks = stride(from: 0, to: states, by: size).map { $0..<min($0 + size, states) }
        #expect(blocks.flatMap { listed(environment, $0) } == expected)
        #expect(blocks.flatMap { listed(Plain(environment), $0) } == expected)
      }
    }
  }

  @Test func logRewardsInBlocksAreThoseOfTheStates() throws {
    for environment in try Small.all() {
      let objects = try environment.enumerable().terminating
      for first in 0..<objects {
        var values = [Double](repeating: .nan, count: objects - first)
        values.withUnsafeMutableBufferPointer { buffer in
          if let base = buffer.baseAddress {
            environment.logRewards(of: first..<objects, into: base)
          }
        }
        #expect(
          values
            == (first..<objects).map { index in
              let state = environment.terminatingState(at: index)
              return state.withUnsafeBufferPointer { buffer in
                buffer.baseAddress.map { environment.logReward($0) } ?? .nan
              }
            })
      }
    }
  }

  /// More than one chunk and block, so that there is something to share among threads.
  @Test func threadsDoNotChangeABit() throws {
    let environments: [any Environment] = [
      try Small.grid(side: 100), try Small.sequence(length: 9),
      try Small.sequence("append-prepend", length: 13),
    ]
    for environment in environments {
      let state = try TrainingState(Small.configuration(), in: environment, seed: 5)
      let results = try [1, 2, 3].map { threads in
        let pool = ThreadPool(threads: threads)
        let target = try TargetDistribution(environment, pool)
        let distribution = try #require(
          try ExactEvaluation(environment, pool).distribution(state))
        return (
          distribution, target,
          DistributionMetrics(learned: distribution.terminating, target: target, pool)
        )
      }
      let (distribution, target, metrics) = results[0]
      #expect(abs(distribution.terminating.reduce(0, +) - 1) < 1e-12)
      for (others, otherTarget, otherMetrics) in results.dropFirst() {
        #expect(others.terminating == distribution.terminating)
        #expect(others.visiting == distribution.visiting)
        #expect(otherTarget.logZ == target.logZ)
        #expect(otherTarget.probabilities == target.probabilities)
        #expect(otherTarget.rewards == target.rewards)
        #expect(otherMetrics == metrics)
      }
    }
  }

  @Test func evaluationStopsBetweenChunks() throws {
    let grid = try Small.grid(side: 100)
    let state = try TrainingState(Small.configuration(), in: grid, seed: 5)
    var asked = 0
    let result = try ExactEvaluation(grid, ThreadPool(threads: 2)).distribution(state) {
      asked += 1
      return asked == 2
    }
    #expect(result == nil)
    #expect(asked == 2)
  }

  @Test func aPolicyThatIsNoNumberIsAnError() throws {
    let grid = try Small.grid()
    var state = try TrainingState(Small.configuration(), in: grid, seed: 5)
    var network = try #require(state.networks[.forwardPolicy])
    network.parameters[network.parameters.count - 1] = .nan
    state.replace(.forwardPolicy, with: network)
    #expect(throws: CoreError.self) {
      try ExactEvaluation(grid, ThreadPool(threads: 1)).terminatingProbabilities(state)
    }
  }
}

/// An environment that leaves to the defaults what has one.
private struct Plain: Environment {
  let base: any Environment

  init(_ base: any Environment) { self.base = base }

  var specification: EnvironmentSpecification { base.specification }
  var stateWidth: Int { base.stateWidth }
  var forwardActionCount: Int { base.forwardActionCount }
  var backwardActionCount: Int { base.backwardActionCount }
  var featureCount: Int { base.featureCount }
  var activeFeatureCount: Int { base.activeFeatureCount }
  var maximumLength: Int { base.maximumLength }
  var logRewardClip: Double? { base.logRewardClip }
  var enumeration: Enumeration? { base.enumeration }
  var cellBounds: ClosedRange<Int32> { base.cellBounds }
  var modes: (any ModeSet)? { base.modes }
  var regions: (any ModeSet)? { base.regions }
  var guide: GuideFamily? { base.guide }

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
