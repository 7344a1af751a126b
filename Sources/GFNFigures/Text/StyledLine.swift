/// A line of text in pieces that look different, whatever shows it.
package struct StyledLine: Sendable, Equatable {
  /// How a piece differs from plain text.
  package struct Marks: OptionSet, Sendable, Hashable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let strong = Marks(rawValue: 1)
    package static let emphasis = Marks(rawValue: 2)
    package static let code = Marks(rawValue: 4)
    package static let heading = Marks(rawValue: 8)
    /// Of less weight than what is around it.
    package static let dim = Marks(rawValue: 16)
    package static let error = Marks(rawValue: 32)
    package static let warning = Marks(rawValue: 64)
  }

  package struct Piece: Sendable, Equatable {
    package var text: String
    package var marks: Marks

    package init(_ text: String, _ marks: Marks = []) {
      self.text = text
      self.marks = marks
    }
  }

  package var pieces: [Piece]

  package init(_ pieces: [Piece]) { self.pieces = pieces }

  package init(_ text: String = "", _ marks: Marks = []) {
    pieces = text.isEmpty ? [] : [Piece(text, marks)]
  }

  package static func + (left: StyledLine, right: StyledLine) -> StyledLine {
    StyledLine(left.pieces + right.pieces)
  }

  /// Without its marks.
  package var text: String { pieces.map(\.text).joined() }

  /// Columns that it takes.
  package var width: Int { displayWidth(text) }

  /// The same line behind a text.
  package func indented(by prefix: String, _ marks: Marks = []) -> StyledLine {
    pieces.isEmpty && prefix.allSatisfy { $0 == " " }
      ? self : StyledLine([Piece(prefix, marks)] + pieces)
  }
}

extension StyledLine {
  /// Cuts pieces at blanks into lines of a width; "\n" in a piece is a line break of its own. A word that
  /// is wider than a line is cut.
  package static func wrapped(_ pieces: [Piece], to width: Int) -> [StyledLine] {
    var wrapper = Wrapper(width: max(1, width))
    for piece in pieces { wrapper.add(piece) }
    wrapper.endLine()
    return wrapper.lines
  }

  package static func wrapped(_ text: String, _ marks: Marks = [], to width: Int) -> [StyledLine] {
    wrapped([Piece(text, marks)], to: width)
  }

  private struct Wrapper {
    let width: Int
    var lines: [StyledLine] = []
    private var line = StyledLine()
    private var lineWidth = 0
    /// The word being gathered, which may change its looks within.
    private var word: [Piece] = []
    private var wordWidth = 0

    init(width: Int) { self.width = width }

    mutating func add(_ piece: Piece) {
      var text = ""
      func flushed() -> Piece? { text.isEmpty ? nil : Piece(text, piece.marks) }
      for character in piece.text {
        guard character == " " || character == "\n" else {
          let characterWidth = displayWidth(String(character))
          if wordWidth + characterWidth > width {
            if let part = flushed() { word.append(part) }
            text = ""
            endWord()
          }
          text.append(character)
          wordWidth += characterWidth
          continue
        }
        if let part = flushed() { word.append(part) }
        text = ""
        endWord()
        if character == "\n" { endLine() }
      }
      if let part = flushed() { word.append(part) }
    }

    private mutating func endWord() {
      guard !word.isEmpty else { return }
      if lineWidth > 0, lineWidth + 1 + wordWidth > width { breakLine() }
      if lineWidth > 0 {
        // Within one look the blank has it too.
        let last = line.pieces.last?.marks ?? []
        line.pieces.append(Piece(" ", last == word.first?.marks ? last : []))
        lineWidth += 1
      }
      line.pieces += word
      lineWidth += wordWidth
      word = []
      wordWidth = 0
    }

    private mutating func breakLine() {
      lines.append(line.merged)
      line = StyledLine()
      lineWidth = 0
    }

    mutating func endLine() {
      endWord()
      if lineWidth > 0 { breakLine() }
    }
  }

  /// With neighbours of the same looks in one piece.
  private var merged: StyledLine {
    var merged: [Piece] = []
    for piece in pieces {
      if let last = merged.last, last.marks == piece.marks {
        merged[merged.count - 1].text += piece.text
      } else {
        merged.append(piece)
      }
    }
    return StyledLine(merged)
  }
}
