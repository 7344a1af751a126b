import Testing

@testable import GFNCore

@Suite struct ComparisonTests {
  private static func measures(_ names: String...) -> [Measure] { names.compactMap(Measure.named) }

  @Test func aRunIsWhatTrainingFromItsSeedGives() throws {
    let grid = try Small.grid(side: 5)
    let configuration = Small.configuration("RL-G")
    let comparison = try Comparison(
      grid, .steps(7), batch: 8, every: 3, Self.measures("tv", "states_visited"), .single)
    let result = try #require(try comparison.run(configuration, seed: 4) { _, _ in true })
    var state = try TrainingState(configuration, in: grid, seed: 4)
    let trainer = try Trainer(grid, state, .single)
    for _ in 0..<7 { _ = try trainer.step(&state, batch: 8) }
    let learned = try #require(
      try ExactEvaluation(grid, .single).terminatingProbabilities(state))
    let tv = DistributionPair(learned: learned, target: try TargetDistribution(grid)).tv
    #expect(result.readings.map(\.step) == [3, 6, 7])
    #expect(result.readings.last?.measures["tv"] == tv)
    #expect(
      result.readings.last?.measures["states_visited"] == Double(state.discoveries.statesVisited))
    #expect(result.readings.last?.evaluations == 56)
    #expect(result.failure == nil)
  }

  @Test func theBudgetOfEvaluationsCountsWhatTheGuideReads() throws {
    let grid = try Small.grid(side: 5)
    for method in ["TB-U", "RL-G"] {
      let comparison = try Comparison(
        grid, .evaluations(100), batch: 8, every: 100, [], .single)
      let result = try comparison.run(Small.configuration(method), seed: 4) { _, _ in true }
      let last = try #require(result?.readings.last)
      let before = last.evaluations + last.guideEvaluations
      #expect(before >= 100)
      #expect((last.guideEvaluations > 0) == (method == "RL-G"))
      // One step less would not have been enough: a step asks for at most 8 + 25 rewards.
      #expect(before < 100 + 8 + 25)
      if method == "TB-U" { #expect(last.step == 13) }
    }
  }

  @Test func aGuideReadsEveryStateOfABackwardBatchButItsEnds() throws {
    let grid = try Small.grid(side: 5)
    var state = try TrainingState(Small.configuration("RL-G"), in: grid, seed: 1)
    let trainer = try Trainer(grid, state, .single)
    var asked: Set<Int> = []
    var elsewhere = 0
    for _ in 0..<10 {
      _ = try trainer.step(&state, batch: 8)
      let pass = try #require(trainer.backward)
      let batch = pass.trajectories(isBackward: true)
      let ends = Set(batch.trajectories.compactMap { $0.states.first.map { grid.index($0) } })
      let met = Set(batch.trajectories.flatMap { $0.states.map { grid.index($0) } })
      // The start is in the batch whether or not a trajectory ends there.
      elsewhere += met.union([0]).subtracting(ends).count
      asked.formUnion(met.union([0]))
    }
    #expect(state.discoveries.guideEvaluations == elsewhere)
    #expect(state.discoveries.distinctRewards == asked.count)
    #expect(state.discoveries.evaluations == 80)
  }

  @Test func anObjectiveThatReadsRewardsOnTheWayPaysForThoseThatCouldEndThere() throws {
    for environment in [try Small.grid(side: 5), try Small.sequence()] as [any Environment] {
      var state = try TrainingState(Small.configuration(), in: environment, seed: 1)
      let trainer = try Trainer(environment, state, .single)
      _ = try trainer.step(&state, batch: 8)
      let visits = trainer.forward.paths.entryCount
      state.discoveries.recordStateRewards(trainer.forward.states, trainer.forward.paths)
      // On a grid every state can end, of a sequence only the whole one.
      let isGrid = environment.specification.kind == "hypergrid"
      #expect(state.discoveries.guideEvaluations == (isGrid ? visits - 8 : 0))
    }
  }

  @Test func anObserverThatStopsLeavesNoResult() throws {
    let comparison = try Comparison(
      try Small.grid(), .steps(100), batch: 4, every: 1, [], .single)
    var steps = 0
    let result = try comparison.run(Small.configuration(), seed: 1) { share, _ in
      steps += 1
      return share < 0.05
    }
    #expect(result == nil && steps == 5)
  }

  @Test func aRunThatDivergesHasNoMeasures() throws {
    var configuration = Small.configuration()
    configuration.optimizer.policyRate = 1e30
    let comparison = try Comparison(
      try Small.grid(), .steps(100), batch: 4, every: 1000, Self.measures("tv"), .single)
    let result = try #require(try comparison.run(configuration, seed: 1) { _, _ in true })
    #expect(result.failure?.code == "non-finite")
    #expect(result.readings.last?.measures["tv"]?.isNaN == true)
  }
}
