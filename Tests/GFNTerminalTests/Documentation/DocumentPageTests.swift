import Testing

/// A page whose blocks are not what they seem would let the documentation say anything.
@Suite struct DocumentPageTests {
  private func page(_ lines: String...) -> DocumentPage {
    DocumentPage(path: "page.md", text: lines.joined(separator: "\n"))
  }

  @Test func blocksKeepTheirLinesInTheScript() {
    let page = page(
      "# A", "", "```gfn", "let n = 1", "```", "", "text", "```gfn", "print $n", "```")
    let lines = page.script.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(page.session.map(\.firstLine) == [4, 9])
    #expect(lines[3] == "let n = 1")
    #expect(lines[8] == "print $n")
    #expect(page.blockCount == 2)
  }

  @Test func onlyAnUnmarkedBlockRightBelowIsOutput() throws {
    let shown = page("```gfn", "print 1", "```", "", "```", "1", "```")
    #expect(shown.session[0].expected?.text == "1")
    let apart = page("```gfn", "print 1", "```", "A formula:", "```", "E = mc²", "```")
    #expect(apart.session[0].expected == nil)
    let other = page("```gfn", "print 1", "```", "```sh", "ls", "```", "```", "1", "```")
    #expect(other.session[0].expected == nil)
  }

  @Test func outputsAreToldApart() {
    let page = page("```gfn", "print 1", "```", "```gfn", "print 2", "```")
    let written = "1\n\(DocumentPage.separator)\n2\n\(DocumentPage.separator)\n"
    #expect(page.outputs(of: written) == ["1\n", "2\n"])
  }

  @Test func namedBlocksAreFilesAndScriptsCount() {
    let page = page("```gfn a.gfn", "print 1", "```", "```csv b.csv", "x,y", "```")
    #expect(page.files.map(\.name) == ["a.gfn", "b.csv"])
    #expect(page.files[1].text == "x,y\n")
    #expect(page.scripts.map(\.name) == ["a.gfn"])
    #expect(page.session.isEmpty)
    #expect(page.blockCount == 1)
  }

  @Test func consolesHoldCommandsWithTheirOutput() {
    let page = page("```console", "$ true", "$ echo a; echo b", "a", "b", "```")
    #expect(page.commands.map(\.text) == ["true", "echo a; echo b"])
    #expect(page.commands.map(\.line) == [2, 3])
    #expect(page.commands.map(\.expected.text) == ["", "a\nb\n"])
  }

  private func agree(_ shown: String, _ written: String, digitsVary: Bool = false) -> Bool {
    DocumentPage.Expectation(text: shown, digitsVary: digitsVary)
      .difference(from: written) == nil
  }

  @Test func everyLineOfTheOutputCounts() {
    #expect(agree("a\nb", "a  \nb\n\n"))
    #expect(!agree("a\nb", "a\nc\n"))
    #expect(!agree("a", "a\nb\n"))
    #expect(!agree("a\nb", "a\n"))
    #expect(!agree("0.5", "0.6"))
  }

  @Test func anEllipsisStandsForLines() {
    #expect(agree("a\n…\nd", "a\nb\nc\nd\n"))
    #expect(agree("a\n…", "a\n"))
    #expect(!agree("a\n…\nd", "a\nb\nc\n"))
  }

  @Test func whereDigitsVaryTheRestDoesNot() {
    #expect(agree("tv    0.5  -1e-03", "tv  0.25   7", digitsVary: true))
    #expect(!agree("tv 0.5", "jsd 0.5", digitsVary: true))
    #expect(!agree("tv 0.5", "tv 0.5 0.1", digitsVary: true))
  }

  @Test func theMarkOfVaryingDigitsIsForOneBlock() {
    let page = page(
      "```gfn", "print 1", "```", "<!-- digits vary -->", "```", "2", "```",
      "```gfn", "print 1", "```", "```", "1", "```")
    #expect(page.session.map { $0.expected?.digitsVary } == [true, false])
  }
}
