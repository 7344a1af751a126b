/// Statements as HTML in which comments, texts, numbers, names and the words that start a statement can
/// be told apart. It looks at no grammar: whatever the text is, the page shows all of it.
struct CodeColouring {
  private enum Piece: String {
    case comment
    case text
    case number
    case name
    case command
    case option
  }

  private let source: [Unicode.Scalar]
  private var position = 0
  private var html = ""
  /// The next word starts a statement.
  private var startsStatement = true

  static func html(of source: String) -> String {
    var colouring = CodeColouring(source)
    colouring.run()
    return colouring.html
  }

  private init(_ source: String) {
    self.source = Array(source.unicodeScalars)
  }

  private mutating func run() {
    while let scalar = current {
      switch scalar {
      case "#" where isAfterBlank: emit(.comment, while: { $0 != "\n" })
      case "\"", "'": text(scalar)
      case "$": emit(.name, first: 1, while: \.isWordPart)
      case "\n", ";", "{", "}":
        plain()
        startsStatement = true
      case "(", "=":
        plain()
        // A command may stand where a value may.
        startsStatement = startsStatement || scalar == "("
      case " ", "\t": plain()
      case _ where scalar.isDigit && isAfterBoundary: number()
      case _ where scalar.isWordPart: word()
      default:
        plain()
        startsStatement = false
      }
    }
  }

  private var current: Unicode.Scalar? { position < source.count ? source[position] : nil }

  private var previous: Unicode.Scalar? { position > 0 ? source[position - 1] : nil }

  private var isAfterBlank: Bool {
    previous.map { " \t\n;([{},".unicodeScalars.contains($0) } ?? true
  }

  private var isAfterBoundary: Bool { previous.map { !$0.isWordPart } ?? true }

  /// A word starts a statement, names an option, or means itself.
  private mutating func word() {
    let end = source[position...].firstIndex { !($0.isWordPart || $0 == "-" || $0 == "/") }
    let length = (end ?? source.count) - position
    let isOption = end.map { source[$0] == "=" && !isEquals(at: $0 + 1) } ?? false
    if startsStatement, !isOption {
      emit(.command, first: length, while: { _ in false })
    } else if isOption {
      emit(.option, first: length, while: { _ in false })
    } else {
      for _ in 0..<length { plain() }
    }
    startsStatement = false
  }

  private mutating func number() {
    var last: Unicode.Scalar = " "
    emit(.number) { scalar in
      defer { last = scalar }
      return scalar.isNumberPart
        || ("+-".unicodeScalars.contains(scalar) && "eE".contains(Character(last)))
    }
  }

  private func isEquals(at index: Int) -> Bool { index < source.count && source[index] == "=" }

  private mutating func text(_ quote: Unicode.Scalar) {
    var isEscaped = false
    var isOver = false
    emit(.text, first: 1) { scalar in
      if isOver { return false }
      if isEscaped {
        isEscaped = false
      } else if scalar == "\\", quote == "\"" {
        isEscaped = true
      } else if scalar == quote {
        isOver = true
      }
      return true
    }
    startsStatement = false
  }

  private mutating func plain() {
    guard let current else { return }
    html += HTMLText.escaped(String(current))
    position += 1
  }

  /// So many scalars and those behind them that belong to the piece.
  private mutating func emit(
    _ piece: Piece, first count: Int = 0, while belongs: (Unicode.Scalar) -> Bool
  ) {
    var end = min(position + count, source.count)
    while end < source.count, belongs(source[end]) { end += 1 }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: source[position..<end])
    html += "<span class=\"\(piece.rawValue)\">\(HTMLText.escaped(String(view)))</span>"
    position = end
    if piece != .comment { startsStatement = false }
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }

  fileprivate var isWordPart: Bool { properties.isAlphabetic || isDigit || self == "_" }

  fileprivate var isNumberPart: Bool { isWordPart || self == "." }
}
