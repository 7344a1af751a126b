import Testing

@testable import GFNCore

@Suite struct TrustRegionTests {
  /// A trainer that has evaluated a batch of 40 trajectories on an 8 × 8 grid, and a vector.
  private struct Case {
    let grid: Hypergrid
    let trainer: Trainer
    var state: TrainingState
    var vector: [Float]

    init(fisher: Double, step: Int = 1, layers: Int = 2, threads: Int = 2) throws {
      grid = try Small.grid(side: 8)
      var configuration = Small.configuration("RL-T", layers: layers, hidden: 12)
      configuration.objective.fisher = fisher
      configuration.policy.isTabular = layers == 0
      state = try TrainingState(configuration, in: grid, seed: 5)
      state.step = step
      trainer = try Trainer(grid, state, ThreadPool(threads: threads))
      var stream = RandomStream(seed: 9, .looking)
      let batch = try trainer.trajectories(state, count: 40, isBackward: false, from: &stream)
      _ = try trainer.gradient(state, on: batch)
      let count = try state.shape(.forwardPolicy, in: grid).parameterCount
      vector = (0..<count).map { _ in Float(2 * stream.uniform() - 1) }
    }

    var product: [Float] { trainer.fisherProduct(state, vector) }

    var visits: [Double] {
      var visits = [Double](repeating: 0, count: trainer.forward.states.count)
      for row in trainer.forward.paths.rows { visits[Int(row)] += 1 }
      return visits
    }

    /// `Σ_rows weight · Jᵀ (diag p − p pᵀ) J v` with each row's Jacobian `[actions, parameters]` written
    /// out.
    func product(weights: [Int: Double]) throws -> [Double] {
      let network = try #require(state.networks[.forwardPolicy])
      let pass = trainer.forward.forwardPolicy
      let rows = trainer.forward.states.count
      let actions = pass.actions
      var result = [Double](repeating: 0, count: vector.count)
      for (row, weight) in weights {
        let jacobian = (0..<actions).map { action in
          var unit = [Float](repeating: 0, count: rows * actions)
          unit[row * actions + action] = 1
          var gradient = [Float](repeating: 0, count: vector.count)
          pass.backward(
            network, trainer.forward.states, logitGradient: unit, into: &gradient, trainer.pool)
          return gradient
        }
        let tangent = jacobian.map { Vector.dot($0, vector) }
        let p = (0..<actions).map { Double(pass.probabilities[row * actions + $0]) }
        let mean = zip(p, tangent).reduce(0) { $0 + $1.0 * $1.1 }
        for action in 0..<actions {
          let scale = weight * p[action] * (tangent[action] - mean)
          for index in result.indices { result[index] += scale * Double(jacobian[action][index]) }
        }
      }
      return result
    }
  }

  private func selected(_ fraction: Double, of count: Int, turn: Int) -> [Int] {
    let rows = Buffer<Int32>()
    let selected = SystematicSample.select(fraction, of: count, turn: turn, into: rows)
    return rows.array(selected).map(Int.init)
  }

  @Test(arguments: [0, 1, 3], [1, 0.25])
  func productsAreThoseOfTheSelectedStatesScaledToAllVisits(
    _ layers: Int, _ fraction: Double
  ) throws {
    let item = try Case(fisher: fraction, layers: layers)
    let visits = item.visits
    let rows = selected(fraction, of: visits.count, turn: item.state.step)
    #expect(fraction == 1 ? rows.count == visits.count : rows.count < visits.count / 3)
    let seen = rows.reduce(0) { $0 + visits[$1] }
    let scale = visits.reduce(0, +) / seen / 40
    let weights = Dictionary(uniqueKeysWithValues: rows.map { ($0, visits[$0] * scale) })
    let expected = try item.product(weights: weights)
    let greatest = expected.map(abs).max() ?? 0
    #expect(greatest > 0.01)
    for (found, expected) in zip(item.product, expected) {
      #expect(abs(Double(found) - expected) < 1e-5 * greatest)
    }
  }

  @Test func selectingEveryStateGivesTheBitsOfTheWholeBatch() throws {
    let whole = try Case(fisher: 1)
    let all = try Case(fisher: 1.0.nextDown)
    #expect(selected(1.0.nextDown, of: all.visits.count, turn: 1).count == all.visits.count)
    #expect(whole.product == all.product)
  }

  @Test func productsOnAQuarterOfTheStatesCostAQuarter() throws {
    func cost(_ fraction: Double) throws -> (operations: Double, states: Int) {
      let item = try Case(fisher: fraction)
      let before = item.trainer.work
      _ = item.product
      return (item.trainer.work.since(before).total, item.trainer.forward.states.count)
    }
    let whole = try cost(1)
    let quarter = try cost(0.25)
    #expect(whole.states == quarter.states && whole.operations > 0)
    let rows = selected(0.25, of: quarter.states, turn: 1).count
    #expect(quarter.operations * Double(whole.states) == whole.operations * Double(rows))
  }

  @Test(arguments: [1, 0.5, 0.25, 0.3, 0.07, 1e-6])
  func everyRowHasItsTurns(_ fraction: Double) {
    let count = 50
    let turns = 2000
    var times = [Int](repeating: 0, count: count)
    for turn in 0..<turns {
      let rows = selected(fraction, of: count, turn: turn)
      #expect(!rows.isEmpty && rows == rows.sorted() && Set(rows).count == rows.count)
      #expect(abs(Double(rows.count) - fraction * Double(count)) <= 1)
      for row in rows { times[row] += 1 }
    }
    let expected = max(fraction, 1 / Double(count)) * Double(turns)
    for row in times { #expect(abs(Double(row) - expected) < 0.01 * Double(turns)) }
  }

  private func trained(
    fisher: Double, steps: Int, threads: Int = 2, hidden: Int = 32
  ) throws -> (state: TrainingState, tv: Double) {
    let grid = try Small.grid(side: 8)
    var configuration = Small.configuration("RL-T", layers: 2, hidden: hidden)
    configuration.objective.fisher = fisher
    let pool = ThreadPool(threads: threads)
    var state = try TrainingState(configuration, in: grid, seed: 0)
    let trainer = try Trainer(grid, state, pool)
    for _ in 0..<steps { _ = try trainer.step(&state, batch: 64) }
    let learned = try #require(try ExactEvaluation(grid, pool).terminatingProbabilities(state))
    return (
      state, DistributionPair(learned: learned, target: try TargetDistribution(grid)).tv
    )
  }

  @Test(arguments: [1, 0.25])
  func trainingApproachesTheTargetWithAShareOfTheStates(_ fraction: Double) throws {
    let start = try trained(fisher: fraction, steps: 0).tv
    let end = try trained(fisher: fraction, steps: 500).tv
    #expect(start > 0.3)
    #expect(end < 0.12, "\(fraction): \(start) → \(end)")
  }

  @Test func aShareOfTheStatesGivesTheSameBitsOnAnyNumberOfThreads() throws {
    let one = try trained(fisher: 0.25, steps: 8, threads: 1, hidden: 128).state
    let three = try trained(fisher: 0.25, steps: 8, threads: 3, hidden: 128).state
    #expect(one.networks == three.networks)
    #expect(one.networks != (try trained(fisher: 1, steps: 8, hidden: 128).state.networks))
  }

  @Test func stepsWithAnotherTrainerAreTheSameSteps() throws {
    var configuration = Small.configuration("RL-T", layers: 2, hidden: 32)
    configuration.objective.fisher = 0.5
    let grid = try Small.grid(side: 8)
    let pool = ThreadPool(threads: 2)
    var kept = try TrainingState(configuration, in: grid, seed: 0)
    var fresh = kept
    let trainer = try Trainer(grid, kept, pool)
    for _ in 0..<6 {
      let before = kept
      _ = try trainer.step(&kept, batch: 32)
      // A copy of the state keeps its parameters whatever storage the step uses again.
      #expect(before.networks == fresh.networks)
      _ = try Trainer(grid, fresh, pool).step(&fresh, batch: 32)
      #expect(kept.networks == fresh.networks)
    }
  }
}
