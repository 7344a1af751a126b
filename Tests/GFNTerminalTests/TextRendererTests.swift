import GFNLanguage
import GFNParameters
import OrderedCollections
import Testing

@testable import GFNFigures
@testable import GFNTerminal

@Suite struct TextRendererTests {
  private let losses = Table(
    columns: [Column("step"), Column("loss"), Column("state")],
    rows: [
      [.number(50), .number(12.34567), .text("(0, 1)")],
      [.number(100), .number(0.000123456), .text("(10, 3)")],
    ])

  @Test func numbersStandRightAndTextsLeft() {
    #expect(
      shown(.table(losses)) == [
        "step       loss  state",
        "  50      12.35  (0, 1)",
        " 100  0.0001235  (10, 3)",
      ])
  }

  @Test func stylesRoundAndIntegersStayWhole() {
    #expect(formatted(123_456_789, .significant(4)) == "123456789")
    #expect(formatted(2.0 / 3, .significant(4)) == "0.6667")
    #expect(formatted(2.0 / 3, .fixed(2)) == "0.67")
    #expect(formatted(-.infinity, .fixed(2)) == "-inf")
    #expect(formatted(1e300, .fixed(2)).hasSuffix(".00"))
  }

  @Test func aDeviationStandsWithItsMean() {
    let table = Table(
      columns: [Column("x"), Column("tv_mean"), Column("tv_sd", .significant(2)), Column("n_se")],
      rows: [
        [.text("a"), .number(0.25678), .number(0.0123), .number(1)],
        [.text("b"), .number(10), .none, .number(2)],
        [.text("c"), .number(1e-9), .number(2e-10), .number(2)],
      ])
    #expect(
      shown(.table(table)) == [
        "x  tv_mean ± sd   n_se", "a  0.257 ± 0.012     1", "b     10             2",
        "c  1e-09 ± 2e-10     2",
      ])
    // No number without its end.
    #expect(
      shown(.table(table), width: 20).filter { $0.hasPrefix("a") } == ["a  0.257 ± 0.012"])
    var single = table
    single.rows = [[.text("b"), .number(10), .none, .number(2)]]
    #expect(shown(.table(single)) == ["x  tv_mean  n_se", "b       10     2"])
  }

  @Test func fieldsAndNotesFollowTheRows() {
    var table = losses
    table.fields = ["log_pf": .number(-3.25)]
    table.notes = ["Σ r = 0"]
    #expect(shown(.table(table)).suffix(2) == ["log_pf  -3.25", "Σ r = 0"])
  }

  @Test func recordNamesAreAligned() {
    let record = Record(["tv": .number(0.5), "modes_found": .number(4)], notes: ["by sampling"])
    #expect(shown(.record(record)) == ["tv           0.5", "modes_found  4", "by sampling"])
  }

  @Test func compactTableIsItsLastRowAndHowManyThereAre() {
    #expect(
      shown(.table(losses), compact: true)
        == ["train  … 2 rows  step=100  loss=0.0001235  state=(10, 3)"])
    var single = losses
    single.rows.removeFirst()
    #expect(
      shown(.table(single), compact: true) == ["train  step=100  loss=0.0001235  state=(10, 3)"])
  }

  @Test func longTableIsCutAtATerminalAndWholeInAPipe() {
    let long = Table(columns: [Column("n")], rows: (1...100).map { [.number(Double($0))] })
    let lines = shown(.table(long), width: 80)
    #expect(lines.count == 22)
    #expect(lines[10...12] == [" 10", "… 80 rows more", " 91"])
    #expect(shown(.table(long)).count == 101)
  }

  @Test(arguments: [10, 24, 40, 60])
  func noLineOfATableIsWiderThanTheWindow(width: Int) {
    var wide = losses
    wide.columns.append(Column("a_column_with_a_long_name"))
    wide.rows = wide.rows.map { $0 + [.text(String(repeating: "語", count: 40))] }
    for line in shown(.table(wide), width: width) where !line.hasPrefix("… ") {
      #expect(displayWidth(line) <= width)
    }
  }

  @Test func columnsWithoutRoomAreNamed() {
    let lines = shown(.table(losses), width: 10)
    #expect(lines.first == "step")
    #expect(lines[1] == "… 2 colum…")
  }

  @Test func controlCharactersOfATextDoNotReachTheTerminal() {
    let table = Table(columns: [Column("x")], rows: [[.text("a\u{1B}[2Jb\nc")]])
    #expect(shown(.table(table)).last == "a\\u{1b}[2Jb\\nc")
  }

  @Test func rowsOnTheScreenAreNotShownAgain() {
    let output = Recorder(width: 80)
    let renderer = TextRenderer(output: output.stream, errors: Recorder().stream)
    var table = losses
    table.fields = ["seconds": .number(2)]
    for row in table.rows { renderer.show(self.row(of: table, row)) }
    let before = output.lines.count
    renderer.show(.value(.table(table), command: "train", line: 1, showing: .whole))
    #expect(before == 3)
    #expect(output.lines.dropFirst(before) == ["seconds  2"])
  }

  private func row(of table: Table, _ values: [Value]) -> Event {
    .row(columns: table.columns, values: values, command: "train", line: 1)
  }

  /// Rows as they come, and then the whole table; what was written before the table came.
  private func shownRowByRow(
    _ table: Table, by make: (TextStream, TextStream) -> any Renderer
  ) -> (before: String, whole: String) {
    let output = Recorder()
    let renderer = make(output.stream, Recorder().stream)
    for row in table.rows { renderer.show(self.row(of: table, row)) }
    let before = output.text
    renderer.show(.value(.table(table), command: "train", line: 1, showing: .whole))
    renderer.end()
    return (before, output.text)
  }

  @Test func aPipeGetsRowsAsTheyComeAndNoneTwice() {
    var table = losses
    table.columns[0].widest = 4
    table.columns.append(Column("seconds", isTiming: true))
    table.rows = table.rows.map { $0 + [.number(1)] }
    table.fields = ["total": .number(2)]
    let text = shownRowByRow(table) { TextRenderer(output: $0, errors: $1) }
    #expect(
      text.before.split(separator: "\n") == [
        "step       loss  state", "  50      12.35  (0, 1)", " 100  0.0001235  (10, 3)",
      ])
    #expect(text.whole == text.before + "total  2\n")
    let csv = shownRowByRow(table) { CSVRenderer(output: $0, errors: $1) }
    #expect(csv.before == CSV.text(of: table))
    #expect(csv.whole == csv.before + "\nfield,value\ntotal,2\n")
    let json = shownRowByRow(losses) { JSONRenderer(output: $0, errors: $1) }
    #expect(
      json.whole.split(separator: "\n").prefix(1) == [
        "{\"line\": 1, \"command\": \"train\", \"row\": "
          + "{\"step\": 50, \"loss\": 12.34567, \"state\": \"(0, 1)\"}}"
      ])
    #expect(json.whole.split(separator: "\n").count == 3)
    #expect(json.whole.hasPrefix(json.before))
  }

  @Test func quietWritesNoRows() {
    let text = shownRowByRow(losses) {
      TextRenderer(output: $0, errors: $1, options: DisplayOptions(isQuiet: true))
    }
    #expect(text.whole.isEmpty)
  }

  @Test func aDeviationStandsWithItsMeanAlsoRowByRow() {
    let table = Table(
      columns: [Column("x", widest: 4), Column("tv"), Column("tv_sd", .significant(2))],
      rows: [
        [.text("a"), .number(0.25678), .number(0.0123)],
        [.text("long"), .number(10), .none],
      ])
    let text = shownRowByRow(table) { TextRenderer(output: $0, errors: $1) }
    #expect(
      text.whole.split(separator: "\n") == [
        "x           tv ± sd", "a     0.257 ± 0.012", "long             10",
      ])
  }

  @Test func progressFitsTheWindowAndGoesBeforeOtherOutput() {
    let errors = Recorder(width: 30, hasCursorControl: true)
    let output = Recorder(width: 30)
    let renderer = TextRenderer(output: output.stream, errors: errors.stream)
    renderer.show(.progress(progress(step: 437)))
    #expect(errors.text.hasPrefix("\r\u{1B}[Ktrain 437/1000"))
    #expect(errors.text.contains("12 s left"))
    #expect(displayWidth(String(errors.text.dropFirst(4))) < 30)
    renderer.show(.printed("hello", line: 1))
    #expect(errors.text.hasSuffix("\r\u{1B}[K"))
    #expect(output.text == "hello\n")
  }

  @Test func progressIsRewrittenAtMostTenTimesASecond() {
    let errors = Recorder(width: 80, hasCursorControl: true)
    let renderer = TextRenderer(output: Recorder().stream, errors: errors.stream)
    let clock = ContinuousClock()
    let start = clock.now
    for step in 0..<1000 { renderer.show(.progress(progress(step: Double(step)))) }
    let shownLines = errors.text.split(separator: "\r").count
    #expect(shownLines <= 1 + Int((clock.now - start) / .milliseconds(100)))
    #expect(shownLines >= 1)
  }

  @Test func aPipeHearsNothingOfAShortOperation() {
    let errors = Recorder()
    let renderer = TextRenderer(output: Recorder().stream, errors: errors.stream)
    renderer.show(.progress(progress(step: 1)))
    renderer.show(.progress(progress(step: 2)))
    renderer.end()
    #expect(errors.text.isEmpty)
  }

  @Test func quietLeavesPrintsAndWarnings() {
    let output = Recorder()
    let errors = Recorder()
    let renderer = TextRenderer(
      output: output.stream, errors: errors.stream, options: DisplayOptions(isQuiet: true))
    renderer.show(.value(.table(losses), command: "train", line: 1, showing: .whole))
    renderer.show(.notice(Notice(.note, "a note")))
    renderer.show(.notice(Notice(.warning, "a warning")))
    renderer.show(.printed("text", line: 1))
    renderer.end()
    #expect(output.text == "text\n")
    #expect(errors.text == "warning: a warning\n")
  }

  private func progress(step: Double) -> Progress {
    Progress(
      command: "train", done: step, total: 1000,
      readings: [("loss", 0.0123, .significant(3)), ("log_z", 3.21, .fixed(2))],
      secondsLeft: 11.4)
  }

  /// The lines that a value becomes.
  private func shown(_ value: Value, compact isCompact: Bool = false, width: Int? = nil) -> [String]
  {
    let output = Recorder(width: width)
    let renderer = TextRenderer(output: output.stream, errors: Recorder().stream)
    renderer.show(.value(value, command: "train", line: 1, showing: isCompact ? .compact : .whole))
    renderer.end()
    return output.lines
  }
}
