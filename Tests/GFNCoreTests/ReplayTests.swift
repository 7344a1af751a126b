import CAllocations
import GFNParameters
import Testing

@testable import GFNCore

@Suite struct ReplayTests {
  private static let kinds: [ReplaySettings.Kind] = [.objects, .trajectories]

  private func configuration(
    _ kind: ReplaySettings.Kind, _ method: String = "TB-U",
    _ change: (inout Configuration) -> Void = { _ in }
  ) -> Configuration {
    var configuration = Small.configuration(method, layers: 2, hidden: 32)
    configuration.exploration.replay.kind = kind
    change(&configuration)
    return configuration
  }

  private func train(
    _ configuration: Configuration, in environment: any Environment, steps: Int, threads: Int = 1,
    batch: Int = 32
  ) throws -> TrainingState {
    var state = try TrainingState(configuration, in: environment, seed: 0)
    let trainer = try Trainer(environment, state, ThreadPool(threads: threads))
    for _ in 0..<steps { _ = try trainer.step(&state, batch: batch) }
    return state
  }

  @Test(arguments: kinds)
  func replayedTrajectoriesEndWhereEarlierOnesDid(_ kind: ReplaySettings.Kind) throws {
    for environment in [try Small.grid(side: 8), try Small.sequence("append-prepend", length: 4)]
      as [any Environment]
    {
      var state = try TrainingState(configuration(kind), in: environment, seed: 0)
      let trainer = try Trainer(environment, state, ThreadPool(threads: 1))
      var earlier: [Trajectories.Trajectory] = []
      for step in 0..<4 {
        _ = try trainer.step(&state, batch: 16)
        let batch = trainer.forward.trajectories()
        #expect(batch.trajectories.count == 16)
        try batch.validate(in: environment)
        let fresh = step == 0 ? 16 : 8
        for trajectory in batch.trajectories.dropFirst(fresh) {
          switch kind {
          case .objects:
            #expect(earlier.contains { $0.states.last == trajectory.states.last })
          default: #expect(earlier.contains(trajectory))
          }
        }
        earlier += batch.trajectories.prefix(fresh)
      }
      #expect(state.replayBuffer?.count == 16 + 3 * 8)
      // Rewards of replayed x were asked for before.
      #expect(state.discoveries.evaluations == 16 + 3 * 8)
    }
  }

  @Test(arguments: kinds, ["TB-U", "TB-B"])
  func replayDoesNotDependOnTheThreadCount(_ kind: ReplaySettings.Kind, _ method: String) throws {
    let grid = try Small.grid(side: 16)
    let configuration = configuration(kind, method) { $0.exploration.replay.priority = .reward }
    let one = try train(configuration, in: grid, steps: 10)
    let three = try train(configuration, in: grid, steps: 10, threads: 3)
    #expect(one.networks == three.networks)
    #expect(one.replayBuffer == three.replayBuffer)
    #expect(
      one.networks != (try train(self.configuration(.none, method), in: grid, steps: 10)).networks)
  }

  @Test(arguments: kinds)
  func trajectoryBalanceConvergesWithReplay(_ kind: ReplaySettings.Kind) throws {
    let grid = try Small.grid(side: 6)
    let state = try train(
      configuration(kind) { $0.exploration.replay.priority = .reward }, in: grid, steps: 1200)
    let learned = try #require(
      try ExactEvaluation(grid, ThreadPool(threads: 1)).terminatingProbabilities(state))
    let target = try TargetDistribution(grid)
    #expect(DistributionPair(learned: learned, target: target).tv < 0.1)
    #expect(abs(state.logZ - target.logZ) < 0.1)
  }

  @Test func theRingForgetsTheOldest() throws {
    let grid = try Small.grid(side: 6)
    let state = try train(
      configuration(.objects) {
        $0.exploration.replay.capacity = 20
        $0.exploration.replay.fraction = 0.25
      }, in: grid, steps: 5, batch: 8)
    let buffer = try #require(state.replayBuffer)
    // 8 + 4 · 6 sampled, the twelve oldest overwritten.
    #expect(buffer.count == 20 && buffer.oldest == 12)
    #expect(buffer.elements.count == 20 * 2)
    for place in 0..<20 {
      let cells = Array(buffer.elements[(place * 2)..<(place * 2 + 2)])
      #expect(abs(logarithm(grid.reward(cells)) - buffer.logRewards[place]) < 1e-12)
    }
  }

  /// A buffer as a checkpoint brings it back.
  private func buffer(
    _ settings: ReplaySettings, in environment: any Environment, stride: Int = 1,
    elements: [Int32], logRewards: [Double], oldest: Int = 0
  ) throws -> ReplayBuffer {
    var file = SafeTensors(metadata: ["stride": String(stride), "oldest": String(oldest)])
    file.arrays["state.elements"] = RawTensor(elements, width: stride)
    file.arrays["state.log_rewards"] = RawTensor(logRewards)
    var coder = StateCoder(reading: file, path: "c")
    var buffer = ReplayBuffer(settings, environment)
    try buffer.code(&coder)
    guard buffer.fits(environment) else { throw coder.broken("elements", "do not fit") }
    return buffer
  }

  @Test func aBatchIsNeverReplayedWhole() throws {
    let grid = try Small.grid(side: 6)
    let state = try train(
      configuration(.objects) { $0.exploration.replay.fraction = 0.99 }, in: grid, steps: 5,
      batch: 2)
    #expect(state.replayBuffer?.count == 2 + 4)
    #expect(try train(configuration(.objects), in: grid, steps: 3, batch: 1).step == 3)
  }

  @Test func halfOfPrioritisedDrawsAreOfTheBestTenth() throws {
    let grid = try Small.grid(dim: 1, side: 101, [("reward", .text("standard"))])
    var settings = ReplaySettings()
    settings.kind = .objects
    settings.priority = .reward
    let elements = (0..<100 as Range<Int32>).map(\.self)
    var draw = ReplayDraw()
    var stream = RandomStream(seed: 1, .looking)
    let graded = try buffer(
      settings, in: grid, elements: elements, logRewards: (0..<100).map(Double.init))
    draw.choose(4000, from: graded, &stream)
    let best = draw.places.count { $0 >= 90 }
    #expect(abs(best - 2000) < 160)
    #expect(Set(draw.places).count == 100)
    // Equals of the tenth best count as best; where all are equal, all come.
    let equal = try buffer(
      settings, in: grid, elements: elements, logRewards: [Double](repeating: 1, count: 100))
    draw.choose(4000, from: equal, &stream)
    #expect(Set(draw.places).count == 100)
    // Beyond 1024 elements the best are those of as many candidates.
    let many = try buffer(
      settings, in: grid, elements: (0..<5000).map { Int32($0 / 50) },
      logRewards: (0..<5000).map(Double.init))
    var among = 0
    for _ in 0..<100 {
      draw.choose(40, from: many, &stream)
      among += draw.places.count { $0 >= 4500 }
    }
    #expect(abs(among - 2000) < 250)
    settings.priority = .uniform
    let uniform = try #require(graded.with(settings))
    draw.choose(4000, from: uniform, &stream)
    #expect(abs(draw.places.count { $0 >= 90 } - 400) < 100)
  }

  @Test func selectionAgreesWithSorting() {
    var stream = RandomStream(seed: 1, .looking)
    for count in [1, 2, 3, 10, 101] {
      let values = (0..<count).map { _ in (stream.uniform() * 20).rounded() }
      let sorted = values.sorted(by: >)
      for rank in 1...count {
        var copy = values
        #expect(copy.greatest(rank) == sorted[rank - 1])
      }
    }
  }

  @Test(arguments: kinds)
  func aBufferComesBackFromItsContents(_ kind: ReplaySettings.Kind) throws {
    let grid = try Small.grid(side: 6)
    let state = try train(configuration(kind), in: grid, steps: 5)
    let buffer = try #require(state.replayBuffer)
    let settings = state.configuration.exploration.replay
    func restored(_ elements: [Int32], _ rewards: [Double], stride: Int, oldest: Int = 0) throws
      -> ReplayBuffer
    {
      try self.buffer(
        settings, in: grid, stride: stride, elements: elements, logRewards: rewards, oldest: oldest)
    }
    #expect(try restored(buffer.elements, buffer.logRewards, stride: buffer.stride) == buffer)
    var broken = buffer.elements
    broken[3] = 77
    #expect(throws: CoreError.self) {
      try restored(broken, buffer.logRewards, stride: buffer.stride)
    }
    #expect(throws: CoreError.self) { try restored([], buffer.logRewards, stride: buffer.stride) }
    #expect(throws: CoreError.self) { try restored([], buffer.logRewards, stride: .max) }
    #expect(throws: CoreError.self) {
      try restored(buffer.elements, buffer.logRewards, stride: buffer.stride, oldest: 5)
    }
    #expect(throws: CoreError.self) {
      try restored([Int32](repeating: -1, count: 8), [1, .nan], stride: 4)
    }
  }

  @Test func settingsKeepOrEmptyTheBuffer() throws {
    let grid = try Small.grid(side: 6)
    var state = try train(configuration(.objects), in: grid, steps: 3)
    let count = try #require(state.replayBuffer?.count)
    var configuration = state.configuration
    configuration.exploration.replay.fraction = 0.1
    configuration.optimizer.policyRate = 0.01
    try state.configure(configuration, in: grid)
    #expect(state.replayBuffer?.count == count && state.replayBuffer?.fraction == 0.1)
    configuration.exploration.replay.kind = .trajectories
    try state.configure(configuration, in: grid)
    #expect(state.replayBuffer?.count == 0)
    configuration.exploration.replay.kind = .none
    try state.configure(configuration, in: grid)
    #expect(state.replayBuffer == nil)
    var other = try train(self.configuration(.objects), in: grid, steps: 3)
    other.forgetDiscoveries(in: grid)
    #expect(other.replayBuffer?.count == 0)
  }

  @Test func lookingLeavesTheBufferAlone() throws {
    let grid = try Small.grid(side: 6)
    var state = try train(configuration(.objects), in: grid, steps: 3)
    var other = state
    let trainer = try Trainer(grid, state, ThreadPool(threads: 1))
    var stream = RandomStream(seed: 0, .looking)
    let batch = try trainer.trajectories(state, count: 8, isBackward: false, from: &stream)
    #expect(batch.trajectories.count == 8)
    _ = try trainer.gradient(state, on: batch)
    let a = try trainer.step(&state, batch: 8)
    let b = try Trainer(grid, other, ThreadPool(threads: 1)).step(&other, batch: 8)
    #expect(a.loss == b.loss && state.networks == other.networks)
  }

  @Test(arguments: kinds)
  func warmStepsWithAFullBufferAllocateNothing(_ kind: ReplaySettings.Kind) throws {
    let grid = try Small.grid(side: 8)
    var state = try TrainingState(
      configuration(kind) {
        $0.exploration.replay.capacity = 100
        $0.exploration.replay.priority = .reward
      }, in: grid, seed: 1)
    let trainer = try Trainer(grid, state, ThreadPool(threads: 1))
    for _ in 0..<60 { _ = try trainer.step(&state, batch: 32) }
    let allocations = try (0..<20).map { _ in
      let before = gfn_thread_allocations()
      _ = try trainer.step(&state, batch: 32)
      return gfn_thread_allocations() - before
    }
    #expect(allocations.count { $0 == 0 } > 12, "\(allocations)")
  }

  @Test func onPolicyObjectivesAndOverfullMemoriesRefuseReplay() throws {
    let grid = try Small.grid()
    for method in ["RL-U", "RL-T", "PPO-B"] {
      let error = #expect(throws: CoreError.self) {
        try TrainingState(configuration(.objects, method), in: grid, seed: 0)
      }
      #expect(error?.code == "conflict")
    }
    let large = try Small.grid(dim: 100, side: 100)
    let error = #expect(throws: CoreError.self) {
      try TrainingState(configuration(.trajectories), in: large, seed: 0)
    }
    #expect(error?.description.contains("explore capacity=") == true)
    #expect(try TrainingState(configuration(.objects), in: large, seed: 0).step == 0)
  }
}
