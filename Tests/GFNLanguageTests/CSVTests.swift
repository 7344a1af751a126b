import GFNParameters
import Testing

@Suite struct CSVTests {
  private func fields(_ text: String) throws -> [[String]] {
    try CSV.records(Array(text.utf8)).map(\.fields)
  }

  @Test(arguments: ["a,b\n1,2\n", "a,b\r\n1,2\r\n", "a,b\r1,2\r", "a,b\n1,2", "\u{FEFF}a,b\n1,2"])
  func everyLineEndAndByteOrderMarkIsKnown(_ text: String) throws {
    #expect(try fields(text) == [["a", "b"], ["1", "2"]])
  }

  @Test func theFirstLineSaysWhatSeparates() throws {
    #expect(try fields("a\tb,c\n1,5\t2\n") == [["a", "b,c"], ["1,5", "2"]])
    #expect(try fields("a,b\n1\t2,3\n") == [["a", "b"], ["1\t2", "3"]])
    #expect(try fields("\"a\tb\",c\n1,2\n") == [["a\tb", "c"], ["1", "2"]])
    #expect(try fields("\"a\"\"\tb\n\", c\n") == [["a\"\tb\n", "c"]])
    #expect(try fields("5\"\tb\n") == [["5\"", "b"]])
  }

  @Test func fieldsThatAreEmptyCount() throws {
    #expect(try fields("a,,\n,\n") == [["a", "", ""], ["", ""]])
    #expect(try fields("\t\n1\t") == [["", ""], ["1", ""]])
    #expect(try fields("") == [])
    #expect(try fields("a,") == [["a", ""]])
  }

  @Test func blanksAreTrimmedOutsideOfQuotesAlone() throws {
    #expect(
      try fields("  a b , \" c \" , d\n 1\t,\t2,\t\"3\"\t\n") == [
        ["a b", " c ", "d"], ["1", "2", "3"],
      ])
    #expect(try fields(" a \t \" b \" \n") == [["a", " b "]])
  }

  @Test func blankLinesAreSkippedAndCounted() throws {
    let records = try CSV.records(Array("\n a \n\r\n  \n\"b\r\nc\"\nd\n\"\"\n".utf8))
    #expect(records.map(\.fields) == [["a"], ["b\r\nc"], ["d"], [""]])
    #expect(records.map(\.line) == [2, 5, 7, 8])
  }

  @Test func quotesOpenAtTheStartOfAFieldAlone() throws {
    #expect(try fields("\"x,\"\"y\"\"\",5\",a\"b\"") == [["x,\"y\"", "5\"", "a\"b\""]])
    #expect(try fields("\"\",\"\"\"\"\n") == [["", "\""]])
  }

  @Test(arguments: [
    ("a\n\"b\n\nc", 2, "a quote is not closed"), ("\"", 1, "a quote is not closed"),
    ("a\n\n\"b\nc\"d\n", 4, "text follows a closing quote"),
    ("\"a\" \"b\"", 1, "text follows a closing quote"),
  ])
  func mistakesNameTheirLine(_ text: String, _ line: Int, _ reason: String) {
    let mistake = #expect(throws: CSV.Mistake.self) { try fields(text) }
    #expect(mistake?.line == line)
    #expect(mistake?.reason.hasPrefix(reason) == true)
  }

  @Test(arguments: [
    ["a", "", "b"], ["", ""], [" a", "b ", "\t"], ["x,\"y\"\r\nz", "\r", "é"], ["a\tb", "c"],
  ])
  func aLineReadsBack(_ line: [String]) throws {
    #expect(try fields(CSV.line(line) + "\n") == [line])
  }

  @Test func quotesStandWhereTheyAreNeeded() {
    #expect(CSV.line(["a b", "1.5", "", "x,y", "\""]) == "a b,1.5,,\"x,y\",\"\"\"\"")
  }
}
