import Foundation
import GFNTestSupport
import Testing

/// One table in every form of JSON: which fields it has there, and in which order.
@Suite struct KeyOrderTests {
  private static let script = """
    log jsonl=log.jsonl
    env hypergrid dim=2 side=4
    train 2 every=2 batch=4 measure=[tv]
    """

  /// The names of the first object that stands behind a text and holds no other.
  private func names(in text: String, behind mark: String) throws -> [String] {
    let start = try #require(text.range(of: mark), "\(text)").upperBound
    let object = try #require(text[start...].firstMatch(of: /\{([^{}]*)\}/)).1
    return object.matches(of: /"([a-z_]+)":/).map { String($0.1) }
  }

  @Test func fieldsStandInTheOrderOfTheTableButInNotebooksWhichAreSortedAndWithoutTimes() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.script, to: "s.gfn")
    let run = try ProgramUnderTest.run("--output", "json", "run", "s.gfn", in: folder.url)
    let table = try names(in: run.output, behind: #""command": "train", "value": "#)
    #expect(table.prefix(3) == ["step", "loss", "log_z"])
    #expect(table.last == "seconds")

    #expect(try names(in: "log: " + folder.read("log.jsonl"), behind: "log:") == table)

    let program = try ProgramUnderTest.path(of: "gfn")
    let code = Self.script.replacing("\n", with: "\\n")
    try folder.write(#"{"id": 1, "type": "execute", "code": "\#(code)"}"# + "\n", to: "requests")
    let session = try folder.shell(
      "cd '\(folder.url.path)' && '\(program)' session --output json < requests")
    let withoutTimes = table.filter { $0 != "seconds" }
    let display = #"{"id": 1, "event": "display", "command": "train", "data": "#
    #expect(try names(in: session.output, behind: display) == withoutTimes)

    let export = try ProgramUnderTest.run("export", "s.gfn", "-o", "s.ipynb", in: folder.url)
    #expect(export.status == 0, "\(export)")
    let notebook = try folder.read("s.ipynb")
    let lastTable = try #require(notebook.range(of: "vnd.gfn+json", options: .backwards))
    let output = String(notebook[lastTable.lowerBound...])
    #expect(try names(in: output, behind: "[") == withoutTimes.sorted())
  }
}
