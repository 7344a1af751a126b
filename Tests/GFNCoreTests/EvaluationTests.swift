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
        #expect(blocks.flatMap { listed(Unformulated(environment), $0) } == expected)
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
          DistributionPair(learned: distribution.terminating, target: target, pool)
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
        #expect(Self.exact(otherMetrics) == Self.exact(metrics))
      }
    }
  }

  /// What all measures that need both distributions say.
  private static func exact(_ pair: DistributionPair) -> [Double] {
    let measurement = Measurement(
      report: nil, logZ: .nan, evaluations: 0, modesFound: nil, statesVisited: 0,
      exactLogZ: nil, distributions: pair)
    return Measure.all.filter { $0.need == .distributions }.map { $0.value(measurement) }
  }

  @Test func distancesOfTwoSmallDistributionsAreWhatTheirFormulasGive() throws {
    let grid = try Small.grid(side: 3)
    let target = try TargetDistribution(grid)
    let q = target.probabilities
    // Mirrored: another distribution over the same states.
    let p = Array(q.reversed().dropFirst()) + [q[q.count - 1]]
    let pair = DistributionPair(learned: p, target: target)
    let affinity = zip(p, q).reduce(0) { $0 + ($1.0 * $1.1).squareRoot() }
    let mass = (p.reduce(0, +) + q.reduce(0, +)) / 2
    #expect(abs(pair.hellinger - (mass - affinity).squareRoot()) < 1e-12)
    #expect(DistributionPair(learned: q, target: target).hellinger == 0)
    // Le Cam: H² ≤ TV ≤ √2 H.
    #expect(pair.hellinger * pair.hellinger <= pair.tv + 1e-12)
    #expect(pair.tv <= 2.squareRoot() * pair.hellinger + 1e-12)
    #expect(Set(Measure.names).count == Measure.all.count)
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
