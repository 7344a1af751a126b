import GFNParameters
import Testing

@testable import GFNCore

@Suite struct CheckpointTests {
  /// The same state out of the bytes of its checkpoint.
  private func reread(
    _ state: TrainingState, in environment: any Environment, seed: UInt64? = nil
  ) throws -> TrainingState {
    let bytes = try state.checkpoint(environment: environment, configuration: "").encoded()
    return try TrainingState(
      resuming: try SafeTensors(bytes, path: "c"), path: "c", state.configuration,
      in: environment, seed: seed)
  }

  private func train(
    _ state: inout TrainingState, _ steps: Int, in environment: any Environment
  ) throws {
    let trainer = try Trainer(environment, state, .single)
    for _ in 0..<steps { _ = try trainer.step(&state, batch: 8) }
  }

  private func expectEqual(
    _ one: TrainingState, _ other: TrainingState, in environment: any Environment
  ) throws {
    #expect(one.networks == other.networks && one.moments == other.moments)
    #expect(one.logZ.bitPattern == other.logZ.bitPattern)
    // Whatever else there is, as it would be written.
    let first = try one.checkpoint(environment: environment, configuration: "").encoded()
    #expect(try other.checkpoint(environment: environment, configuration: "").encoded() == first)
  }

  enum Place: String, CaseIterable {
    case grid
    case fill
    case word = "append-prepend"

    func environment() throws -> any Environment {
      self == .grid ? try Small.grid(side: 5) : try Small.sequence(rawValue, length: 4)
    }
  }

  @Test(
    arguments: [
      ("TB-U", Place.grid), ("TB-B", .word), ("RL-U", .fill), ("RL-B", .grid), ("RL-G", .fill),
      ("RL-G", .grid), ("RL-T", .grid), ("DB-B", .grid), ("SubTB-U", .fill), ("FM", .grid),
      ("VarGrad-U", .grid), ("ModDB-U", .grid), ("PPO-G", .grid), ("RL-TLM", .fill),
    ])
  func aResumedRunIsTheRunThatWasNotInterrupted(_ method: String, _ place: Place) throws {
    let environment = try place.environment()
    var configuration = Small.configuration(method)
    if method.hasPrefix("TB") || method.hasPrefix("RL") { configuration.objective.logZ = .auto }
    if method.hasPrefix("TB") {
      configuration.exploration.epsilon = 0.5
      configuration.exploration.decay = 0.95
    }
    var whole = try TrainingState(configuration, in: environment, seed: 7)
    try train(&whole, 20, in: environment)
    var parts = try reread(whole, in: environment, seed: 7)
    try expectEqual(parts, whole, in: environment)
    try train(&whole, 20, in: environment)
    try train(&parts, 20, in: environment)
    try expectEqual(parts, whole, in: environment)
  }

  @Test(arguments: [ReplaySettings.Kind.objects, .trajectories])
  func aResumedRunReplaysTheSame(_ kind: ReplaySettings.Kind) throws {
    let environment = try Small.sequence("append-prepend", length: 4)
    var configuration = Small.configuration("TB-B")
    configuration.exploration.replay.kind = kind
    configuration.exploration.replay.capacity = 50
    configuration.exploration.replay.priority = .reward
    var whole = try TrainingState(configuration, in: environment, seed: 7)
    try train(&whole, 20, in: environment)
    var parts = try reread(whole, in: environment, seed: 7)
    try expectEqual(parts, whole, in: environment)
    try train(&whole, 20, in: environment)
    try train(&parts, 20, in: environment)
    try expectEqual(parts, whole, in: environment)
  }

  @Test func aStateBeforeItsFirstStepIsKeptWithItsOpenLogZ() throws {
    let grid = try Small.grid()
    var configuration = Small.configuration("TB-U")
    configuration.objective.logZ = .auto
    let state = try TrainingState(configuration, in: grid, seed: 1)
    let other = try reread(state, in: grid)
    #expect(other.awaitsLogZ && other.isFresh)
    try expectEqual(other, state, in: grid)
  }

  @Test func whatAnEarlierMethodLeftBehindIsKept() throws {
    let fill = try Small.sequence()
    var state = try TrainingState(Small.configuration("RL-G"), in: fill, seed: 3)
    try train(&state, 5, in: fill)
    try state.configure(Small.configuration("TB-U"), in: fill)
    let other = try reread(state, in: fill)
    #expect(other.replay?.count == state.replay?.count && other.replay != nil)
    #expect(other.networks.keys.contains(.backwardPolicy))
    try expectEqual(other, state, in: fill)
  }

  @Test func largeStatesAreVisitedThroughATable() throws {
    let grid = try Small.grid(dim: 8, side: 30)
    var state = try TrainingState(Small.configuration("RL-G"), in: grid, seed: 3)
    try train(&state, 2, in: grid)
    let other = try reread(state, in: grid)
    #expect(other.discoveries.statesVisited == state.discoveries.statesVisited)
    #expect(other.discoveries.distinctRewards == state.discoveries.distinctRewards)
    try expectEqual(other, state, in: grid)
  }

  /// Every stored property of what training changes has its line in the codec: one that is added without
  /// it would be lost in a checkpoint.
  @Test func noStoredPropertyIsForgotten() throws {
    for place in Place.allCases {
      let environment = try place.environment()
      var configuration = Small.configuration("TB-U")
      if place != .word { configuration = Small.configuration("RL-G") }
      var state = try TrainingState(configuration, in: environment, seed: 0)
      var coder = StateCoder(writing: SafeTensors())
      try state.code(&coder, in: environment)
      #expect(forgotten(state, "", coder.visited) == [])
    }
  }

  @Test func aForgottenPropertyIsFound() {
    struct Inner: Checkpointed {
      var kept = 1
      var lost = 2

      mutating func code(_ coder: inout StateCoder) throws { try coder.code("kept", &kept) }
    }
    struct Outer {
      var inner = Inner()
      var logZ: Int?
    }
    #expect(forgotten(Outer(), "", ["inner.kept", "log_z"]) == ["inner.lost"])
    #expect(forgotten(Outer(), "", ["inner"]) == ["inner.kept", "inner.lost", "log_z"])
  }

  @Test func aFieldThatAFileLacksStaysAsItIs() throws {
    struct Part: Checkpointed {
      var values = [1.5]

      mutating func code(_ coder: inout StateCoder) throws { try coder.code("values", &values) }
    }
    struct Whole: Checkpointed {
      var old = 1
      var new = 2
      var part = Part()

      mutating func code(_ coder: inout StateCoder) throws {
        try coder.code("old", &old)
        if !coder.lacks("new") { try coder.code("new", &new) }
        if !coder.lacks("part") { try coder.code("part", &part) }
      }
    }
    var written = Whole(old: 3, new: 4, part: Part(values: [5]))
    var writer = StateCoder(writing: SafeTensors())
    try written.code(&writer)
    #expect(forgotten(written, "", writer.visited) == [])
    func reread(_ change: (inout SafeTensors) -> Void) throws -> Whole {
      var file = writer.file
      change(&file)
      var coder = StateCoder(reading: file, path: "c")
      var whole = Whole()
      try whole.code(&coder)
      return whole
    }
    let whole = try reread { _ in }
    #expect(whole.new == 4 && whole.part.values == [5])
    let earlier = try reread {
      $0.metadata["new"] = nil
      $0.arrays["state.part.values"] = nil
    }
    #expect(earlier.old == 3 && earlier.new == 2 && earlier.part.values == [1.5])
    #expect(throws: CoreError.self) { try reread { $0.metadata["old"] = nil } }
  }

  /// The stored properties that were not visited; those of values with a codec of their own one by one.
  private func forgotten(_ value: Any, _ prefix: String, _ visited: Set<String>) -> [String] {
    Mirror(reflecting: value).children.flatMap { child -> [String] in
      let name = prefix + TrainingState.snakeCase(child.label ?? "")
      let mirror = Mirror(reflecting: child.value)
      let part =
        mirror.displayStyle == .optional ? mirror.children.first?.value ?? child.value : child.value
      if part is any Checkpointed { return forgotten(part, name + ".", visited) }
      return visited.contains(name) ? [] : [name]
    }
  }

  @Test func anotherConfigurationEnvironmentOrSeedIsNamed() throws {
    let grid = try Small.grid()
    let state = try TrainingState(Small.configuration("RL-U"), in: grid, seed: 3)
    let file = try state.checkpoint(environment: grid, configuration: "")
    func differences(
      _ configuration: Configuration, _ environment: any Environment, _ seed: UInt64? = nil
    ) -> [String] {
      do {
        _ = try TrainingState(
          resuming: file, path: "c", configuration, in: environment, seed: seed)
        return []
      } catch CoreError.mismatch(_, let differences, _) {
        return differences.map(\.key)
      } catch {
        return ["\(error)"]
      }
    }
    #expect(differences(state.configuration, grid) == [])
    #expect(differences(state.configuration, grid, 4) == ["seed"])
    #expect(differences(state.configuration, try Small.grid(side: 5)) == ["env.side"])
    let typed = try Small.grid(side: 4, [("r0", .number(0.01))])
    #expect(differences(state.configuration, typed) == [])
    var other = state.configuration
    other.objective.lambda = 0.5
    other.optimizer.policyRate = 0.5
    other.optimizer.clip = 1
    #expect(
      differences(other, grid) == [
        "configuration.objective.lambda", "configuration.optimizer.clip",
        "configuration.optimizer.lr",
      ])
  }

  @Test func brokenTrainingStatesAreRefused() throws {
    let fill = try Small.sequence()
    var state = try TrainingState(Small.configuration("RL-G"), in: fill, seed: 3)
    try train(&state, 3, in: fill)
    let file = try state.checkpoint(environment: fill, configuration: "")
    func reason(_ change: (inout SafeTensors) -> Void) -> String {
      var broken = file
      change(&broken)
      do {
        _ = try TrainingState(
          resuming: broken, path: "c", state.configuration, in: fill)
        return "accepted"
      } catch {
        return "\(error)"
      }
    }
    #expect(reason { _ in } == "accepted")
    for key in file.metadata.keys
    where !["format", "environment", "configuration"].contains(key)
      && !TrainingState.isSetting(key)
    {
      #expect(reason { $0.metadata[key] = nil } != "accepted", "\(key)")
      #expect(reason { $0.metadata[key] = "x" } != "accepted", "\(key)")
      #expect(
        reason { $0.metadata[key] = "-1e300" } != "accepted" || key.contains("log_z"), "\(key)")
    }
    for key in file.arrays.keys {
      let isMeasure = Measure.names.contains { key == "state.history.\($0)" }
      let without = reason { $0.arrays[key] = nil }
      #expect(isMeasure ? without == "accepted" : without.contains("no training state"), "\(key)")
      #expect(reason { $0.arrays[key] = RawTensor([1.5]) } != "accepted", "\(key)")
    }
    for key in file.tensors.keys where key != "logZ" {
      #expect(reason { $0.tensors[key] = nil } != "accepted", "\(key)")
      let misshapen = reason { $0.tensors[key]?.shape = [99] }
      #expect(misshapen != "accepted", "\(key)")
    }
    let foreign = RawTensor([Int](repeating: 1, count: 48))
    let replayed = reason { $0.arrays["state.replay.ring.words"] = foreign }
    #expect(replayed.contains("48 numbers, not 24"))
    let undefined = reason { $0.tensors["pf.0.bias"]?.values[0] = .nan }
    #expect(undefined.contains("not finite"))
    let weights = SafeTensors(tensors: state.weights())
    #expect(reason { $0 = weights }.contains("holds no training state"))
  }

  @Test func replayedLettersOutsideTheAlphabetAreRefused() throws {
    var guide = ReplayGuide(length: 3, letters: 3)
    guide.insert([2, 1, 0], rewards: [1])
    var writer = StateCoder(writing: SafeTensors())
    try guide.code(&writer)
    func read(_ words: [Int]) throws {
      var file = writer.file
      file.arrays["state.ring.words"] = RawTensor(words)
      var other = ReplayGuide(length: 3, letters: 3)
      var reader = StateCoder(reading: file, path: "c")
      try other.code(&reader)
    }
    // One word a binary digit: letters 2 1 0, then 3 0 0.
    try read([0b010, 0b001])
    #expect(throws: CoreError.self) { try read([0b001, 0b001]) }
  }

  @Test func replayThatHasForgottenKeepsItsRounding() throws {
    // Sums that were subtracted from differ in their last bits from sums of what is left.
    var guide = ReplayGuide(length: 3, letters: 2)
    var cells: [Int32] = []
    var rewards: [Double] = []
    for number: Int32 in 0..<1_000_100 {
      cells += [number & 1, number >> 1 & 1, number >> 2 & 1]
      rewards.append(0.1 + 1 / Double(number + 3))
    }
    guide.insert(cells, rewards: rewards)
    var writer = StateCoder(writing: SafeTensors())
    try guide.code(&writer)
    var other = ReplayGuide(length: 3, letters: 2)
    var reader = StateCoder(reading: writer.file, path: "c")
    try other.code(&reader)
    var second = StateCoder(writing: SafeTensors())
    try other.code(&second)
    #expect(try second.file.encoded() == writer.file.encoded())
  }
}
