import GFNFigures

extension TextStream {
  func writeLine(_ line: StyledLine) {
    write(line)
    writeLine("")
  }

  func write(_ line: StyledLine) {
    for piece in line.pieces {
      let codes = hasColour ? piece.marks.codes : []
      if !codes.isEmpty { write(sequences: "\u{1B}[\(codes.joined(separator: ";"))m") }
      write(piece.text)
      if !codes.isEmpty { write(sequences: "\u{1B}[0m") }
    }
  }
}

extension StyledLine.Marks {
  /// The graphic renditions in use, as SGR parameters.
  fileprivate var codes: [String] {
    var codes: [String] = []
    if contains(.heading) { codes.append("1;36") }
    if contains(.strong) { codes.append("1") }
    if contains(.emphasis) { codes.append("3") }
    if contains(.code) { codes.append("36") }
    if contains(.dim) { codes.append("2") }
    if contains(.error) { codes.append("1;31") }
    if contains(.warning) { codes.append("1;35") }
    return codes
  }
}
