import GFNParameters
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
    try backward.gather(state, stateEstimator: nil, pool)
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
    try backward.gather(state, stateEstimator: nil, pool)
    var logs: [Double] = []
    ReplayGuide(length: 3, letters: 2).logProbabilities(
      backward.paths, backward.states, logPB: backward.steps.logPB, into: &logs)
    #expect(logs == backward.steps.logPB)
  }
}

/// Guides from replay against their definition, on whole backward batches.
@Suite struct ReplayGuideTests {
  /// A batch of backward trajectories with uniform-ish π_B, and what has been replayed.
  private struct Batch {
    let environment: any Environment
    let pass: BatchPass
    let objects: [[Int32]]

    init(_ environment: any Environment, count: Int, seed: UInt64 = 2) throws {
      self.environment = environment
      let pool = ThreadPool(threads: 1)
      let state = try TrainingState(
        Small.configuration("RL-B", layers: 1, hidden: 4), in: environment, seed: 1)
      let trainer = try Trainer(environment, state, pool)
      var stream = RandomStream(seed: seed, .looking)
      let batch = try trainer.trajectories(state, count: count, isBackward: true, from: &stream)
      pass = try #require(trainer.backward)
      try pass.load(batch)
      try pass.gather(state, stateEstimator: nil, pool)
      objects = batch.trajectories.compactMap(\.states.first)
    }

    func logs(_ guide: ReplayGuide, threads: Int = 1) -> [Double] {
      var logs: [Double] = []
      guide.logProbabilities(
        pass.paths, pass.states, logPB: pass.steps.logPB, ReplayWork(),
        ThreadPool(threads: threads), into: &logs)
      return logs
    }

    func rewards(_ objects: [[Int32]]) -> [Double] { objects.map { environment.reward($0) } }

    /// The guide by its definition: `mean(path, entry, action)` for the chosen action and all.
    func expect(
      _ logs: [Double], _ mean: (_ path: Int, _ entry: Int, _ action: Int) -> Double,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      for path in 0..<pass.paths.count {
        let entries = pass.paths.entries(path)
        for entry in entries.dropLast() {
          let mask = environment.forwardMask(state(entry))
          var total = 0.0
          for action in mask.indices.dropLast() where mask[action] {
            total += mean(path, entry, action)
          }
          let chosen = mean(path, entry, Int(pass.paths.actions[entry]))
          let expected = chosen > 0 ? logarithm(chosen / total) : pass.steps.logPB[entry]
          #expect(abs(logs[entry] - expected) < 1e-12, sourceLocation: sourceLocation)
        }
        #expect(logs[entries.upperBound - 1] == 0)
      }
    }

    func state(_ entry: Int) -> [Int32] { pass.states.table.state(Int(pass.paths.rows[entry])) }

    /// How many first letters backward steps have removed when they come to an entry.
    func offset(_ path: Int, _ entry: Int) -> Int {
      (entry..<pass.paths.last(path)).count { pass.paths.backward[$0] == 1 }
    }
  }

  private func mean(_ rewards: [Double]) -> Double {
    rewards.isEmpty ? 0 : rewards.reduce(0, +) / Double(rewards.count)
  }

  private func replayed(_ environment: any Environment, _ batch: Batch, twice: Bool = true) throws
    -> [[Int32]]
  {
    // Others than the batch's as well, and duplicates.
    let others = try Batch(environment, count: 30, seed: 9).objects
    return batch.objects + others + (twice ? batch.objects : [])
  }

  /// Eight letters have an index, 23 are scanned.
  @Test(arguments: [4, 8, 23]) func blocksFollowTheReplayedWordsAtTheSameOffset(_ length: Int)
    throws
  {
    let environment: any Environment
    if length < 20 {
      environment = try Small.sequence("append-prepend", length: length)
    } else {
      let reward = SequenceReward.hamming(HammingReward(alpha: 0.3, modes: [0, 5, 1 << 20]))
      environment = GrowingSequence(
        SequenceTask(
          EnvironmentSpecification(kind: "sequence", options: Options()), alphabet: "AB",
          length: length, reward, modes: ListedModes([]) { _ in 0 }),
        ends: 2)
    }
    let batch = try Batch(environment, count: 20)
    let objects = try replayed(environment, batch)
    let rewards = batch.rewards(objects)
    var guide = ReplayGuide(.blocks, length: length, letters: 2)
    guide.insert(objects.flatMap { $0 }, rewards: rewards)
    let logs = batch.logs(guide)
    #expect(batch.logs(guide, threads: 2) == logs)
    for path in 0..<20 {
      let x = batch.objects[path]
      let entries = batch.pass.paths.entries(path)
      for entry in entries.dropLast() {
        let size = entry - entries.lowerBound
        let offset = batch.offset(path, entry)
        func weight(_ start: Int) -> Double {
          guard start >= 0, start + size < length else { return 0 }
          let block = start...(start + size)
          return mean(
            objects.indices.filter { objects[$0][block] == x[block] }.map { rewards[$0] })
        }
        let isFirst = batch.pass.paths.backward[entry] == 1
        let total = weight(offset) + weight(offset - 1)
        let chosen = weight(isFirst ? offset - 1 : offset)
        #expect(abs(logs[entry] - logarithm(chosen / total)) < 1e-12)
      }
      #expect(logs[entries.upperBound - 1] == 0)
    }
  }

  /// Words have parallel edges, graphs objects above other objects.
  @Test(arguments: ["fill", "append-prepend", "graph"])
  func reachabilityFollowsTheReplayedObjectsThatAChildCanReach(_ kind: String) throws {
    let environment: any Environment =
      kind == "graph" ? try Small.graph() : try Small.sequence(kind)
    let batch = try Batch(environment, count: 12)
    let objects = try replayed(environment, batch)
    let rewards = batch.rewards(objects)
    var guide = try #require(ReplayGuide(reachabilityIn: environment))
    guide.insert(objects.flatMap { $0 }, rewards: rewards)
    /// Forward, from the state on.
    func reaches(_ state: [Int32], _ object: [Int32]) -> Bool {
      if state == object { return true }
      let mask = environment.forwardMask(state)
      return mask.indices.dropLast().contains {
        mask[$0] && reaches(environment.child(state, $0), object)
      }
    }
    batch.expect(batch.logs(guide)) { path, entry, action in
      let child = environment.child(batch.state(entry), action)
      guard reaches(child, batch.objects[path]) else { return 0 }
      return mean(objects.indices.filter { reaches(child, objects[$0]) }.map { rewards[$0] })
    }
  }

  /// On fill to agree with a state is to be reachable from it.
  @Test func onFillReachabilityIsAgreement() throws {
    let environment = try Small.sequence("fill", length: 4)
    let batch = try Batch(environment, count: 12)
    let objects = try replayed(environment, batch)
    var reachable = try #require(ReplayGuide(reachabilityIn: environment))
    var agreeing = ReplayGuide(length: 4, letters: 2)
    reachable.insert(objects.flatMap { $0 }, rewards: batch.rewards(objects))
    agreeing.insert(objects.flatMap { $0 }, rewards: batch.rewards(objects))
    for (one, other) in zip(batch.logs(reachable), batch.logs(agreeing)) {
      #expect(abs(one - other) < 1e-12)
    }
  }

  /// What has left the ring has left the guide, in every kind of memory.
  @Test func theOldestObjectsAreForgotten() throws {
    let long = try EnvironmentKind.bitsequence.make(
      Options([("length", .number(20)), ("alpha", .number(0.1))]), FileReader { _ in [] })
    let short = try Small.sequence("fill", length: 5)
    let word = try Small.sequence("append-prepend", length: 5)
    let cases: [(any Environment, (Int) -> ReplayGuide?)] = [
      (long, { ReplayGuide(length: 20, letters: 2, capacity: $0) }),
      (short, { ReplayGuide(length: 5, letters: 2, capacity: $0) }),
      (word, { ReplayGuide(word, capacity: $0) }),
      (word, { ReplayGuide(reachabilityIn: word, capacity: $0) }),
    ]
    for (environment, make) in cases {
      let batch = try Batch(environment, count: 10)
      let objects = try replayed(environment, batch)
      let kept = Array(objects.suffix(25))
      var ring = try #require(make(25))
      for object in objects { ring.insert(object, rewards: batch.rewards([object])) }
      var fresh = try #require(make(1000))
      fresh.insert(kept.flatMap { $0 }, rewards: batch.rewards(kept))
      #expect(ring.count == 25)
      #expect(fresh.count == 25)
      for (one, other) in zip(batch.logs(ring), batch.logs(fresh)) {
        #expect(abs(one - other) < 1e-9)
      }
    }
  }

  @Test func aCopyThatReplaysMoreLeavesTheOriginal() throws {
    let environment = try Small.sequence("append-prepend")
    let batch = try Batch(environment, count: 6)
    var guide = try #require(ReplayGuide(environment))
    guide.insert(batch.objects.flatMap { $0 }, rewards: batch.rewards(batch.objects))
    let before = batch.logs(guide)
    var copy = guide
    copy.insert(environment.terminatingState(at: 0), rewards: [1000])
    #expect(batch.logs(guide) == before)
    #expect(guide.count == 6)
    #expect(copy.count == 7)
  }
}
