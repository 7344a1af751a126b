import Foundation
import GFNParameters
import GFNTestSupport
import OrderedCollections
import Testing

@testable import GFNFigures
@testable import GFNLanguage
@testable import GFNTerminal

/// Whatever a file or a name holds, it commands no terminal.
@Suite struct ForeignTextTests {
  /// A title of a window, an alarm, a cleared screen in one C1 character, an overridden direction, a line
  /// written over.
  private static let foreign =
    "a\u{1B}]0;title\u{7}\u{9B}2J\u{202E}b\u{2066}\rc\u{7F}\u{2028}d\u{1B}[8m"

  private static let table = Table(
    columns: [Column(foreign)], rows: [[.text(foreign)], [.text("x")]],
    fields: [foreign: .text(foreign)], notes: [foreign])

  private static let figure = Figure(
    foreign,
    .bars([
      BarChart(
        xLabel: foreign, yLabel: foreign, labels: [foreign, "x"],
        [BarChart.Series(foreign, [1, 2]), BarChart.Series(foreign, [1, 2])])
    ]), notes: [foreign])

  private static let failure = Diagnostic(
    severity: .error, phase: .run, code: foreign, message: foreign, file: foreign, line: 1,
    column: 3, sourceLine: "\(foreign)\(foreign)", caretLength: 2, fix: foreign)

  private static let values: [Value] = [
    .text(foreign), .list([.text(foreign)]), .record(Record([foreign: .text(foreign)])),
    .record(Record([:], display: foreign)), .table(table), .figure(figure),
  ]

  private static let events: [Event] =
    values.flatMap { value in
      [Showing.whole, .compact, .printed].map {
        Event.value(value, command: foreign, line: 1, showing: $0)
      }
    } + [
      .printed(foreign, line: 1), .statement(foreign, line: 1, isRecorded: true),
      .notice(Notice(.warning, foreign, line: 1)), .failure(failure),
      .row(columns: table.columns, values: [.text(foreign)], command: foreign, line: 1),
      .live(figure),
      .progress(
        Progress(
          command: foreign, done: 1, total: 2, readings: [(foreign, 1, .significant(3))],
          secondsLeft: 1)),
    ]

  /// What a terminal was told that the program has not said itself.
  private func commands(in text: String) -> [Unicode.Scalar] {
    text.replacing(/\r?\u{1B}\[[0-9;]*[AJKm]/, with: "").unicodeScalars.filter {
      visible(String($0)) != String($0) && $0 != "\n" && $0 != "\t"
    }
  }

  @Test(arguments: [false, true])
  func noWriterLetsItThrough(hasColour: Bool) {
    for event in Self.events {
      let output = Recorder(width: 80, hasCursorControl: hasColour, hasColour: hasColour)
      let errors = Recorder(width: 80, hasCursorControl: hasColour, hasColour: hasColour)
      let options = DisplayOptions(echoes: true)
      let renderers: [any Renderer] = [
        TextRenderer(output: output.stream, errors: errors.stream, options: options),
        JSONRenderer(output: output.stream, errors: errors.stream, options: options),
        CSVRenderer(output: output.stream, errors: errors.stream, options: options),
      ]
      for renderer in renderers {
        renderer.begin(Cell(source: "", name: Self.foreign, firstLine: 1))
        renderer.show(event)
        renderer.end()
        #expect(commands(in: output.text) == [], "\(type(of: renderer)): \(event)")
        #expect(commands(in: errors.text) == [], "\(type(of: renderer)): \(event)")
      }
    }
  }

  @Test @MainActor func neitherDoesTheListOfCandidates() {
    let output = Recorder(width: 80, hasColour: true)
    CompletionDisplay(output: output.stream).show([
      CompletionMatch(
        insertion: "", display: Self.foreign, description: Self.foreign, appendsBlank: false)
    ])
    #expect(output.text.contains("\\u{1b}]0;title"))
    #expect(commands(in: output.text) == [])
  }

  @Test func elsewhereItStaysAsItIs() {
    let output = Recorder(hasColour: true)
    let renderer = TextRenderer(output: output.stream, errors: Recorder().stream)
    renderer.show(.printed(Self.foreign, line: 1))
    renderer.end()
    #expect(output.text == Self.foreign + "\n")
  }

  @Test func linesTabsAndWordsOfAllLanguagesStay() {
    let text = "a\tb\r\nc\n語 é 👩‍🔬 עברית"
    #expect(harmless(text) == text.replacing("\r\n", with: "\n"))
    #expect(visible("a\tb\n") == "a\\tb\\n")
  }

  @Test func theCaretStandsUnderItsWord() {
    let errors = Recorder(width: 80)
    let renderer = TextRenderer(output: Recorder().stream, errors: errors.stream)
    renderer.show(
      .failure(
        Diagnostic(
          severity: .error, phase: .check, code: "x", message: "m", file: "f", line: 1, column: 4,
          sourceLine: "\t\u{1B} a\u{7}b c", caretLength: 3, fix: nil)))
    renderer.end()
    #expect(
      errors.lines == ["f:1:4: error: m", "  \t\\u{1b} a\\u{7}b c", "  \t       ^~~~~~~"])
  }

  @Test func aStrangersScriptIsShownAndNotObeyed() throws {
    let folder = try TemporaryFolder()
    let name = "a\u{1B}]0;t\u{7}.gfn"
    try folder.write("prnt \"\u{1B}[2J\u{202E}\u{9B}31m\"\n", to: name)
    for arguments in [
      ["check", folder.url.path + "/" + name], [name], ["--\(Self.foreign)"],
      ["-e", "print \"\(Self.foreign)\""], ["--echo", "-e", "let x = \"\(Self.foreign)\""],
      ["-e", "def f(x=\"\(Self.foreign)\") {\n}\nhelp f"], ["-e", "help \"\(Self.foreign)\""],
    ] {
      let typist = try Typist(arguments)
      _ = try typist.end()
      #expect(commands(in: typist.raw.replacing("\r\n", with: "\n")) == [], "\(arguments)")
      #expect(typist.raw.contains("\\u{"), "\(arguments)")
    }
  }
}
