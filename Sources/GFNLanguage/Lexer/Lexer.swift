/// Cuts a source into tokens, on demand: what a character means depends on whether a command with
/// its arguments or an expression is being read.
struct Lexer {
  enum Mode {
    /// Words mean themselves; a sign that touches a digit belongs to the number.
    case command
    /// Names and operators.
    case expression
  }

  let source: SourceFile
  /// Where reading stops: a formula is a part of its source.
  let end: Int
  var position: Int
  /// Inside `(`, `[` and the braces of a string, a newline is a blank.
  var newlineIsBlank = false
  /// Some bracket is open, so that no cell may start.
  var isInsideBracket = false

  init(_ source: SourceFile, from start: Int = 0, to end: Int? = nil) {
    self.source = source
    self.end = min(end ?? source.bytes.count, source.bytes.count)
    position = start
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    if start == 0, source.bytes.starts(with: mark) { position = mark.count }
  }

  /// The byte at a distance from the current position, or nil outside.
  func byte(_ distance: Int = 0) -> UInt8? {
    let offset = position + distance
    return offset >= 0 && offset < end ? source.bytes[offset] : nil
  }

  /// A `(` touches the end of a token.
  func isCall(behind token: Token) -> Bool {
    let bytes = source.bytes
    return token.span.end < bytes.count && bytes[token.span.end] == UInt8(ascii: "(")
  }

  func span(from start: Int) -> Span { Span(source, start, position) }

  mutating func next(_ mode: Mode) throws -> Token {
    let before = position
    try skipBlanks()
    let followsBlank = position > before || position == 0
    let start = position
    let kind = try scan(mode)
    return Token(kind: kind, span: span(from: start), followsBlank: followsBlank)
  }

  // MARK: - Blanks and comments

  private mutating func skipBlanks() throws {
    while let current = byte() {
      switch current {
      case UInt8(ascii: " "), UInt8(ascii: "\t"):
        position += 1
      case UInt8(ascii: "\r") where byte(1) == .newline || byte(1) == nil:
        position += 1
      case .newline where newlineIsBlank:
        position += 1
      case UInt8(ascii: "\\"):
        try skipContinuation()
      case UInt8(ascii: "#"):
        try skipComment()
      default:
        return
      }
    }
  }

  private mutating func skipContinuation() throws {
    let start = position
    position += 1
    while let current = byte(), current == UInt8(ascii: " ") || current == UInt8(ascii: "\r") {
      position += 1
    }
    guard byte() != nil else { throw CommandError(.trailingBackslash, at: span(from: start)) }
    guard byte() == .newline else {
      position = start + 1
      throw CommandError(.unexpectedCharacter("'\\'"), at: span(from: start))
    }
    position += 1
  }

  private mutating func skipComment() throws {
    let start = position
    while let current = byte(), current != .newline { position += 1 }
    if isInsideBracket, start == source.lineStart(of: start),
      source.text(start, position).hasPrefix("# %%")
    {
      throw CommandError(.cellMarkInBracket, at: span(from: start))
    }
  }

  // MARK: - Tokens

  private mutating func scan(_ mode: Mode) throws -> Token.Kind {
    guard let current = byte() else { return .end }
    switch current {
    case .newline:
      position += 1
      return .newline
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      position += 1
      return .quote
    case UInt8(ascii: "$"):
      return try scanVariable()
    default: break
    }
    if startsNumber(mode) {
      try scanNumber()
      return .number
    }
    if mode == .command, startsWord {
      try scanWord()
      return .word
    }
    if mode == .expression, Self.isNameStart(current) {
      let start = position
      skipName()
      try rejectTypography(from: start)
      return .name
    }
    return .symbol(try scanSymbol())
  }

  private mutating func scanVariable() throws -> Token.Kind {
    let start = position
    position += 1
    guard let current = byte(), Self.isNameStart(current) else {
      throw CommandError(.unexpectedCharacter("'$' without a name"), at: span(from: start))
    }
    skipName()
    return .variable
  }

  private mutating func skipName() {
    while let current = byte(), Self.isNamePart(current) { position += 1 }
  }

  private func startsNumber(_ mode: Mode) -> Bool {
    var distance = 0
    if mode == .command, byte() == UInt8(ascii: "-") || byte() == UInt8(ascii: "+") {
      distance = 1
    }
    if Self.isDigit(byte(distance)) { return true }
    return byte(distance) == UInt8(ascii: ".") && Self.isDigit(byte(distance + 1))
  }

  private mutating func scanNumber() throws {
    let start = position
    if byte() == UInt8(ascii: "-") || byte() == UInt8(ascii: "+") { position += 1 }
    skipDigits()
    // A dot before another dot begins a range.
    if byte() == UInt8(ascii: "."), byte(1) != UInt8(ascii: ".") {
      position += 1
      skipDigits()
    }
    if byte() == UInt8(ascii: "e") || byte() == UInt8(ascii: "E") {
      let sign = byte(1) == UInt8(ascii: "-") || byte(1) == UInt8(ascii: "+")
      if Self.isDigit(byte(sign ? 2 : 1)) {
        position += sign ? 2 : 1
        skipDigits()
      }
    }
    if let current = byte(), Self.isNamePart(current) {
      while let current = byte(), Self.isWordPart(current) { position += 1 }
      throw CommandError(
        .malformedNumber(source.text(start, position)), at: span(from: start))
    }
  }

  private mutating func skipDigits() {
    while let current = byte(), Self.isDigit(current) || current == UInt8(ascii: "_") {
      position += 1
    }
  }

  private var startsWord: Bool {
    guard let current = byte() else { return false }
    if Self.isNameStart(current) { return true }
    guard current == UInt8(ascii: ".") else { return false }
    return byte(1) == UInt8(ascii: "/")
      || (byte(1) == UInt8(ascii: ".") && byte(2) == UInt8(ascii: "/"))
  }

  private mutating func scanWord() throws {
    let start = position
    while let current = byte(), Self.isWordPart(current) { position += 1 }
    try rejectTypography(from: start)
    if source.bytes[start..<position].contains(UInt8(ascii: "$")) {
      throw CommandError(
        .dollarInWord(source.text(start, position)), at: span(from: start))
    }
  }

  /// Characters that editors and web pages put in place of what was typed.
  private func rejectTypography(from start: Int) throws {
    guard source.bytes[start..<position].contains(where: { $0 >= 0x80 }) else { return }
    var offset = start
    for scalar in source.text(start, position).unicodeScalars {
      let width = UTF8.width(scalar)
      let place = Span(source, offset, offset + width)
      if "\u{2018}\u{2019}\u{201C}\u{201D}\u{201E}".unicodeScalars.contains(scalar) {
        throw CommandError(.typographicQuote(String(scalar)), at: place)
      }
      if scalar.properties.isWhitespace {
        throw CommandError(.unexpectedCharacter("blank that is no ordinary one"), at: place)
      }
      offset += width
    }
  }

  private mutating func scanSymbol() throws -> Token.Symbol {
    let start = position
    // A NUL before a symbol is no part of its key.
    if let first = byte(), first != 0, let second = byte(1),
      let symbol = Token.Symbol.symbols[UInt16(first) << 8 | UInt16(second)]
    {
      position += 2
      return symbol
    }
    if let first = byte(), let symbol = Token.Symbol.symbols[UInt16(first)] {
      position += 1
      return symbol
    }
    position += 1
    let text = source.bytes[start]
    let shown =
      text < 0x20 || text == 0x7F ? "control character" : "'\(source.text(start, position))'"
    throw CommandError(.unexpectedCharacter(shown), at: span(from: start))
  }

  // MARK: - Character classes

  static func isDigit(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  /// ASCII letters, `_` and everything outside ASCII.
  static func isNameStart(_ byte: UInt8) -> Bool {
    let letter = byte | 0x20
    return (letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z") && byte < 0x80)
      || byte == UInt8(ascii: "_") || byte >= 0x80
  }

  static func isNamePart(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }

  static func isWordPart(_ byte: UInt8) -> Bool {
    switch byte {
    case ...UInt8(ascii: " "), 0x7F: false
    case UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "="), UInt8(ascii: "\""),
      UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["),
      UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"):
      false
    default: true
    }
  }
}

extension UInt8 {
  static let newline = UInt8(ascii: "\n")
}

extension UTF8 {
  static func width(_ scalar: Unicode.Scalar) -> Int { encode(scalar)?.count ?? 1 }
}
