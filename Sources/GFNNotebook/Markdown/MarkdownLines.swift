package import GFNFigures

/// CommonMark as lines of a terminal: headings, emphasis, lists, code, wrapped to a width.
package enum MarkdownLines {
  /// Longer lines are hard to read.
  private static let greatestWidth = 92

  package static func lines(of text: String, width: Int) -> [StyledLine] {
    lines(MarkdownDocument(text).blocks, min(max(width, 8), greatestWidth), isTight: false)
  }

  private static func lines(
    _ blocks: [MarkdownDocument.Block], _ width: Int, isTight: Bool
  ) -> [StyledLine] {
    var lines: [StyledLine] = []
    for (index, block) in blocks.enumerated() {
      if index > 0, !isTight { lines.append(StyledLine()) }
      lines += self.lines(block, width)
    }
    return lines
  }

  private static func lines(_ block: MarkdownDocument.Block, _ width: Int) -> [StyledLine] {
    switch block {
    case .heading(let pieces, let level):
      let heading = StyledLine.wrapped(
        pieces.map { StyledLine.Piece($0.text, $0.marks.union(.heading)) }, to: width)
      guard level == 1, let widest = heading.map(\.width).max() else { return heading }
      // Without colours, too, a title is one.
      return heading + [StyledLine(String(repeating: "─", count: widest), .heading)]
    case .paragraph(let pieces): return StyledLine.wrapped(pieces, to: width)
    // Code is not wrapped: its lines are what they are.
    case .code(let code): return code.map { StyledLine($0, .code).indented(by: "    ") }
    case .list(let items, let start, let isTight):
      return list(items, from: start, width, isTight: isTight)
    case .quote(let blocks):
      return lines(blocks, inner(width, less: 2), isTight: false)
        .map { StyledLine([StyledLine.Piece("│ ", .dim)] + $0.pieces) }
    case .rule: return [StyledLine(String(repeating: "─", count: min(width, 40)), .dim)]
    }
  }

  private static func list(
    _ items: [[MarkdownDocument.Block]], from start: Int?, _ width: Int, isTight: Bool
  ) -> [StyledLine] {
    // The numbers stand in one column.
    let labels = items.indices.map { index in start.map { "\($0 &+ index)." } ?? "•" }
    let indent = (labels.map(displayWidth).max() ?? 1) + 1
    var result: [StyledLine] = []
    for (label, blocks) in zip(labels, items) {
      if !isTight, !result.isEmpty { result.append(StyledLine()) }
      let body = lines(blocks, inner(width, less: indent), isTight: isTight)
      let first = body.first ?? StyledLine()
      result.append(
        StyledLine([StyledLine.Piece(padded(label, to: indent), .dim)] + first.pieces))
      result += body.dropFirst().map { $0.indented(by: String(repeating: " ", count: indent)) }
    }
    return result
  }

  private static func inner(_ width: Int, less indent: Int) -> Int { max(8, width - indent) }
}
