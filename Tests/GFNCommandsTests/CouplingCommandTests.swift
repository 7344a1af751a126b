import GFNCore
import Testing

@testable import GFNCommands
@testable import GFNLanguage

/// `method`, `objective`, `backward` and `explore` with couplings, ablations and replay.
@Suite struct CouplingCommandTests {
  private static let small = ScienceTests.small

  @Test(arguments: [
    "method PPO-B clip=0.1 epochs=3 centre=false scale=true entropy=0.01",
    "method RL-G critic=subeb form=balance steps=2 threshold=0.3",
    "method RL-U critic=none centre=false",
    "method DB-U; explore replay=objects", "method FM; explore replay=trajectories",
    "objective subtb; backward tlm",
    "method TB-TLM log_z=auto",
    "objective trpo entropy=0.5 critic=subeb; backward learned form=balance",
    "objective ppo epochs=2; backward maxent",
    "method TB-B; explore replay=objects capacity=500 fraction=0.25 priority=reward",
    "explore replay=trajectories epsilon=0.1",
  ])
  func showRebuildsEveryOption(_ setting: String) throws {
    let lab = try Lab()
    lab.run("\(Self.small); \(setting)")
    #expect(lab.failures.isEmpty, "\(lab.failures.map { $0.rendered() })")
    let script = lab.session.workbench.script
    for option in setting.split(separator: " ") where option.contains("=") {
      #expect(script.contains(option.replacing(";", with: "")), "\(option) in \(script)")
    }
    let end = lab.result("train 3 every=1")
    let other = try Lab()
    #expect(other.run(script) == .done, "\(other.failures.map { $0.rendered() })")
    #expect(other.session.workbench.script == script)
    #expect(other.result("train 3 every=1") == end)
  }

  @Test(arguments: [
    "method RL-U clip=0.1", "method RL-B epochs=2", "method TB-U entropy=1",
    "method TB-B form=balance", "method TB-TLM steps=2", "method RL-TLM form=balance",
    "backward maxent steps=2", "backward uniform form=balance", "objective tb scale=true",
    "objective tb critic=subeb", "objective ppo damping=1", "explore capacity=10",
    "explore replay=none priority=reward", "method PPO-U threshold=1",
  ])
  func optionsWithoutEffectAreRefused(_ statement: String) throws {
    #expect(try Lab().code("\(Self.small); \(statement)") == "option")
  }

  @Test(arguments: [
    ("method RL-U; explore replay=objects", "conflict", "'explore replay=none'"),
    ("explore replay=objects; method PPO-B", "conflict", "'explore replay=none'"),
    ("explore epsilon=0.1; method TB-TLM", "conflict", "use backward learned"),
    ("backward tlm; explore replay=trajectories", "conflict", "use backward learned"),
    ("backward learned form=balance", "conflict", "choose objective rl"),
    ("method FM; backward maxent", "conflict", "let it be uniform"),
    ("method PPO-B form=balance; objective tb", "conflict", "leave form= out"),
    ("explore replay=objects fraction=1", "out-of-range", "less than 1"),
    ("explore replay=objects capacity=0", "out-of-range", "capacity"),
    ("explore replay=all", "unknown-word", "all"),
    ("objective ppo clip=0", "out-of-range", "greater than 0"),
    ("objective rl entropy=-1", "out-of-range", "entropy"),
    ("objective rl centre=maybe", "wrong-type", "centre"),
    (
      "env hypergrid dim=100 side=100; explore replay=trajectories capacity=1e6", "too-large",
      "explore capacity="
    ),
  ])
  func wrongSettingsNameTheRemedy(_ statement: String, _ code: String, _ part: String) throws {
    let lab = try Lab()
    #expect(lab.code("\(Self.small); \(statement)") == code)
    let text = lab.failures.map { $0.rendered() }.joined()
    #expect(text.contains(part), "\(text)")
  }

  @Test func undoBringsTheBufferBack() throws {
    let lab = try Lab()
    lab.run("\(Self.small); explore replay=objects; train 3")
    let count = lab.session.workbench.training?.replayBuffer?.count
    #expect(count == 128 + 2 * 64)
    lab.run("explore replay=none")
    #expect(lab.session.workbench.training?.replayBuffer == nil)
    lab.run("undo")
    #expect(lab.session.workbench.training?.replayBuffer?.count == count)
    lab.run("reset")
    #expect(lab.session.workbench.training?.replayBuffer?.count == 0)
  }

  @Test func gradientsOfTheBackwardStepFollowItsForm() throws {
    let lab = try Lab()
    _ = lab.result(
      "\(Self.small); method RL-G form=balance; train 2; gradient direction=backward batch=16")
    #expect(lab.number("norm_pb") > 0)
    #expect(lab.number("norm_value_backward").isNaN)
    #expect(lab.code("method TB-TLM; gradient direction=backward") == "conflict")
  }
}
