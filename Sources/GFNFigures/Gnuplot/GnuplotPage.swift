import GFNLanguage

/// A picture on its way to gnuplot: a page with a title and notes, and the commands that draw on it.
///
/// Lengths are in points, from the page's lower left corner. Numbers go into data blocks; texts reach
/// gnuplot only through `quoted(_:)`.
struct GnuplotPage {
  /// A rectangle.
  struct Area {
    var left: Double
    var bottom: Double
    var width: Double
    var height: Double

    var right: Double { left + width }
    var top: Double { bottom + height }
  }

  let width: Double
  let height: Double
  /// What title and notes leave.
  let content: Area
  private(set) var commands: [String] = []
  private var blocks = 0

  static let textSize = 11.0
  private static let titleSize = 14.0
  private static let noteSize = 10.0
  private static let noteHeight = 15.0

  /// - Parameters:
  ///   - width: of the page.
  ///   - contentHeight: of what is drawn between title and notes.
  init(of figure: Figure, width: Double, contentHeight: Double) {
    let titleHeight = figure.title.isEmpty ? 8 : 32.0
    let room = Int(width / 5.5)
    let notes = figure.notes.flatMap { Self.wrapped($0, to: room) }
    let notesHeight = notes.isEmpty ? 0 : Double(notes.count) * Self.noteHeight + 10
    self.width = width
    height = titleHeight + contentHeight + notesHeight
    content = Area(left: 0, bottom: notesHeight, width: width, height: contentHeight)
    begin(Area(left: 0, bottom: 0, width: width, height: height), isBare: true)
    let title = Self.cut(figure.title, to: Int(width / 8))
    label(title, width / 2, height - 18, size: Self.titleSize, "center")
    for (index, note) in notes.enumerated() {
      let y = notesHeight - 10 - Double(index) * Self.noteHeight
      label(note, 14, y, size: Self.noteSize, "left", colour: GnuplotColours.axis)
    }
    finishBare()
  }

  /// The text of the whole page for a terminal.
  func script(terminal: String) -> String {
    let head = [
      "set encoding utf8", "set terminal \(terminal)", "set multiplot",
    ]
    return (head + commands + ["unset multiplot", ""]).joined(separator: "\n")
  }

  mutating func add(_ command: String) { commands.append(command) }

  /// Numbers as a block of data, a line each; an empty line is a gap.
  /// - Returns: the block's name.
  mutating func data(_ rows: [[Double]]) -> String {
    blocks += 1
    let name = "$data\(blocks)"
    add("\(name) << END")
    for row in rows { add(row.map(Self.number).joined(separator: " ")) }
    add("END")
    return name
  }

  // MARK: - Parts of a page

  /// Starts a plot whose axes enclose an area.
  /// - Parameter isBare: without axes, and with points as its coordinates.
  mutating func begin(_ area: Area, isBare: Bool = false) {
    add("reset")
    add("unset key")
    for (side, place) in [
      ("l", area.left / width), ("r", area.right / width), ("b", area.bottom / height),
      ("t", area.top / height),
    ] {
      add("set \(side)margin at screen \(Self.number(place))")
    }
    if isBare {
      add("unset border")
      add("unset tics")
      add("set xrange [0:\(Self.number(area.width))]")
      add("set yrange [0:\(Self.number(area.height))]")
    } else {
      add("set border 3 linecolor rgb '\(GnuplotColours.axis)' linewidth 0.8")
      add("set tics nomirror out scale 0.5 textcolor rgb '\(GnuplotColours.text)'")
    }
  }

  /// Draws what was only set, labels and objects.
  mutating func finishBare() { add("plot NaN notitle") }

  /// A text at a place of the page.
  mutating func label(
    _ text: String, _ x: Double, _ y: Double, size: Double = textSize, _ anchor: String,
    colour: String = GnuplotColours.text, rotation: Int = 0
  ) {
    guard !text.isEmpty else { return }
    add(
      "set label \(Self.quoted(text)) at screen \(Self.number(x / width)), "
        + "screen \(Self.number(y / height)) \(anchor) front \(Self.style(size, colour))"
        + (rotation == 0 ? "" : " rotate by \(rotation)"))
  }

  mutating func axes(_ xLabel: String, _ yLabel: String) {
    let style = Self.style(Self.textSize, GnuplotColours.text)
    add("set xlabel \(Self.quoted(Self.cut(xLabel, to: 80))) \(style)")
    add("set ylabel \(Self.quoted(Self.cut(yLabel, to: 40))) \(style)")
  }

  /// Names below (`x`) or beside (`y`) an axis, at places of the axis.
  mutating func ticks(_ axis: String, _ names: [(name: String, place: Double)], rotation: Int = 0) {
    let list = names.map { "\(Self.tickText($0.name)) \(Self.number($0.place))" }
    add(
      "set \(axis)tics (\(list.joined(separator: ", ")))"
        + (rotation == 0 ? "" : " rotate by \(rotation) right"))
  }

  /// A legend to the right of an area.
  mutating func legend(rightOf area: Area) {
    add(
      "set key at screen \(Self.number((area.right + 14) / width)), "
        + "screen \(Self.number(area.top / height)) left top Left reverse samplen 2.2 "
        + "spacing 1.25 textcolor rgb '\(GnuplotColours.text)'")
  }

  /// The width of a legend, 0 without names.
  static func legendWidth(_ names: [String]) -> Double {
    guard let longest = names.map({ cut($0, to: nameLimit).count }).max() else { return 0 }
    return Double(longest) * 6.6 + 60
  }

  /// A name in a legend is no longer.
  static let nameLimit = 28
}

// MARK: - Texts and numbers

extension GnuplotPage {
  /// A text as a string of gnuplot that is nothing but text: on one line, in single quotes, in which
  /// neither escapes, macros nor commands are read, and without any quote that could end it or run what
  /// it holds. gnuplot would read two as one, but not where a text begins with them.
  static func quoted(_ text: String) -> String {
    var result = "'"
    for scalar in text.unicodeScalars {
      switch scalar {
      case "'", "`": result.unicodeScalars.append("\u{2019}")
      case "\n", "\r", "\t", "\u{85}", "\u{2028}", "\u{2029}": result += " "
      case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value): continue
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "'"
  }

  /// A text beside a tick, in which gnuplot reads `%` as the start of a format.
  private static func tickText(_ text: String) -> String {
    quoted(text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%"))
  }

  /// A text with its end left out where it is longer than so many characters.
  static func cut(_ text: String, to limit: Int) -> String {
    text.count > limit ? text.prefix(max(limit - 1, 0)) + "…" : text
  }

  /// A name for a legend.
  static func name(_ text: String) -> String { "title " + quoted(cut(text, to: nameLimit)) }

  private static func wrapped(_ text: String, to limit: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      if !line.isEmpty, line.count + 1 + word.count > limit {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? cut(String(word), to: limit) : " " + word
    }
    return line.isEmpty ? lines : lines + [line]
  }

  static func style(_ size: Double, _ colour: String) -> String {
    "font ',\(number(size))' textcolor rgb '\(colour)'"
  }

  /// A number as gnuplot reads it.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "NaN" }
    return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}
