import Foundation
import GFNLanguage
import Testing

@testable import GFNNotebook

@Suite struct RecorderTests {
  @Test func aTypedSessionIsItsCellsWithErrorsAndNotes() throws {
    let recorded = try Recorded.lines(
      "let x = 2", "print $x", "prnt 3", "", "note \"so *far*\"",
      "export a.md; export a.html", "print 4")
    #expect(
      try recorded.file(.md, isWhole: false) == """
        ```gfn
        let x = 2
        ```

        ```gfn
        print $x
        ```

        ```text
        2
        ```

        ```gfn
        prnt 3
        ```

        ```text
        input:1:1: error: unknown command 'prnt', did you mean 'print'?
          prnt 3
          ^~~~
        ```

        so *far*

        ```gfn
        print 4
        ```

        ```text
        4
        ```

        """)
  }

  @Test func theScriptOfASessionIsWhatTookEffect() throws {
    let recorded = try Recorded.lines(
      "env hypergrid dim=2 side=4", "note \"first\"", "prnt 3", "policy layers=1", "undo",
      "let a = 1   # kept; let b = 2", "assert $a > 1", "record r.gfn")
    #expect(
      try recorded.file(.gfn) == """
        # %%
        env hypergrid dim=2 side=4

        # %% [markdown]
        # first

        # %%
        let a = 1   # kept; let b = 2

        """)
  }

  /// Those that pass the check: no other runs.
  private static let sound = {
    let scripts =
      exampleScripts.filter { $0.contains("graph") && $0.contains("six") } + oddScripts
    return scripts.filter { script in
      (try? Recorded().session.check(Cell(source: script)))?.isEmpty == true
    }
  }()

  @Test func mostOddScriptsAreSound() {
    #expect(Self.sound.count > oddScripts.count / 2)
  }

  @Test(arguments: sound)
  func theScriptOfAScriptThatRanIsTheScript(_ script: String) throws {
    let recorded = try Recorded(keepsGoing: false)
    recorded.run(script, name: "test.gfn")
    // Cells after the last that ran have not taken effect.
    #expect(script.hasPrefix(try recorded.file(.gfn)))
  }

  @Test func aScriptThatFailedKeepsWhatItDid() throws {
    let script = "# %% A\nlet a = 1 # one\n# %% B\nlet b = 2\nassert $b > 2\n# %% C\nprint 3\n"
    #expect(
      try Recorded.script(script).file(.gfn) == "# %% A\nlet a = 1 # one\n# %% B\nlet b = 2\n\n")
    let going = try Recorded.script(script, keepsGoing: true).file(.gfn)
    #expect(going == "# %% A\nlet a = 1 # one\n# %% B\nlet b = 2\n\n# %% C\nprint 3\n")
  }

  @Test func aCellThatSaysTooMuchIsCutAndSaysSo() throws {
    let line = String(repeating: "x", count: 1000)
    let recorded = try Recorded.script(
      "for k in 1..6000 { print '\(line)' }\nassert false\n# %%\nprint 'short'\n")
    let cells = recorded.notebook.cells
    #expect(cells[0].outputs.count == 3)
    guard case .lines(let kept, false)? = cells[0].outputs.first,
      case .lines(let note, true) = cells[0].outputs[1], case .failure = cells[0].outputs[2]
    else {
      Issue.record("\(cells[0].outputs.count) outputs")
      return
    }
    #expect(kept.utf8.count <= OutputLimit.cell)
    #expect(kept.utf8.count > OutputLimit.cell - 2000)
    #expect(note.contains("left out"))
  }

  @Test func exportWritesWhatWasRunSoFar() throws {
    let recorded = try Recorded.lines("print 1", "export \"out/a.ipynb\"")
    let bytes = try Data(contentsOf: recorded.folder.appending(path: "out/a.ipynb"))
    #expect(try JupyterReader(Array(bytes)).script == "# %%\nprint 1\n")
  }

  @Test(arguments: [
    ("export a.txt", "unknown-format"), ("export a", "unknown-format"),
    ("export '.html'", "unknown-format"),
    ("export '/usr/a.md'", "write-refused"),
  ])
  func aWrongFileIsSaidToBeOne(_ source: String, _ code: String) throws {
    #expect(try Recorded().run(source, name: "input").first?.code == code)
  }

  @Test func aSessionThatNobodyRecordsSaysSo() throws {
    let recorded = try Recorded()
    recorded.session.observer = nil
    let failure = recorded.run("export a.md", name: "input").first
    #expect(failure?.code == "not-recorded")
    #expect(failure?.fix?.contains("gfn export") == true)
  }

  @Test(arguments: CommandSpec.export.examples.map(\.source))
  func everyExampleRuns(_ source: String) throws {
    #expect(try Recorded().run(source, name: "input").isEmpty)
  }

  @Test func fencesAreLongerThanWhatTheyHold() throws {
    let text = try Recorded.script("print '```'\nprint '````'\n").file(.md)
    #expect(text.contains("`````text\n```\n````\n`````\n"))
  }
}
