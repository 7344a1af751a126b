import GFNFigures
import Testing

@testable import GFNNotebook

/// CommonMark as lines of a terminal.
@Suite struct MarkdownLinesTests {
  private func lines(_ text: String, width: Int = 40) -> [StyledLine] {
    MarkdownLines.lines(of: text, width: width)
  }

  private func texts(_ text: String, width: Int = 40) -> [String] {
    lines(text, width: width).map(\.text)
  }

  @Test func marksBecomeLooks() {
    let line = lines("a **strong** _word_ and `code $x`").first
    #expect(
      line?.pieces == [
        .init("a "), .init("strong", .strong), .init(" "), .init("word", .emphasis),
        .init(" and "), .init("code $x", .code),
      ])
  }

  @Test func noMarkOfMarkdownIsLeft() {
    let text = texts("# T\n\n**a** *b* __c__ _d_ `e` [f](#g) \\*h\\*").joined()
    #expect(text == "T─a b c d e f *h*")
  }

  @Test func theFirstHeadingIsUnderlined() {
    #expect(texts("# Title\n\ntext\n\n## Part") == ["Title", "─────", "", "text", "", "Part"])
    #expect(lines("## Part").first?.pieces == [.init("Part", .heading)])
  }

  @Test func paragraphsAreWrappedAtBlanksAndJoinedAcrossLines() {
    #expect(texts("one two\nthree four", width: 9) == ["one two", "three", "four"])
    #expect(texts("one  \ntwo") == ["one", "two"])
  }

  @Test func aWordWiderThanTheLineIsCut() {
    #expect(texts("abcdefghijkl", width: 8) == ["abcdefgh", "ijkl"])
  }

  @Test func listsAreIndentedBelowTheirLabels() {
    #expect(
      texts("- one two three\n- four\n  - five", width: 10)
        == ["• one two", "  three", "• four", "  • five"])
    #expect(texts("9. a\n10. b") == ["9.  a", "10. b"])
  }

  @Test func codeKeepsItsLines() {
    #expect(
      texts("```\nlet  x = 1\n\nprint 2\n```", width: 8) == ["    let  x = 1", "", "    print 2"])
  }

  @Test func quotesAndRulesAreDrawn() {
    #expect(texts("> a\n> b") == ["│ a b"])
    #expect(texts("***", width: 10) == ["──────────"])
  }

  @Test func aLinkSaysWhereItLeads() {
    #expect(texts("see [this](a.md)") == ["see this (a.md)"])
    #expect(texts("<https://a.b>") == ["https://a.b"])
  }

  @Test func nothingReachesTheTerminalAsACommand() {
    #expect(texts("a\u{1B}[2Jb `c\u{7}`\n\n    d\u{1B}e").allSatisfy { !$0.contains("\u{1B}") })
    #expect(texts("<b>bold</b>") == ["bold"])
  }

  @Test func deepNestingIsCutAndNotACrash() {
    let deep = String(repeating: ">", count: 20_000) + " a"
    _ = texts(deep)
    let list = (0..<300).map { String(repeating: "  ", count: $0) + "- a\n" }.joined()
    #expect(!texts(list).isEmpty)
    _ = texts(String(repeating: "*a ", count: 5_000) + String(repeating: "b* ", count: 5_000))
  }
}
