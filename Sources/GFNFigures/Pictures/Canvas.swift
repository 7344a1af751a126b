import GFNLanguage

/// How a character is drawn.
struct Ink: Equatable {
  var foreground: Colour?
  var background: Colour?
  var isBold = false
  var isDim = false

  init(
    _ foreground: Colour? = nil, background: Colour? = nil, isBold: Bool = false,
    isDim: Bool = false
  ) {
    self.foreground = foreground
    self.background = background
    self.isBold = isBold
    self.isDim = isDim
  }

  static let bold = Ink(isBold: true)
  static let dim = Ink(isDim: true)
}

/// A rectangle of characters to draw on. What lies outside of it is not drawn.
struct Canvas {
  private struct Cell {
    var character: Character = " "
    var ink = Ink()
  }

  /// Stands in the columns that the wide character before it takes.
  private static let taken: Character = "\0"

  let rows: Int
  let columns: Int
  private let isASCII: Bool
  private var cells: [Cell]

  init(rows: Int, columns: Int, isASCII: Bool) {
    self.rows = max(rows, 0)
    self.columns = max(columns, 0)
    self.isASCII = isASCII
    cells = [Cell](repeating: Cell(), count: self.rows * self.columns)
  }

  /// Draws a character that takes one column.
  mutating func set(_ character: Character, row: Int, column: Int, _ ink: Ink = Ink()) {
    guard (0..<rows).contains(row), (0..<columns).contains(column) else { return }
    let index = row * columns + column
    // Half of a wide character is none.
    if cells[index].character == Self.taken, column > 0 { cells[index - 1].character = " " }
    if column + 1 < columns, cells[index + 1].character == Self.taken {
      cells[index + 1].character = " "
    }
    cells[index] = Cell(character: character, ink: ink)
  }

  /// Writes a text in one line, as far as there is room.
  mutating func write(_ text: String, row: Int, column: Int, _ ink: Ink = Ink()) {
    var column = column
    for character in Lettering.shown(text, isASCII: isASCII) {
      let width = displayWidth(String(character))
      guard width > 0 else { continue }
      guard column + width <= columns else { return }
      set(character, row: row, column: column, ink)
      for rest in 1..<max(width, 1) where column >= 0 {
        set(Self.taken, row: row, column: column + rest, ink)
      }
      column += width
    }
  }

  /// Writes a text so that it ends before `column`.
  mutating func write(_ text: String, row: Int, before column: Int, _ ink: Ink = Ink()) {
    let width = displayWidth(Lettering.shown(text, isASCII: isASCII))
    write(text, row: row, column: column - width, ink)
  }

  mutating func draw(_ other: Canvas, row: Int, column: Int) {
    for line in 0..<other.rows {
      for place in 0..<other.columns {
        let cell = other.cells[line * other.columns + place]
        guard (0..<rows).contains(row + line), (0..<columns).contains(column + place) else {
          continue
        }
        cells[(row + line) * columns + column + place] = cell
      }
    }
  }

  /// The lines as a terminal takes them, without blanks at their ends and no wider than `width`.
  func lines(_ colours: PictureStyle.Colours, width: Int) -> [String] {
    (0..<rows).map { line($0, colours, width: min(columns, width)) }
  }

  private func line(_ row: Int, _ colours: PictureStyle.Colours, width: Int) -> String {
    let cells = cells[(row * columns)..<(row * columns + max(width, 0))]
    let last = cells.lastIndex { $0.character != " " || $0.ink.background != nil }
    guard let last else { return "" }
    var text = ""
    var current = Ink()
    for cell in cells[...last] where cell.character != Self.taken {
      if colours != .none {
        // A blank shows its background alone.
        let ink = cell.character == " " ? Ink(background: cell.ink.background) : cell.ink
        if ink != current {
          text += sequence(ink, colours)
          current = ink
        }
      }
      text.append(cell.character)
    }
    if current != Ink() { text += "\u{1B}[0m" }
    return text
  }

  private func sequence(_ ink: Ink, _ colours: PictureStyle.Colours) -> String {
    var parameters = ["0"]
    if ink.isBold { parameters.append("1") }
    if ink.isDim { parameters.append("2") }
    if let colour = ink.foreground {
      parameters.append(colour.parameters(colours, isBackground: false))
    }
    if let colour = ink.background {
      parameters.append(colour.parameters(colours, isBackground: true))
    }
    return "\u{1B}[\(parameters.joined(separator: ";"))m"
  }
}

extension Canvas {
  /// Canvases one below the other, `gap` empty lines between.
  static func stack(_ canvases: [Canvas], gap: Int = 0, isASCII: Bool) -> Canvas {
    let rows = canvases.reduce(gap * max(canvases.count - 1, 0)) { $0 + $1.rows }
    var whole = Canvas(
      rows: rows, columns: canvases.map(\.columns).max() ?? 0, isASCII: isASCII)
    var row = 0
    for canvas in canvases {
      whole.draw(canvas, row: row, column: 0)
      row += canvas.rows + gap
    }
    return whole
  }

  /// Canvases side by side, `perRow` of them, and the others below.
  static func panels(_ canvases: [Canvas], perRow: Int, gap: Int, isASCII: Bool) -> Canvas {
    let perRow = max(perRow, 1)
    let bands = stride(from: 0, to: canvases.count, by: perRow).map { first in
      let band = canvases[first..<min(first + perRow, canvases.count)]
      var whole = Canvas(
        rows: band.map(\.rows).max() ?? 0,
        columns: band.reduce(gap * (band.count - 1)) { $0 + $1.columns }, isASCII: isASCII)
      var column = 0
      for canvas in band {
        whole.draw(canvas, row: 0, column: column)
        column += canvas.columns + gap
      }
      return whole
    }
    return stack(bands, gap: 1, isASCII: isASCII)
  }
}
