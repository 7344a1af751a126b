import GFNFigures

extension TextStream {
  func writeLine(_ line: StyledLine) {
    writeLine(line.pieces.map { styled($0.text, $0.marks) }.joined())
  }

  private func styled(_ text: String, _ marks: StyledLine.Marks) -> String {
    guard hasColour, !marks.isEmpty else { return text }
    var codes: [String] = []
    if marks.contains(.heading) { codes.append("1;36") }
    if marks.contains(.strong) { codes.append("1") }
    if marks.contains(.emphasis) { codes.append("3") }
    if marks.contains(.code) { codes.append("36") }
    if marks.contains(.dim) { codes.append("2") }
    return "\u{1B}[\(codes.joined(separator: ";"))m\(text)\u{1B}[0m"
  }
}
