import GFNParameters
import GFNTestSupport
import Testing

@testable import GFNLanguage

@Suite struct CompletionTests {
  /// The candidates where `|` stands.
  private func candidates(_ text: String, _ setUp: String = "") -> [String] {
    let transcript = Transcript()
    transcript.run(setUp)
    let before = String(text.prefix { $0 != "|" })
    let list = transcript.session.completions(for: before, at: before.utf8.count)
    #expect(list.replaceFrom <= before.utf8.count)
    return list.candidates.map(\.text)
  }

  @Test(
    arguments: [
      ("tr|", ["train"]), ("print 1; tr|", ["train"]), ("if true { tr|", ["train"]),
      ("quiet tr|", ["train"]), ("let x = ev|", ["evaluate"]), ("print (ev|", ["evaluate"]),
      ("let x = sq|", ["sqrt("]), ("env |", ["hypergrid", "sequence"]), ("env HY|", ["hypergrid"]),
      ("env hypergrid |", ["dim=", "side=", "r0=", "reward="]),
      ("env hypergrid dim=2 |", ["side=", "r0=", "reward="]),
      ("env hypergrid reward=c|", ["cosine"]), ("train 5 b|", ["batch="]),
      ("train 5 measure=|", ["tv", "jsd"]), ("train 5 measure=[|", ["tv", "jsd"]),
      ("train 5 measure=[tv, j|", ["jsd"]), ("train 5 measure=[tv] u|", ["until="]),
      ("train (2 * 3) u|", ["until="]), ("whi|", ["while"]), ("help lang|", ["language"]),
      ("?lang|", ["language"]), ("print \"a tr|", []), ("train 5 # tr|", []), ("nope x|", []),
    ])
  func candidatesFitTheirPlace(text: String, expected: [String]) {
    #expect(candidates(text) == expected)
  }

  @Test func namesOfTheSessionAreOffered() {
    #expect(candidates("print $n|", "let number = 3; let x = 2") == ["$number"])
    #expect(candidates("print \"a {$n|", "let number = 3") == ["$number"])
    #expect(candidates("train (2 * $n|", "let number = 3") == ["$number"])
    #expect(candidates("restore |", "snapshot one; snapshot two") == ["one", "two"])
    #expect(candidates("mine|", "def minesweeper(a) { }") == ["minesweeper"])
    #expect(candidates("minesweeper |", "def minesweeper(a, b=1) { }") == ["a=", "b="])
  }

  @Test func fileNamesAreOfferedWhereAFileIsMeant() {
    let session = Session(commands: CommandTable(TestCommands.all + LanguageCommands.all))
    let read = session.completions(for: "inspect 0 path=ab", at: 17)
    #expect(read.replaceFrom == 15)
    if case .read? = read.paths {} else { Issue.record("no file names") }
    if case .write? = session.completions(for: "record ", at: 7).paths {
    } else {
      Issue.record("no file names")
    }
    #expect(session.completions(for: "train ", at: 6).paths == nil)
    for (text, start) in [
      ("record \"out/a", 8), ("time record 'out/a", 13), ("include \"lib", 9),
      ("inspect 0 path=\"a b", 16),
    ] {
      let list = session.completions(for: text, at: text.utf8.count)
      #expect(list.replaceFrom == start)
      #expect(list.paths != nil)
    }
    #expect(session.completions(for: "print \"out/a", at: 12).paths == nil)
  }

  @Test func everyCandidateOfACommandSaysWhatItIs() {
    let session = Session(commands: CommandTable(TestCommands.all + LanguageCommands.all))
    for text in ["", "env ", "env hypergrid ", "train 5 measure="] {
      for candidate in session.completions(for: text, at: text.utf8.count).candidates {
        #expect(!candidate.description.isEmpty, "\(candidate.text)")
        #expect(candidate.isFinal != candidate.text.hasSuffix("="))
      }
    }
  }
}
