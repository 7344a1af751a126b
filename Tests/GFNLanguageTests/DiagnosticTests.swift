import GFNTestSupport
import Testing

@testable import GFNLanguage

@Suite struct DiagnosticTests {
  /// Sources with the place and the code of their one error.
  static let mistakes = [
    ("⟦trian⟧ 5", "unknown-command"),
    ("let x = ⟦evalute⟧", "unknown-command"),
    ("⟦train⟧(200)", "arguments-in-parentheses"),
    ("let x = ⟦train⟧(200)", "arguments-in-parentheses"),
    ("let n = 3\ntrain ⟦$n-1⟧", "arithmetic-in-argument"),
    ("let n = 3\ntrain batch=⟦$n*2⟧ 5", "arithmetic-in-argument"),
    ("let n = 3\nlet l = [⟦$n + 1⟧]", "arithmetic-in-argument"),
    ("train ⟦out/$n.csv⟧", "dollar-in-word"),
    ("⟦x⟧ = 5", "missing-let"),
    ("if true {\n} \n⟦else⟧ { }", "else-placement"),
    ("print ⟦n⟧", "bare-name"),
    ("print 1 + ⟦r.tv⟧", "bare-name"),
    ("let r = evaluate; inspect ⟦r.tv⟧", "variable-or-text"),
    ("train ⟦batch⟧ = 5", "blank-around-equals"),
    ("train 5 ⟦batch⟧= 5", "blank-around-equals"),
    ("inspect ⟦/etc/passwd⟧", "quotes-needed"),
    ("train 5 ⟦--batch⟧=3", "syntax"),
    ("print ⟦12ab⟧", "malformed-number"),
    ("print \"{1:⟦.3q⟧}\"", "malformed-format"),
    ("print ⟦\"⟧abc", "unterminated-string"),
    ("print ⟦(⟧1 + 2\ntrain 5", "unclosed-bracket"),
    ("if true ⟦{⟧\ntrain 5", "unclosed-bracket"),
    ("train 5\n⟦}⟧", "syntax"),
    ("print 1 < 2 ⟦<⟧ 3", "syntax"),
    ("assert 1 ⟦=⟧ 2", "syntax"),
    ("⟦$x⟧", "syntax"),
    ("print ⟦\u{201C}⟧hi\u{201D}", "unexpected-character"),
    ("print ⟦@⟧", "unexpected-character"),
    ("train 5 ⟦\\⟧", "syntax"),
    ("if true {\n⟦# %% Next⟧\n}", "cell-mark-in-bracket"),
    ("⟦break⟧", "misplaced-break"),
    ("if true { ⟦return 3⟧ }", "misplaced-return"),
    ("def ⟦train⟧() { }", "reserved-name"),
    ("def f(a, ⟦a⟧) { }", "duplicate-parameter"),
    ("train ⟦0⟧", "out-of-range"),
    ("train ⟦2.5⟧", "wrong-type"),
    ("train ⟦many⟧", "wrong-type"),
    ("⟦train⟧", "missing-argument"),
    ("train 1 ⟦2⟧ 3", "too-many-arguments"),
    ("train 5 batch=2 ⟦batch=3⟧", "duplicate-argument"),
    ("train 5 ⟦batches⟧=3", "unknown-option"),
    ("env ⟦hypregrid⟧ dim=2", "unknown-word"),
    ("env sequence ⟦dim⟧=2 rewards=a.csv", "unknown-option"),
    ("⟦env⟧ sequence", "missing-argument"),
    ("train 5 measure=[tv, ⟦jds⟧]", "unknown-word"),
    ("train 5 until=\"⟦tvv⟧ < 0.05\"", "unknown-name"),
    ("train 5 until=\"tv < ⟦lgo⟧(0.05)\"", "unknown-function"),
    ("train 5 until=\"⟦sqrt⟧(tv, 2)\"", "wrong-argument-count"),
    ("let a = 1\nprint ⟦$b⟧", "undefined-variable"),
    ("print \"{⟦$b⟧}\"", "undefined-variable"),
    ("let r = evaluate\nprint $r.⟦tvv⟧", "unknown-field"),
    ("let t = train 3\nprint $t[-1].⟦tv⟧", "unknown-field"),
    ("print (evaluate).⟦tvv⟧", "unknown-field"),
    ("print ⟦sqrtt⟧(2)", "unknown-function"),
    ("def f(n) { }\n⟦f⟧", "missing-argument"),
    ("def f(n) { }\nlet x = f(1, ⟦m⟧=2)", "unknown-option"),
    ("include ⟦\"nowhere.gfn\"⟧", "file-not-found"),
    ("train 1 to=⟦t.xls⟧", "unknown-format"),
    ("train 1 to=⟦\"/etc/t.csv\"⟧", "write-refused"),
    ("print ⟦1 / 0⟧", "division-by-zero"),
    ("let l = [1, 2]\nprint $l[⟦2⟧]", "index-out-of-range"),
    ("print ⟦1 + 'a'⟧", "type-mismatch"),
    ("assert ⟦1 > 2⟧", "assertion"),
    ("let x = ⟦bump⟧", "no-value"),
    ("restore ⟦nothing⟧", "unknown-snapshot"),
    ("⟦undo⟧", "nothing-to-undo"),
    ("exit ⟦300⟧", "out-of-range"),
    ("fail ⟦here⟧", "here"),
  ]

  @Test(arguments: mistakes)
  func diagnosticsNameTheirCodeAndLandOnTheMistake(text: String, code: String) throws {
    let marked = Marked(text)
    let transcript = Transcript()
    transcript.run(marked.source)
    let diagnostic = try #require(transcript.failures.first)
    #expect(transcript.failures.count == 1, "\(transcript.lines.joined(separator: "\n"))")
    #expect(diagnostic.code == code)
    #expect(transcript.outcome == .failed)
    #expect(
      [diagnostic.line, diagnostic.column, diagnostic.caretLength]
        == [marked.line, marked.column, marked.length])
  }

  @Test func linesAreAbsoluteInTheFile() {
    let session = Session(commands: CommandTable(TestCommands.all))
    let cell = Cell(source: "\ntrian 5", name: "a.gfn", firstLine: 40)
    #expect(session.check(cell).map(\.line) == [41])
  }

  @Test func renderingShowsPlaceReasonRemedyLineAndCaret() {
    #expect(
      Transcript.of("  trian 5") == [
        """
        test.gfn:1:3: error: unknown command 'trian', did you mean 'train'?
            trian 5
            ^~~~~
        """
      ])
  }

  @Test func theCaretKeepsItsPlaceBehindTabsAndWideText() {
    #expect(
      Transcript.of("let é = 1;\ttrian 5").first?.split(separator: "\n").last
        == "            \t^~~~~")
  }

  @Test func everyErrorOfAScriptIsReportedAtOnce() {
    let codes = Transcript.codes(of: "trian 5\nif true {\n  print (1 +\n}\ntrain 0\nprint $x")
    #expect(codes == ["unknown-command", "syntax", "out-of-range", "undefined-variable"])
  }

  @Test func whatCannotBeReadStillSetsItsName() {
    for line in ["let x = 12ab", "let x = evalute", "x = 5", "let x = (1"] {
      #expect(Transcript.codes(of: "\(line)\nprint $x\nlet y = $x + 1").count == 1, "\(line)")
    }
    #expect(Transcript.codes(of: "def f(a { print 1 }\nf 1\nlet x = f(2)") == ["syntax"])
    #expect(Transcript.codes(of: "for i in 12ab { print $i }\nprint $i") == ["malformed-number"])
    #expect(
      Transcript.codes(of: "let x = 12ab\nprint $y") == ["malformed-number", "undefined-variable"])
  }

  @Test func helpListsEveryCodeOnce() {
    let listed = HelpTexts.codes.map(\.code)
    #expect(Set(listed).count == listed.count)
    let own = Self.mistakes.map(\.1).filter { $0 != "here" && $0 != "misplaced-return" }
    #expect(Set(own).subtracting(listed).isEmpty)
  }

  @Test func suggestionsAreNearWordsOnly() {
    #expect(Suggestion.nearest(to: "trian", in: ["train", "trace"]) == "train")
    #expect(Suggestion.nearest(to: "TRAIN", in: ["train"]) == "train")
    #expect(Suggestion.nearest(to: "xyz", in: ["train", "trace"]) == nil)
    #expect(Suggestion.nearest(to: "a", in: ["b"]) == nil)
  }
}
