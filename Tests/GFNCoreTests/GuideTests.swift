import Testing

@testable import GFNCore

@Suite struct GuideTests {
  /// The guide by its definition: mean rewards over the replayed sequences that agree.
  private func bruteForce(
    _ replay: [([Int32], Double)], _ state: [Int32], _ x: [Int32], slot: Int
  ) -> Double {
    func mean(_ slot: Int) -> Double {
      let agreeing = replay.filter { other, _ in
        (0..<x.count).allSatisfy { (state[$0] < 0 && $0 != slot) || other[$0] == x[$0] }
      }
      guard !agreeing.isEmpty else { return 0 }
      return agreeing.reduce(0) { $0 + $1.1 } / Double(agreeing.count)
    }
    let empty = (0..<x.count).filter { state[$0] < 0 }
    return mean(slot) / empty.reduce(0) { $0 + mean($1) }
  }

  @Test(arguments: [3, 13])
  func replayGuideIsTheMeanRewardOfWhatAgrees(_ length: Int) throws {
    // Beyond twelve slots the patterns are not indexed, and the answer is the same.
    let environment = try Small.sequence("fill", length: length)
    let fill = try #require(environment as? FillSequence)
    let pool = ThreadPool(threads: 1)
    let state = try TrainingState(
      Small.configuration("RL-B", layers: 1, hidden: 4), in: fill, seed: 1)
    let trainer = try Trainer(fill, state, pool)
    var stream = RandomStream(seed: 2, .looking)
    let batch = try trainer.trajectories(state, count: 20, isBackward: true, from: &stream)
    let backward = try #require(trainer.backward)
    try backward.load(batch)
    backward.gather(state, stateEstimator: nil, pool)
    var guide = ReplayGuide(length: length, letters: 2)
    let objects = batch.trajectories.compactMap(\.states.first)
    guide.insert(objects.flatMap { $0 }, rewards: objects.map(fill.reward))
    #expect(guide.count == 20)
    var logs: [Double] = []
    guide.logProbabilities(
      backward.paths, backward.states, logPB: backward.steps.logPB, into: &logs)
    let replay = objects.map { ($0, fill.reward($0)) }
    for path in 0..<20 {
      let entries = backward.paths.entries(path)
      for entry in entries.dropLast() {
        let before = backward.states.table.state(Int(backward.paths.rows[entry]))
        let after = backward.states.table.state(Int(backward.paths.rows[entry + 1]))
        let slot = try #require((0..<length).first { before[$0] < 0 && after[$0] >= 0 })
        let expected = bruteForce(replay, before, objects[path], slot: slot)
        #expect(abs(logs[entry] - logarithm(expected)) < 1e-12)
      }
      #expect(logs[entries.upperBound - 1] == 0)
    }
  }

  @Test func whereNothingMatchesTheGuideIsTheBackwardPolicy() throws {
    let fill = try #require(try Small.sequence() as? FillSequence)
    let pool = ThreadPool(threads: 1)
    let state = try TrainingState(
      Small.configuration("RL-B", layers: 1, hidden: 4), in: fill, seed: 1)
    let trainer = try Trainer(fill, state, pool)
    var stream = RandomStream(seed: 2, .looking)
    let backward = try #require(trainer.backward)
    try backward.load(try trainer.trajectories(state, count: 3, isBackward: true, from: &stream))
    backward.gather(state, stateEstimator: nil, pool)
    var logs: [Double] = []
    ReplayGuide(length: 3, letters: 2).logProbabilities(
      backward.paths, backward.states, logPB: backward.steps.logPB, into: &logs)
    #expect(logs == backward.steps.logPB)
  }
}
