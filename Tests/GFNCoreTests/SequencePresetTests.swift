import GFNParameters
import Testing

@testable import GFNCore

@Suite struct SequencePresetTests {
  /// Rewards of raw scores by hand.
  @Test func presetsTransformScoresAsTheirPapersDo() throws {
    func rewards(_ name: String, _ scores: [Double]) throws -> [Double] {
      try #require(SequencePreset.named(name)).transform(scores)
    }
    func expect(_ found: [Double], _ expected: [Double]) {
      #expect(found.count == expected.count)
      for (one, other) in zip(found, expected) { #expect(abs(one - other) < 1e-12 * max(1, other)) }
    }
    // (0, 1/2, 1)³ · 10, the first raised to 0.001.
    expect(try rewards("tfbind8", [-1, 1, 3]), [1e-8, 1.25, 10])
    // σ(0) = 1/2 and σ(3 · ln 2 / 3) = 2/3: (3/4)³ · 10 for the lesser.
    expect(try rewards("tfbind10", [0, logarithm(2) / 3]), [10 * 0.421875, 10])
    // −2 is raised to 0.001; (1/2)⁵ · 10.
    expect(try rewards("qm9", [-2, 8, 4]), [10 * 1e-15 / 32768, 10, 0.3125])
    // (1/2)⁶ · 10.
    expect(try rewards("seh", [0.5, 1]), [0.15625, 10])
  }

  @Test(arguments: [("tfbind8", 4, 8), ("tfbind10", 4, 10), ("qm9", 11, 5), ("seh", 18, 6)])
  func presetsKnowTheirObjects(_ name: String, _ letters: Int, _ length: Int) throws {
    let preset = try #require(SequencePreset.named(name))
    #expect(preset.alphabet.count == letters)
    #expect(Set(preset.alphabet).count == letters)
    #expect(preset.length == length)
    #expect(preset.modeShare == (name == "seh" ? 0.001 : 0.005))
  }

  /// Ten-letter words fit exact evaluation in either mode, words of the sEH task in neither.
  @Test func whatCanBeEvaluatedExactlyIsAsTheHelpSays() throws {
    for (name, fits) in [("tfbind10", true), ("seh", false)] {
      let preset = try #require(SequencePreset.named(name))
      let reward = SequenceReward.hamming(HammingReward(alpha: 1, modes: [0]))
      let task = SequenceTask(
        EnvironmentSpecification(kind: "sequence", options: Options()), alphabet: preset.alphabet,
        length: preset.length, reward, modes: ListedModes([]) { _ in 0 })
      for environment in [FillSequence(task), GrowingSequence(task, ends: 2)] as [any Environment] {
        #expect(((try? environment.enumerable()) != nil) == fits)
      }
    }
  }
}
