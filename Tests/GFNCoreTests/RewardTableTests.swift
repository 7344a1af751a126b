import Testing

@testable import GFNCore

@Suite struct RewardTableTests {
  private func table(_ text: String, length: Int = 1) throws -> RewardTable {
    try RewardTable(Array(text.utf8), path: "t.tsv", alphabet: Array("AB".utf8), length: length)
  }

  private func reason(_ text: String, length: Int = 1) -> String {
    do {
      _ = try table(text, length: length)
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  @Test func twoColumnsWithOrWithoutAHeaderAreRead() throws {
    #expect(try table("A\t1\nB\t2\n").scores == [1, 2])
    #expect(try table("object\tscore\r\nB\t2\r\nA\t1.5\r\n").scores == [1.5, 2])
    #expect(try table("A,1\nB,2").scores == [1, 2])
  }

  @Test func reverseComplementsShareAScore() throws {
    let text = "8-mer\t8-mer\tE-score\nAA\tBB\t1\nAB\tAB\t2\nBA\tBA\t3\n"
    #expect(try table(text, length: 2).scores == [1, 2, 3, 1])
  }

  @Test func mistakesAreNamedWithFileAndLine() {
    #expect(reason("A\t1\n").contains("t.tsv: 1 of 2 sequences have no score, the first is 'B'"))
    #expect(reason("A\t1\nB\t2\nA\t3\n") == "t.tsv:3: 'A' already has a score")
    #expect(reason("A\t1\nC\t2\n") == "t.tsv:2: 'C' holds 'C', the alphabet is AB")
    #expect(reason("A\t1\nBB\t2\n").hasPrefix("t.tsv:2: 'BB' has 2 letters"))
    #expect(reason("A\t1\nB\tinf\n") == "t.tsv:2: the score 'inf' is not finite")
    #expect(reason("A\tnan\n") == "t.tsv:1: the score 'nan' is not finite")
    #expect(reason("A\t1\nB\tx\n") == "t.tsv:2: the score 'x' is no number")
    #expect(reason("A\n").hasPrefix("t.tsv:1: needs an object and a score"))
    #expect(reason("").contains("2 of 2 sequences"))
    #expect(reason("\u{FF}\u{0}\t1").contains("t.tsv"))
  }

  @Test func transformsComeInTheirOrder() throws {
    let transform = RewardTransform(normalizes: true, minimum: 0.1, exponent: 3, maximum: 10)
    let rewards = try transform([1, 2, 3])
    for (found, expected) in zip(rewards, [0.01, 1.25, 10]) {
      #expect(abs(found - expected) < 1e-12)
    }
    #expect(throws: CoreError.self) { try transform([1, 1]) }
    let zero = RewardTransform(normalizes: false, minimum: 0, exponent: 1, maximum: 10)
    #expect(throws: CoreError.self) { try zero([0, 0]) }
  }

  @Test func modesAreTheGreatestHalfPercentOrAList() throws {
    #expect(
      ListedModes.greatest((0..<1000).map(Double.init), fraction: 0.005) == [
        999, 998, 997, 996, 995,
      ])
    #expect(ListedModes.greatest([1, 3, 3, 2], fraction: 0.26) == [1, 2])
  }
}
