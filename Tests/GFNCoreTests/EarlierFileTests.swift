import GFNParameters
import Testing

@testable import GFNCore

/// A checkpoint of the format `gfn 2` as a program wrote it that knew less: `seed 7`,
/// `policy network hidden=16 layers=2`, `env hypergrid dim=2 side=8`, `method RL-G`,
/// `train 20 batch=16 every=10 measure=[tv, jsd, modes_found] checkpoint=…`.
@Suite struct EarlierFileTests {
  private let grid: any Environment
  private let file: SafeTensors

  init() throws {
    grid = try Small.grid(side: 8)
    let name = "checkpoint_gfn2.safetensors"
    file = try SafeTensors(Fixture.bytes(name), path: name)
  }

  private func resume(
    _ file: SafeTensors, _ configuration: Configuration = Small.configuration("RL-G")
  ) throws -> TrainingState {
    try TrainingState(resuming: file, path: "c", configuration, in: grid, seed: 7)
  }

  /// The keys that are said to differ; the description of another error.
  private func faults(
    _ file: SafeTensors, _ configuration: Configuration = Small.configuration("RL-G")
  ) -> [String] {
    do {
      _ = try resume(file, configuration)
      return []
    } catch CoreError.mismatch(_, let differences, _) {
      return differences.map(\.key)
    } catch {
      return ["\(error)"]
    }
  }

  @Test func trainingGoesOnFromAnEarlierFile() throws {
    var state = try resume(file)
    #expect(state.step == 20 && state.logZ == 0.8619254209145063)
    #expect(state.discoveries.evaluations == 320)
    for measure in ["tv", "jsd", "modes_found", "loss"] {
      #expect(state.history.points(measure).map(\.step) == [10, 20], "\(measure)")
    }
    let trainer = try Trainer(grid, state, .single)
    for _ in 0..<5 { _ = try trainer.step(&state, batch: 16) }
    #expect(state.step == 25 && state.logZ.isFinite && state.discoveries.evaluations == 400)
  }

  @Test func aSettingThatTheFileLacksCountsAsItsDefault() throws {
    let plain = try Hypergrid(Options())
    let usual = try TrainingState(Configuration(), in: plain, seed: 7).setting(in: plain)
    var others: [String] = []
    for (key, value) in file.metadata.sorted(by: { $0.key < $1.key })
    where TrainingState.isSetting(key) {
      var earlier = file
      earlier.metadata[key] = nil
      let isDefault = value == usual[key] && key != "env.kind"
      #expect(faults(earlier) == (isDefault ? [] : [key]))
      if !isDefault { others.append(key) }
    }
    #expect(others.contains("configuration.policy.hidden") && others.contains("env.kind"))
    #expect(!others.contains("configuration.optimizer.clip"))
    var earlier = file
    earlier.metadata["configuration.optimizer.clip"] = nil
    var clipped = Small.configuration("RL-G")
    clipped.optimizer.clip = 1
    #expect(faults(earlier, clipped) == ["configuration.optimizer.clip"])
  }

  @Test func everyEnvironmentKnowsItsOwnSettings() throws {
    for environment in try Small.all() {
      let state = try TrainingState(Small.configuration("TB-U"), in: environment, seed: 1)
      let file = try state.checkpoint(environment: environment, configuration: "")
      _ = try TrainingState(resuming: file, path: "c", state.configuration, in: environment)
    }
  }

  @Test func aSettingThatThisProgramDoesNotKnowIsRefusedByName() {
    for key in ["configuration.objective.warmth", "configuration.wind", "env.wind"] {
      var later = file
      later.metadata[key] = "3"
      #expect(
        faults(later) == [
          "c: was trained with '\(key)' 3, a setting that this program does not know; use the "
            + "program that wrote it, or take its weights alone with 'load FILE'"
        ])
    }
    var foreign = file
    foreign.metadata["env.kind"] = "torus"
    foreign.metadata["env.wind"] = "3"
    #expect(faults(foreign).contains("env.kind"))
  }

  @Test func aMeasureThatTheFileLacksIsEmptyAndAnUnknownOneIsLeftOut() throws {
    var other = file
    other.arrays["state.history.tv"] = nil
    other.arrays["state.history.unheard"] = RawTensor([1, 2, 3])
    var state = try resume(other)
    #expect(state.history.points("tv").isEmpty)
    #expect(state.history.points("jsd").map(\.step) == [10, 20])
    var history = state.history
    state.step = 30
    history.append(step: 30, ["tv": 0.5])
    let kept = try state.with(history).checkpoint(environment: grid, configuration: "")
    #expect(try resume(kept).history.points("tv").map(\.step) == [30])
  }

  @Test func aFileWithoutAHistoryHasNoRows() throws {
    var earlier = file
    for key in file.metadata.keys where key.hasPrefix("history.") { earlier.metadata[key] = nil }
    for key in file.arrays.keys where key.hasPrefix("state.history.") { earlier.arrays[key] = nil }
    #expect(try resume(earlier).history.count == 0)
  }

  @Test(arguments: ["gfn 3", "gfn 99999999999999999999", "gfn 0", "gfn -1", "gfn x", "gfn "])
  func aLaterFormatIsRefusedByName(_ format: String) {
    var later = file
    later.metadata["format"] = format
    #expect(
      faults(later) == [
        "c: is of the format '\(format)', and this program reads formats up to 'gfn 2'; use a newer "
          + "program, or take its weights alone with 'load FILE'"
      ])
  }

  @Test(arguments: [nil, "gfn 1", "gfn 2", "pt"])
  func anEarlierFormatOrNoneIsRead(_ format: String?) {
    var earlier = file
    earlier.metadata["format"] = format
    #expect(faults(earlier) == [])
  }

  /// Whatever is taken out or replaced, the file is refused or training goes on.
  @Test func noDamageEndsTheProgram() throws {
    var stream = RandomStream(seed: 1, .sampling)
    func drawn<Element>(_ list: [Element]) -> Element {
      list[Int(stream.next() % UInt64(list.count))]
    }
    let texts = ["0", "1", "2", "-1", "x", "", "none", "true", "false", "9007199254740992", "nan"]
    let names = (
      metadata: file.metadata.keys.filter { !TrainingState.isSetting($0) }.sorted(),
      arrays: file.arrays.keys.sorted(), tensors: file.tensors.keys.sorted()
    )
    var resumed = 0
    for _ in 0..<2000 {
      var damaged = file
      for _ in 0..<drawn([1, 1, 1, 2, 3]) {
        switch drawn([0, 1, 1, 1, 2, 2, 3, 4]) {
        case 0: damaged.metadata[drawn(names.metadata)] = nil
        case 1: damaged.metadata[drawn(names.metadata)] = drawn(texts)
        case 2: damaged.arrays[drawn(names.arrays)] = nil
        case 3:
          let count = drawn([0, 1, 2, 3])
          damaged.arrays[drawn(names.arrays)] = RawTensor((0..<count).map { drawn([0, -1, $0]) })
        default: damaged.tensors[drawn(names.tensors)] = nil
        }
      }
      guard
        var state = try? TrainingState(
          resuming: damaged, path: "c", Small.configuration("RL-G"), in: grid)
      else { continue }
      resumed += 1
      let trainer = try Trainer(grid, state, .single)
      var history = state.history
      _ = try? trainer.step(&state, batch: 2)
      for step in state.step...(state.step + 2) { history.append(step: step, ["tv": 0.5]) }
      history.remove(after: 0)
      _ = try state.checkpoint(environment: grid, configuration: "")
    }
    #expect(resumed > 100)
  }
}
