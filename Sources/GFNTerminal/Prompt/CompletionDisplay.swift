import GFNFigures

/// Lists the candidates below the line, one a row with what it is.
@MainActor
final class CompletionDisplay {
  /// More candidates than this are counted, not listed.
  private static let rowLimit = 40

  private let output: TextStream

  init(output: TextStream) {
    self.output = output
  }

  func show(_ matches: [CompletionMatch]) {
    let width = max(1, (output.width ?? 80) - 1)
    let shown = matches.prefix(Self.rowLimit)
    let nameWidth = shown.map { displayWidth($0.display) }.max() ?? 0
    output.write("\n")
    for match in shown {
      let name = "  " + padded(visible(match.display), to: nameWidth)
      let room = width - displayWidth(name) - 2
      if match.description.isEmpty || room < 8 {
        output.writeLine(fitted(name, to: width))
      } else {
        output.writeLine(
          StyledLine(name + "  ") + StyledLine(fitted(match.description, to: room), .dim))
      }
    }
    if matches.count > shown.count {
      output.writeLine("  … \(matches.count - shown.count) more; type a letter to narrow the list")
    }
    output.flush()
  }
}
