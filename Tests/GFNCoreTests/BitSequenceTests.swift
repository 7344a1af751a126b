import GFNParameters
import Testing

@testable import GFNCore

@Suite struct BitSequenceTests {
  private func environment(
    _ options: [(String, OptionValue)], modes: String = ""
  ) throws -> any Environment {
    try EnvironmentKind.bitsequence.make(
      Options(options.map { (name: $0.0, value: $0.1) }), FileReader { _ in Array(modes.utf8) })
  }

  @Test func rewardsFallWithTheDistanceToTheNearestMode() throws {
    let bits = try environment(
      [("length", .number(4)), ("modes", .text("m")), ("alpha", .number(0.5))],
      modes: "0000\n1110\n")
    for (word, distance) in [("0000", 0.0), ("1110", 0), ("0001", 1), ("1111", 1), ("0011", 2)] {
      let state = try bits.state(from: .word(word))
      state.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        #expect(bits.logReward(base) == -0.5 * distance)
        #expect((bits.modes?.mode(of: base) != nil) == (distance == 0))
      }
    }
    #expect(bits.modes?.total == 2)
    #expect(bits.specification.text == "bitsequence length=4 modes=m alpha=0.5")
  }

  /// With one mode the bits are independent: `Z = (1 + exp(−α))^L`. With all sequences as modes, 2^L.
  @Test func zByEnumerationIsTheClosedForm() throws {
    let one = try environment([
      ("length", .number(9)), ("modes", .number(1)), ("alpha", .number(2)),
    ])
    #expect(abs(try TargetDistribution(one).logZ - 9 * logarithm(1 + 0.1353352832366127)) < 1e-12)
    let all = try environment([("length", .number(5)), ("modes", .number(32))])
    #expect(abs(try TargetDistribution(all).logZ - 5 * logarithm(2)) < 1e-12)
  }

  @Test func randomModesAreDifferentAndDependOnTheirSeed() throws {
    let modes = try HammingReward.modes(60, length: 40, seed: 1)
    #expect(Set(modes).count == 60)
    #expect(modes.allSatisfy { $0 < 1 << 40 })
    #expect(try HammingReward.modes(60, length: 40, seed: 1) == modes)
    #expect(try HammingReward.modes(60, length: 40, seed: 2) != modes)
    #expect(try HammingReward.modes(8, length: 3, seed: 0).sorted() == Array(0..<8))
    #expect(throws: CoreError.self) { try HammingReward.modes(9, length: 3, seed: 0) }
  }

  @Test func whatIsNoModeIsRefused() throws {
    for modes in ["", "01\n", "0102\n", "0101\n0101\n"] {
      #expect(throws: CoreError.self) {
        try environment([("length", .number(4)), ("modes", .text("m"))], modes: modes)
      }
    }
    for count in ["0", "1.5", "200000"] {
      #expect(throws: CoreError.self) { try environment([("modes", .text(count))]) }
    }
  }

  /// 2^64 sequences have no index in a signed number.
  @Test(arguments: [40, 64]) func longSequencesTrainWithoutATable(_ length: Int) throws {
    let bits = try environment([("length", .number(Double(length))), ("modes", .number(60))])
    #expect(throws: CoreError.self) { try bits.enumerable() }
    let pool = ThreadPool(threads: 2)
    var state = try TrainingState(
      Small.configuration("RL-G", layers: 1, hidden: 8), in: bits, seed: 1)
    let trainer = try Trainer(bits, state, pool)
    for _ in 0..<3 { #expect(try trainer.step(&state, batch: 4).length == Double(length)) }
    #expect(state.replay?.count == 12)
    #expect(state.discoveries.statesVisited > 12)
  }
}
