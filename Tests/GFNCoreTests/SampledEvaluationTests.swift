import Testing

@testable import GFNCore

@Suite struct SampledEvaluationTests {
  private let pool = ThreadPool(threads: 2)

  @Test func sampledBoundsAgreeWithExactOnes() throws {
    for environment in try Small.all() {
      for method in ["TB-U", "TB-B"] {
        let state = try TrainingState(
          Small.configuration(method), in: environment, seed: 5)
        let exact = try ExactBounds(environment, state, pool)
        let sampler = try TrajectorySampler(environment, state, pool)
        var stream = RandomStream(seed: 3, .looking)
        let forward = try #require(try sampler.forward(3000, from: &stream))
        #expect(forward.count == 3000)
        #expect(
          abs(forward.bound.mean - exact.elbo) < 5 * forward.bound.standardError + 1e-6)
        let ends = ObjectDraws.target(
          3000, try TargetDistribution(environment), in: environment, from: &stream)
        let backward = try #require(try sampler.backward(from: ends, from: &stream))
        #expect(backward.count == 3000)
        #expect(
          abs(backward.bound.mean - exact.eubo) < 5 * backward.bound.standardError + 1e-6)
      }
    }
  }

  @Test func atBalanceHeldOutObjectsAreRankedAndWeighedRight() throws {
    var ranked = 0
    for environment in try Small.all() {
      let state = try Small.balanced(environment, Small.configuration())
      var stream = RandomStream(seed: 3, .looking)
      let objects = try #require(ObjectDraws.uniform(5, in: environment, from: &stream))
      let score = try score(objects, repeats: 4, state, environment, from: &stream)
      #expect(score.count == min(5, try environment.enumerable().terminating))
      #expect(score.tv < 1e-5)
      #expect((score.floor ?? .nan) < 1e-5)
      if let pearson = score.pearson {
        #expect(pearson > 1 - 1e-6)
        ranked += 1
      }
    }
    #expect(ranked > 0)
  }

  @Test func heldOutEstimatesComeNearTheExactProbabilities() throws {
    let grid = try Small.grid()
    let state = try TrainingState(Small.configuration(), in: grid, seed: 5)
    let target = try TargetDistribution(grid)
    let learned = try #require(
      try ExactEvaluation(grid, pool).terminatingProbabilities(state))
    let exact = DistributionPair(learned: learned, target: target)
    var stream = RandomStream(seed: 3, .looking)
    let all = try #require(ObjectDraws.uniform(100, in: grid, from: &stream))
    let score = try score(all, repeats: 200, state, grid, from: &stream)
    let floor = try #require(score.floor)
    #expect(score.count == 16)
    #expect(floor < 0.02)
    #expect(abs(score.tv - exact.tv) < 3 * floor)
    let pearson = Correlation.pearson(
      target.rewards.map { logarithm($0) }, learned.map { logarithm($0) })
    #expect(abs((score.pearson ?? .nan) - (pearson ?? .nan)) < 0.02)
  }

  private func score(
    _ objects: [Int32], repeats: Int, _ state: TrainingState, _ environment: any Environment,
    from stream: inout RandomStream
  ) throws -> HeldOutScore {
    let width = environment.stateWidth
    let ends = stride(from: 0, to: objects.count, by: width).flatMap { start in
      (0..<repeats).flatMap { _ in objects[start..<(start + width)] }
    }
    let sampler = try TrajectorySampler(environment, state, pool)
    let sample = try #require(try sampler.backward(from: ends, from: &stream))
    return HeldOutScore(
      logReward: stride(from: 0, to: sample.count, by: repeats).map { sample.logReward[$0] },
      logRatio: sample.logRatio, repeats: repeats)
  }

  @Test func equalValuesShareARankAndConstantsHaveNoCorrelation() throws {
    #expect(Correlation.ranks([3, 1, 3, 2]) == [3.5, 1, 3.5, 2])
    #expect(Correlation.pearson([1, 1, 1], [1, 2, 3]) == nil)
    #expect(Correlation.pearson([0.1, 0.1, 0.1], [1, 2, 3]) == nil)
    let r = try #require(Correlation.pearson([1, 2, 3, 4], [1, 3, 2, 4]))
    #expect(abs(r - 0.8) < 1e-12)
    #expect(abs((Correlation.pearsonError(0.8, count: 7) ?? .nan) - 0.18) < 1e-12)
    #expect(Correlation.pearsonError(0.8, count: 3) == nil)
  }

  @Test func theBestObjectsAreDistinctAndTheirDistanceIsHammings() throws {
    var sample = TrajectorySample(width: 2)
    // Rewards 1, 2, 3; the object (1, 1) is drawn in every second place.
    for index in 0..<20 {
      let object: [Int32] = index % 2 == 0 ? [1, 1] : index < 10 ? [0, 0] : [0, 1]
      sample.cells += object
      sample.logReward.append(logarithm(index % 2 == 0 ? 3 : index < 10 ? 2 : 1))
      sample.logRatio.append(0)
    }
    let two = TopObjects(sample, k: 2)
    #expect(two.count == 2)
    #expect(abs((two.reward?.value ?? .nan) - 2.5) < 1e-12)
    #expect(two.diversity?.value == 1)
    // Without any one tenth the same two are found.
    #expect((two.reward?.standardError ?? .nan) < 1e-12)
    let three = TopObjects(sample, k: 10)
    #expect(three.count == 3)
    #expect(abs((three.reward?.value ?? .nan) - 2) < 1e-12)
    let diversity = try #require(three.diversity?.value)
    #expect(abs(diversity - 2.0 / 3) < 1e-12)
    sample.logReward = sample.logReward.map { $0 + 1000 }
    let huge = TopObjects(sample, k: 1)
    #expect(huge.reward == nil && huge.diversity == nil)
    #expect(abs(huge.logReward.value - (1000 + logarithm(3))) < 1e-9)
  }

  @Test func uniformDrawsAreDifferentAndTargetDrawsFollowTheReward() throws {
    let grid = try Small.grid(side: 8)
    var stream = RandomStream(seed: 3, .looking)
    let drawn = try #require(ObjectDraws.uniform(50, in: grid, from: &stream))
    #expect(Set(indices(drawn, grid)).count == 50)
    #expect(ObjectDraws.uniform(100, in: grid, from: &stream)?.count == 128)
    let target = try TargetDistribution(grid)
    let ends = ObjectDraws.target(20_000, target, in: grid, from: &stream)
    let sampled = SampledDistance(indices: indices(ends, grid), target: target)
    #expect(sampled.tv < 2 * sampled.noiseFloor)
  }

  private func indices(_ cells: [Int32], _ grid: Hypergrid) -> [Int] {
    stride(from: 0, to: cells.count, by: 2).map { grid.index([cells[$0], cells[$0 + 1]]) }
  }

  @Test func aFileOfObjectsIsReadOrRefusedByItsLine() throws {
    let grid = try Small.grid()
    func read(_ text: String) throws -> [Int32] {
      try ObjectList.read(Array(text.utf8), path: "f", in: grid)
    }
    #expect(try read("# two\n1,2\r\n\n 3, 0 \n1,2") == [1, 2, 3, 0, 1, 2])
    for (text, line) in [("1,2\n1,4", 2), ("\nAC", 2), ("1", 1), ("", nil)] as [(String, Int?)] {
      do {
        _ = try read(text)
        Issue.record("'\(text)' was read")
      } catch CoreError.file(_, let found, _) {
        #expect(found == line)
      }
    }
    let words = try Small.sequence()
    #expect(throws: CoreError.self) {
      try ObjectList.read(Array("AB_".utf8), path: "f", in: words)
    }
  }
}
