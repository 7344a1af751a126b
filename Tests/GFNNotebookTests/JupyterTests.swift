import Foundation
import GFNFigures
import GFNLanguage
import GFNParameters
import Testing

@testable import GFNNotebook

@Suite struct JupyterTests {
  // MARK: - There and back

  @Test(arguments: exampleScripts + oddScripts)
  func scriptToNotebookToScriptIsTheIdentity(_ script: String) throws {
    var writer = JupyterWriter()
    let text = writer.text(of: Notebook(script: script))
    let reader = try JupyterReader(Array(text.utf8))
    #expect(reader.script == script)
    #expect(reader.foreignLanguage == nil)
    try expectStructure(text)
  }

  @Test func theExamplesAreThere() {
    #expect(exampleScripts.count >= 6)
  }

  @Test func anEditedCellKeepsItsMarkAndTakesTheNewText() throws {
    var writer = JupyterWriter()
    let script = "# %% One\n\n\nprint 1\n\n\n\n# %% [markdown] T\n# a\n\n# %%\nprint 2\n"
    let text = writer.text(of: Notebook(script: script))
      .replacing("\"print 1\"", with: "\"print 1\\n\",\n    \"print 3\"")
      .replacing("### One", with: "### Other").replacing("\"a\"", with: "\"b\"")
    #expect(
      try JupyterReader(Array(text.utf8)).script
        == "# %% Other\n\n\nprint 1\nprint 3\n\n\n\n# %% [markdown] T\n# b\n\n# %%\nprint 2\n")
  }

  @Test func aForeignNotebookIsReadAsFarAsItGoes() throws {
    let text = """
      {"nbformat": 4, "nbformat_minor": 2, "metadata": {"language_info": {"name": "python"}},
       "cells": [
        {"cell_type": "markdown", "source": "# Title\\n\\n%% text\\n", "metadata": {"gfn": 3}},
        {"cell_type": "code", "source": ["print 1\\r\\n", "print 2"], "metadata": {},
         "outputs": [{"output_type": "stream"}], "execution_count": 7},
        {"cell_type": "raw", "source": ["```\\n", "<b>"], "metadata": {"x": [1, {}]}},
        {"cell_type": "code", "source": [], "attachments": null},
        {"cell_type": "code", "source": "print 3\\n\\n"}]}
      """
    let reader = try JupyterReader(Array(text.utf8))
    #expect(reader.foreignLanguage == "python")
    #expect(
      reader.script
        == "# %% [markdown]\n# # Title\n#\n#%% text\n\n# %%\nprint 1\nprint 2\n\n"
        + "# %% [markdown]\n# ````\n# ```\n# <b>\n# ````\n\n# %%\n\n# %%\nprint 3\n")
  }

  @Test func cellsAfterTheLastOneStartOnALineOfTheirOwn() throws {
    var writer = JupyterWriter()
    let text = writer.text(of: Notebook(script: "# %%\nprint 1\n# %% B\nprint 2"))
    let added = text.replacing(
      "\n ],\n \"metadata\": {\n  \"kernelspec\"",
      with:
        ",{\"cell_type\": \"code\", \"source\": \"print 3\"}\n ],\n \"metadata\": {\n  \"kernelspec\""
    )
    #expect(added != text)
    #expect(
      try JupyterReader(Array(added.utf8)).script
        == "# %%\nprint 1\n# %% B\nprint 2\n# %%\nprint 3\n")
  }

  @Test(arguments: [
    "", "{}", "[1]", "print 1", #"{"nbformat": 4}"#, #"{"nbformat": "4", "cells": []}"#,
    #"{"nbformat": 4, "cells": [{"cell_type": "code"}]}"#,
    String(repeating: "[", count: 100_000), "{\"nbformat\": 4, \"cells\": [\u{0}]}",
  ])
  func whatIsNoNotebookIsSaidToBeNone(_ text: String) {
    let error = #expect(throws: CommandError.self) { try JupyterReader(Array(text.utf8)) }
    #expect(error?.message == "the file is no Jupyter notebook")
  }

  @Test func anOldFormatIsNamed() {
    let error = #expect(throws: CommandError.self) {
      try JupyterReader(Array(#"{"nbformat": 3, "worksheets": []}"#.utf8))
    }
    #expect(error?.message == "the notebook has format 3")
    #expect(error?.fix?.contains("save it") == true)
  }

  // MARK: - What a notebook holds

  private static let script = """
    # %% [markdown]
    # # A title
    # %% Numbers
    let t = [1, 2]
    print "x <b> & \\"y\\""
    for k in 1..3 { collect runs k=$k x=($k * 1.5) }
    print $runs
    note "a **note**"
    env hypergrid dim=2 side=4
    evaluate
    train 4 every=2 batch=4
    # %%
    # nothing
    # %% Wrong
    assert 1 > 2
    # %% Not reached
    print 1
    """

  @Test func outputsStandInTheCellWhoseStatementsSaidThem() throws {
    let cells = try cells(of: try Recorded.script(Self.script).file(.ipynb))
    let kinds = cells.map { $0["cell_type"] as? String ?? "" }
    #expect(
      kinds == [
        "markdown", "markdown", "code", "code", "markdown", "code", "markdown", "code",
      ])
    #expect(cells.map { $0["execution_count"] as? Int } == [nil, nil, 1, nil, nil, 2, nil, nil])
    let outputs = cells.map { $0["outputs"] as? [[String: Any]] ?? [] }
    #expect(outputs.map(\.count) == [0, 0, 5, 0, 0, 1, 0, 0])
    #expect(
      outputs[2].map { $0["output_type"] as? String } == [
        "stream", "display_data", "display_data", "display_data", "display_data",
      ])
    #expect(outputs[2][0]["text"] as? [String] == ["x <b> & \"y\"\n"])
    let table = try #require(outputs[2][1]["data"] as? [String: Any])
    #expect(
      table["text/plain"] as? [String] == ["k    x\n", "1  1.5\n", "2    3\n", "3  4.5"])
    #expect(
      (table["text/html"] as? [String])?.joined().contains("<td class=\"n\">1.5</td>") == true)
    #expect(
      (table["application/vnd.gfn+json"] as? [[String: Double]])?[2] == ["k": 3, "x": 4.5])
    let note = try #require(outputs[2][2]["data"] as? [String: Any])
    #expect(note["text/markdown"] as? [String] == ["a **note**"])
    let error = outputs[5][0]
    #expect(error["ename"] as? String == "assertion")
    #expect(error["evalue"] as? String == "1 > 2 does not hold")
    #expect((error["traceback"] as? [String])?.first?.hasPrefix("test.gfn:15:8: error:") == true)
  }

  @Test func equalRunsGiveEqualBytesWithoutTimes() throws {
    for format in ExportFormat.allCases {
      let first = try Recorded.script(Self.script).file(format)
      #expect(try Recorded.script(Self.script).file(format) == first)
      #expect(!first.contains("seconds"))
    }
  }

  @Test func aPictureIsTextDataAndVectors() throws {
    let figure = Figure(
      "F <&>", .lines([LineChart(xLabel: "x", yLabel: "y", [.init("a", [.init(0, 1)])])]))
    let data = OutputBundle(
      of: .figure(figure), command: "plot", pictures: PictureFiles(PictureStub())
    ).fileData
    guard case .object(let parts) = data else {
      Issue.record("no object: \(data)")
      return
    }
    #expect(
      parts.fields.map(\.name).sorted() == [
        "application/vnd.gfn+json", "image/svg+xml", "text/plain",
      ])
    let without = PictureFiles(PictureStub(fails: true))
    #expect(OutputBundle(of: .figure(figure), command: "plot", pictures: without).svg == nil)
    #expect(without.problems == ["no gnuplot; install it"])
  }

  // MARK: - Support

  private func cells(of text: String) throws -> [[String: Any]] {
    let document = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    return try #require(document?["cells"] as? [[String: Any]])
  }

  /// What the schema of nbformat 4.5 asks.
  private func expectStructure(_ text: String) throws {
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(document.keys.sorted() == ["cells", "metadata", "nbformat", "nbformat_minor"])
    #expect(text.hasSuffix("}\n"))
    let cells = try cells(of: text)
    var identifiers: Set<String> = []
    for cell in cells {
      let isCode = cell["cell_type"] as? String == "code"
      #expect(
        cell.keys.sorted()
          == (isCode
            ? ["cell_type", "execution_count", "id", "metadata", "outputs", "source"]
            : ["cell_type", "id", "metadata", "source"]))
      let identifier = cell["id"] as? String ?? ""
      #expect(identifier.wholeMatch(of: /[a-zA-Z0-9\-_]{1,64}/) != nil)
      #expect(identifiers.insert(identifier).inserted)
      #expect(cell["source"] is [String])
    }
  }
}

/// Draws nothing worth looking at.
struct PictureStub: FigureWriter {
  var fails = false

  func bytes(of figure: Figure, as format: FigureFormat) throws -> [UInt8] {
    if fails { throw CommandError("gnuplot", "no gnuplot", fix: "install it") }
    return Array(
      """
      <?xml version="1.0"?>
      <!DOCTYPE svg>
      <svg viewBox="0 0 1 1"><desc>\(figure.title.count)</desc><g id="a"/><use xlink:href='#a'/></svg>

      """.utf8)
  }
}
