import GFNLanguage
import Testing

@Suite struct ScriptCellTests {
  @Test(arguments: [
    "", "\n", "train 5", "# %%", "# %%\n",
    "#!/usr/bin/env -S gfn run\n# %% A\nlet x = 1\n\n# %% [markdown]\n# # T\n# t\n",
    "print 1\n\n\n# %% B\n# %% C\n\nprint 2",
  ])
  func cellsJoinedAreTheScript(_ script: String) {
    #expect(ScriptCell.script(of: ScriptCell.cells(of: script)) == script)
  }

  @Test func marksSayWhatACellIs() {
    let cells = ScriptCell.cells(
      of: "# %% [markdown] About\n# # Title\n#\n# text\n\n# %% One\n\nprint 1\n\n# %%\n# nothing\n")
    #expect(cells.map(\.kind) == [.text, .code, .code])
    #expect(cells.map(\.title) == ["About", "One", ""])
    #expect(cells[0].text == "# Title\n\ntext")
    #expect(cells[1].code.source == "print 1")
    #expect(cells[1].code.firstLine == 8)
    #expect(cells.map(\.isEmpty) == [true, false, true])
  }
}
