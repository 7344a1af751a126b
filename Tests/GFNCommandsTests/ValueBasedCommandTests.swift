import OrderedCollections
import Testing

@testable import GFNCommands
@testable import GFNLanguage

/// The value-based methods as commands.
@Suite struct ValueBasedCommandTests {
  private static let small = "env hypergrid side=6; policy layers=1 hidden=8"
  private static let methods = [
    "DB-U", "DB-B", "SubTB-U", "SubTB-B", "VarGrad-U", "VarGrad-B", "ModDB-U", "ModDB-B", "FM",
  ]

  @Test(arguments: methods)
  func theScriptOfAMethodGivesTheSameNumbers(_ method: String) throws {
    let lab = try Lab()
    let numbers = lab.result("method \(method); \(Self.small); train 4 every=2")
    let script = lab.session.workbench.script
    #expect(script.contains("method \(method)"))
    let other = try Lab()
    #expect(other.run(script) == .done)
    #expect(other.result("train 4 every=2") == numbers)
    _ = lab.result("show")
    #expect(lab.values.last?.value.literalField("method") == method)
  }

  @Test func onlyGivenOptionsAreShown() throws {
    let lab = try Lab()
    func line(_ source: String) -> String {
      #expect(lab.run(source) == .done, "\(lab.failures.map(\.message))")
      return String(lab.session.workbench.script.split(separator: "\n").last ?? "")
    }
    #expect(line("\(Self.small); method SubTB-U") == "method SubTB-U")
    #expect(line("method SubTB-B lambda=0.5") == "method SubTB-B lambda=0.5")
    #expect(line("objective subtb weighting=TB") == "method SubTB-B weighting=TB")
    #expect(
      line("method SubTB-U weighting=geometric lambda=0.99")
        == "method SubTB-U lambda=0.99 weighting=geometric")
    #expect(line("method RL-U") == "method RL-U")
    #expect(line("objective rl lambda=0.9") == "method RL-U lambda=0.9")
  }

  @Test func weightingsMeanWhatTheyAreCalled() throws {
    let lab = try Lab()
    lab.run("\(Self.small); method TB-U; trajectories save t.json 8; trajectories load t.json")
    func loss(_ method: String) -> Double {
      _ = lab.result("method \(method); gradient")
      return lab.number("loss")
    }
    #expect(loss("SubTB-U weighting=DB") != loss("SubTB-U"))
    #expect(abs(loss("SubTB-U weighting=equal-within") - loss("SubTB-U lambda=1")) < 1e-9)
  }

  /// What a row of 'train' says of log Z is what 'evaluate', 'trace' and 'show' say.
  @Test(arguments: ["TB-U", "DB-U", "SubTB-B", "VarGrad-U", "FM"])
  func logZIsTheSameEverywhere(_ method: String) throws {
    let lab = try Lab()
    _ = lab.result("\(Self.small); method \(method); let t = train 5; evaluate")
    let logZ = lab.number("log_z")
    #expect(logZ != 0)
    #expect(abs(lab.number("log_z_error") - abs(logZ - lab.number("log_z_exact"))) < 1e-12)
    _ = lab.result("show")
    #expect(lab.number("log_z") == logZ)
    let checks = """
      let g = trace seed=1
      assert near($g.log_z, \(logZ), 1e-12)
      assert near($t[-1].log_z, \(logZ), 1e-12)
      assert near(sum($g.r), $g.total, 1e-6)
      """
    #expect(lab.run(checks) == .done, "\(lab.failures.map(\.message))")
  }

  @Test func modifiedDetailedBalanceHasNoLogZ() throws {
    let lab = try Lab()
    #expect(
      lab.code(
        "\(Self.small); method ModDB-B; train 3; evaluate; trace seed=1; show; inspect (1, 2); gradient"
      ) == "none")
    _ = lab.result("evaluate")
    #expect(lab.values.last?.value.literalField("log_z") == nil)
    #expect(lab.code("method TB-U; evaluate") == "none")
    #expect(lab.number("log_z") == 0)
  }

  @Test func gradientsOfFlowsAreWritten() throws {
    let lab = try Lab()
    _ = lab.result("\(Self.small); method DB-B; gradient to=g.safetensors")
    for name in ["norm_pf", "norm_pb", "norm_log_state_flow"] { #expect(lab.number(name) > 0) }
    #expect(lab.values.last?.value.literalField("grad_log_z") == nil)
    _ = lab.result("load g.safetensors")
    #expect(lab.values.last?.value.literalField("log_z") == nil)
    _ = lab.result("method FM; gradient to=g.safetensors; load g.safetensors")
    #expect(lab.notices == [])
    _ = lab.result("gradient")
    #expect(lab.number("norm_log_edge_flow") > 0)
  }

  @Test func optionsWithoutEffectAreRefused() throws {
    let lab = try Lab()
    lab.run(Self.small)
    for statement in [
      "objective db lambda=0.5", "objective fm critic=none", "objective moddb log_z=1",
      "method VarGrad-U log_z=auto", "method DB-B steps=2", "objective tb weighting=DB",
      "method RL-U weighting=equal", "objective subtb weighting=TB lambda=0.5",
      "objective subtb log_z=0", "method FM damping=1",
    ] {
      #expect(lab.code(statement) == "option", "\(statement)")
    }
    for statement in [
      "backward learned; objective fm", "method DB-U; backward guided",
    ] {
      #expect(lab.code(statement) == "conflict", "\(statement)")
    }
    #expect(lab.code("method FM; explore epsilon=0.1; train 2") == "none")
  }
}

extension Value {
  /// A field of a record as it would be typed, if it has a value.
  fileprivate func literalField(_ name: String) -> String? {
    guard case .record(let record) = self, case .some(let value) = record.fields[name] else {
      return nil
    }
    if case .none = value { return nil }
    if case .text(let text) = value { return text }
    return value.literal
  }
}
