import GFNLanguage
import GFNParameters
import Testing

@testable import GFNFigures
@testable import GFNTerminal

/// A picture that is redrawn in place, on a screen that does what a terminal does.
@Suite struct LivePictureTests {
  private let output = Recorder(width: 60, hasCursorControl: true)
  private let errors = Recorder(width: 60, hasCursorControl: true)

  private func figure(_ step: Int, panels: Int = 1) -> Figure {
    let map = HeatMap(
      "learned", rows: 4, columns: 4, [Double](repeating: 1, count: 16),
      scale: .sequential(low: 0, high: 1), xLabel: "x0", yLabel: "x1")
    return Figure("step \(step)", .heatMaps([HeatMap](repeating: map, count: panels)))
  }

  private func row(_ step: Int) -> Event {
    .row(
      columns: [Column("step", .fixed(0))], values: [.number(Double(step))], command: "train",
      line: 1)
  }

  @Test func onePictureRemainsBelowTheRows() {
    let renderer = TextRenderer(output: output.stream, errors: errors.stream)
    renderer.show(row(50))
    renderer.show(.live(figure(60)))
    renderer.show(.live(figure(70, panels: 5)))
    renderer.show(.live(figure(80)))
    renderer.show(row(100))
    renderer.show(.live(figure(110)))
    renderer.show(.notice(Notice(.note, "a note")))
    renderer.end()
    let screen = Screen(output.text)
    let size = PictureText.lines(of: figure(110), PictureStyle(width: 59)).count
    #expect(screen.lines.prefix(4) == ["   step", "     50", "    100", "step 110"])
    #expect(screen.lines.count == 3 + size)
  }

  @Test func aLoopKeepsOneLineOfEachCommand() {
    let renderer = TextRenderer(output: output.stream, errors: errors.stream)
    for step in [10, 20] {
      renderer.show(.live(figure(step)))
      let table = Table(columns: [Column("step")], rows: [[.number(Double(step))]])
      renderer.show(.value(.table(table), command: "train", line: 1, showing: .compact))
    }
    renderer.end()
    #expect(Screen(output.text).lines == ["train  step=10", "train  step=20"])
  }

  @Test func whatTheKeyboardEchoesIsWrittenOver() {
    let renderer = TextRenderer(output: output.stream, errors: errors.stream)
    renderer.show(.live(figure(60)))
    output.stream.write("^C")
    renderer.startLine(on: errors.stream)
    renderer.show(row(61))
    renderer.show(.live(figure(61)))
    renderer.end()
    let text = Screen(output.text).lines.joined(separator: "\n")
    #expect(!text.contains("^C"))
    #expect(text.contains("step 61"))
    #expect(!text.contains("step 60"))
    #expect(errors.text.isEmpty)
  }

  @Test func aPipeSeesNoPicture() {
    let pipe = Recorder()
    let renderer = TextRenderer(output: pipe.stream, errors: Recorder().stream)
    renderer.show(.live(figure(60)))
    renderer.end()
    #expect(pipe.text.isEmpty)
  }

  @Test func theLocaleSaysWhetherThereAreMoreThanLetters() {
    func isUnicode(_ variables: [String: String]) -> Bool { localeHasUnicode { variables[$0] } }
    #expect(isUnicode([:]))
    #expect(isUnicode(["LANG": "de_DE.UTF-8"]))
    #expect(isUnicode(["LANG": "C.utf8"]))
    #expect(isUnicode(["LANG": "ca_ES.UTF-8@valencia"]))
    #expect(!isUnicode(["LANG": "C"]))
    #expect(!isUnicode(["LC_ALL": "POSIX", "LANG": "de_DE.UTF-8"]))
    #expect(!isUnicode(["LC_CTYPE": "en_US.ISO-8859-1"]))
  }
}

/// What a terminal shows of a text: carriage return, newline, cursor up, erase to the end.
private struct Screen {
  private(set) var lines: [String] = []

  init(_ text: String) {
    var rows: [[Character]] = [[]]
    var (row, column) = (0, 0)
    var rest = Substring(text)
    while let character = rest.first {
      if let match = rest.prefixMatch(of: /\u{1B}\[([0-9;]*)([A-Za-z])/) {
        switch match.2 {
        case "A": row = max(row - (Int(match.1) ?? 1), 0)
        case "K": rows[row] = Array(rows[row].prefix(column))
        case "J":
          rows[row] = Array(rows[row].prefix(column))
          rows.removeLast(rows.count - row - 1)
        default: break
        }
        rest = rest[match.range.upperBound...]
        continue
      }
      rest.removeFirst()
      switch character {
      case "\r": column = 0
      case "\n":
        (row, column) = (row + 1, 0)
        if row == rows.count { rows.append([]) }
      default:
        while rows[row].count <= column { rows[row].append(" ") }
        rows[row][column] = character
        column += 1
      }
    }
    lines = rows.map { String($0) }
    while lines.last?.isEmpty == true { lines.removeLast() }
  }
}
