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

  @Test func headersNameTheColumns() throws {
    #expect(try table("id,Reward,X\n1,5,A\n2,6,B\n").scores == [5, 6])
    #expect(try table("y\tsequence\n1\tB\n2\tA\n").scores == [2, 1])
    #expect(try table("\"object\", \"score\"\n\"A\", 1\n\"B\", 2\n").scores == [1, 2])
    #expect(
      reason("id,reward,x\n1,5,A\n2,6\n") == "t.tsv:3: has 2 columns, fewer than the header needs")
    #expect(
      reason("id,reward,x\n1,five,A\n") == "t.tsv:2: the score 'five' is no number (column 2)")
    #expect(reason("id,reward,x\n1,5,C\n").hasSuffix("the alphabet is AB (column 3)"))
  }

  @Test func jsonLinesAreReadByName() throws {
    func json(_ text: String) throws -> [Double] {
      try RewardTable(Array(text.utf8), path: "t.jsonl", alphabet: Array("AB".utf8), length: 1)
        .scores
    }
    func reason(_ text: String) -> String {
      do { return "accepted \(try json(text))" } catch { return "\(error)" }
    }
    #expect(
      try json("{\"object\": \"B\", \"score\": 2}\n\n{\"y\": 1e-3, \"n\": [{}], \"x\": \"A\"}") == [
        0.001, 2,
      ])
    #expect(
      reason("{\"object\": \"A\", \"score\": 1}\nA,2\n").hasPrefix("t.jsonl:2: is no JSON object"))
    #expect(
      reason("{\"object\": \"A\"}") == "t.jsonl:1: has no score: name it 'score', 'reward', 'y'")
    #expect(
      reason("{\"score\": 1}") == "t.jsonl:1: has no object: name it 'object', 'sequence', 'x'")
    #expect(
      reason("{\"object\": \"A\", \"score\": \"high\"}")
        == "t.jsonl:1: the 'score' is no finite number")
    #expect(
      reason("{\"object\": 7, \"score\": 1}") == "t.jsonl:1: the 'object' is no text between quotes"
    )
    #expect(reason("{\"object\": \"A\", \"score\": NaN}").hasPrefix("t.jsonl:1: is no JSON object"))
    #expect(
      reason("{\"object\": \"C\", \"score\": 1}") == "t.jsonl:1: 'C' holds 'C', the alphabet is AB")
    #expect(
      reason("{\"x\": \"A\", \"y\": 1}\n{\"x\": \"A\", \"y\": 2}")
        == "t.jsonl:2: 'A' already has a score")
    #expect(reason("{\"x\": \"A\", \"y\": 1}").contains("1 of 2 sequences has no score"))
  }

  @Test func reverseComplementsShareAScore() throws {
    let text = "8-mer\t8-mer\tE-score\nAA\tBB\t1\nAB\tAB\t2\nBA\tBA\t3\n"
    #expect(try table(text, length: 2).scores == [1, 2, 3, 1])
  }

  @Test func mistakesAreNamedWithFileAndLine() {
    #expect(reason("A\t1\n").contains("t.tsv: 1 of 2 sequences has no score, the first is 'B'"))
    #expect(reason("A\t1\nB\t2\nA\t3\n") == "t.tsv:3: 'A' already has a score")
    #expect(reason("A\t1\nC\t2\n") == "t.tsv:2: 'C' holds 'C', the alphabet is AB (column 1)")
    #expect(reason("A\t1\nBB\t2\n").hasPrefix("t.tsv:2: 'BB' has 2 letters"))
    #expect(reason("A\t1\nB\tinf\n") == "t.tsv:2: the score 'inf' is not finite (column 2)")
    #expect(reason("A\tnan\n") == "t.tsv:1: the score 'nan' is not finite (column 2)")
    #expect(reason("A\t1\nB\tx\n") == "t.tsv:2: the score 'x' is no number (column 2)")
    #expect(reason("A\n").hasPrefix("t.tsv:1: needs an object and a score"))
    #expect(reason("A,1\n\n\"B\"x,2\n").hasPrefix("t.tsv:3: text follows a closing quote"))
    #expect(reason("\"A,1\n") == "t.tsv:1: a quote is not closed")
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
