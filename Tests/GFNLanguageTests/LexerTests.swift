import Testing

@testable import GFNLanguage

@Suite struct LexerTests {
  private func tokens(_ text: String, _ mode: Lexer.Mode) throws -> [String] {
    var lexer = Lexer(SourceFile(name: "test", text: text))
    var result: [String] = []
    while true {
      let token = try lexer.next(mode)
      switch token.kind {
      case .end: return result
      case .newline: result.append("newline")
      case .symbol: result.append(token.text)
      default: result.append("\(token.kind):\(token.text)")
      }
    }
  }

  @Test func wordsRunToABlankOrABracketInCommands() throws {
    #expect(
      try tokens("RL-G runs/a.csv ./x ../y a..b x>3 é k=v", .command) == [
        "word:RL-G", "word:runs/a.csv", "word:./x", "word:../y", "word:a..b", "word:x>3", "word:é",
        "word:k", "=", "word:v",
      ])
  }

  @Test func aSignThatTouchesADigitBelongsToTheNumberInCommandsAlone() throws {
    #expect(try tokens("-5 +.5 - 5", .command) == ["number:-5", "number:+.5", "-", "number:5"])
    #expect(try tokens("2-1", .expression) == ["number:2", "-", "number:1"])
  }

  @Test func aDotBeforeAnotherDotIsNoPartOfANumber() throws {
    #expect(
      try tokens("1..5 1.5..2", .command)
        == ["number:1", "..", "number:5", "number:1.5", "..", "number:2"])
  }

  @Test func aNulIsNoPartOfASymbol() {
    for text in ["\0(1 + 2)", "2 \0* 3"] {
      #expect(throws: CommandError.self) { try tokens(text, .expression) }
    }
  }

  @Test func numbersKeepTheirText() throws {
    #expect(
      try tokens("00000 10_000 1e-3 1e0012 .5", .command)
        == ["number:00000", "number:10_000", "number:1e-3", "number:1e0012", "number:.5"])
  }

  @Test func expressionsHaveNamesAndOperators() throws {
    #expect(
      try tokens("$r.tv<=a//b ?= c!=d", .expression) == [
        "variable:$r", ".", "name:tv", "<=", "name:a", "//", "name:b", "?=", "name:c", "!=",
        "name:d",
      ])
  }

  @Test func commentsStartWhereATokenMayStart() throws {
    #expect(try tokens("a#b # c\nd", .command) == ["word:a#b", "newline", "word:d"])
    #expect(try tokens("1# c", .command) == ["number:1"])
  }

  @Test func aBackslashContinuesTheLine() throws {
    #expect(try tokens("a \\\n b \\\r\n c", .command) == ["word:a", "word:b", "word:c"])
  }
}
