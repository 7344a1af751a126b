import GFNParameters
import Testing

@testable import GFNCore

@Suite struct TextFileTests {
  private func refusal(_ body: () throws -> some Any) -> String {
    do {
      _ = try body()
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  /// 'é' as one byte.
  private let latin: [UInt8] = Array("AC,1\nA".utf8) + [0xE9] + Array(",2\n".utf8)

  @Test func noTextFileIsReadInAnotherEncoding() throws {
    let wide: [UInt8] = [0xFF, 0xFE] + "a,b\n".utf8.flatMap { [$0, 0] }
    let unmarked: [UInt8] = "a,b\n".utf8.flatMap { [$0, 0] }
    let grid = try Small.grid()
    let letters = Array("AC".utf8)
    for (bytes, encoding) in [(latin, "ISO-8859-1"), (wide, "UTF-16"), (unmarked, "UTF-16")] {
      let expected =
        "'f.csv' is not UTF-8 text; convert it: iconv -f \(encoding) -t UTF-8 'f.csv' > NEW"
      let path = "f.csv"
      #expect(refusal { try Observations(bytes, path: path) } == expected)
      #expect(
        refusal { try RewardTable(bytes, path: path, alphabet: letters, length: 2) } == expected)
      #expect(refusal { try SequenceTask.listed(bytes, path: path, letters, 2...2) } == expected)
      #expect(refusal { try GraphText(file: bytes, path: path) } == expected)
      #expect(refusal { try ObjectList.read(bytes, path: path, in: grid) } == expected)
      #expect(refusal { try TrajectoryFile(bytes, path: path) } == expected)
    }
    #expect(
      refusal { try RewardTable(latin, path: "f.jsonl", alphabet: letters, length: 2) }
        .hasPrefix("'f.jsonl' is not UTF-8 text"))
  }

  @Test func aByteOrderMarkIsSkipped() throws {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    #expect(try Observations(mark + "a,b\n1,2\n3,4\n".utf8, path: "f").names == ["a", "b"])
    #expect(try GraphText(file: mark + "s0 -> a\na 1\n".utf8, path: "f").edges[0].source == "s0")
    #expect(
      try SequenceTask.listed(mark + "AC\r\nCA\n".utf8, path: "f", Array("AC".utf8), 2...2).count
        == 2)
    #expect(try !ObjectList.read(mark + "0,1\n".utf8, path: "f", in: Small.grid()).isEmpty)
  }

  @Test func semicolonsBetweenColumnsAreNamed() throws {
    let reason = "f:1: its columns are separated by ';'; save it with commas and decimal points"
    #expect(refusal { try Observations(Array("a;b\n1,5;2\n".utf8), path: "f") } == reason)
    for text in ["object;score\nAC;1,5\n", "AC;1,5\nCA;2,5\n", "AC;1\n"] {
      #expect(
        refusal {
          try RewardTable(Array(text.utf8), path: "f", alphabet: Array("AC".utf8), length: 2)
        } == reason)
    }
    #expect(
      refusal { try Observations(Array("a\n1\n".utf8), path: "f") }
        == "f:1: has 1 column; between 2 and 64 variables are needed")
    // It may be a letter.
    let table = "A;,1\n;A,2\nAA,3\n;;,4\n"
    #expect(
      try RewardTable(Array(table.utf8), path: "f", alphabet: Array("A;".utf8), length: 2).scores
        == [3, 1, 2, 4])
  }
}
