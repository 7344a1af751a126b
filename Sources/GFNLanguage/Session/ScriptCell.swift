/// A piece of a script between two cell marks, as the percent format has it: `# %% Title` starts code,
/// `# %% [markdown] Title` text whose lines start with `# `.
///
/// The cells of a script joined together are the script, byte for byte.
package struct ScriptCell: Sendable, Equatable {
  package enum Kind: Sendable {
    case code
    case text
  }

  /// The line of the mark with its newline; nil before the first mark.
  package var mark: String?
  /// Everything below the mark, with its newlines.
  package var body: String
  /// The line of the script at which the body starts, from 1.
  package var firstLine: Int

  package init(mark: String?, body: String, firstLine: Int) {
    self.mark = mark
    self.body = body
    self.firstLine = firstLine
  }

  static let markdown = "[markdown]"

  /// What follows `%%` in the mark.
  private var label: Substring {
    guard let mark, let percents = mark.firstRange(of: "%%") else { return "" }
    return mark[percents.upperBound...].trimmed
  }

  package var kind: Kind { label.lowercased().hasPrefix(Self.markdown) ? .text : .code }

  package var title: String {
    kind == .text ? String(label.dropFirst(Self.markdown.count).trimmed) : String(label)
  }

  /// The text of a text cell: its lines without `# `, no blank lines at the end.
  package var text: String {
    let lines = body.split(omittingEmptySubsequences: false, whereSeparator: \.endsLine).map {
      line in
      line.hasPrefix("# ") ? line.dropFirst(2) : line.hasPrefix("#") ? line.dropFirst() : line
    }
    return String(lines.joined(separator: "\n").trimmed)
  }

  /// The statements of a code cell, without blank lines around them, and the line at which they start.
  package var code: Cell {
    let lines = body.split(omittingEmptySubsequences: false, whereSeparator: \.endsLine)
    let lead = lines.prefix { $0.trimmed.isEmpty }.count
    let kept = lines.dropFirst(lead).reversed().drop { $0.trimmed.isEmpty }.reversed()
    return Cell(source: kept.joined(separator: "\n"), firstLine: firstLine + lead)
  }

  /// Whether there is nothing but blanks and comments: such a cell has nothing to run.
  package var isEmpty: Bool {
    body.split(whereSeparator: \.endsLine).allSatisfy {
      $0.trimmed.isEmpty || $0.trimmed.hasPrefix("#")
    }
  }

  /// Cuts a script at its cell marks.
  package static func cells(of script: String) -> [ScriptCell] {
    var cells = [ScriptCell(mark: nil, body: "", firstLine: 1)]
    var number = 0
    var rest = script[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(where: \.endsLine).map { rest.index(after: $0) } ?? rest.endIndex
      let line = String(rest[..<end])
      rest = rest[end...]
      number += 1
      if line.hasPrefix("# %%") {
        cells.append(ScriptCell(mark: line, body: "", firstLine: number + 1))
      } else {
        cells[cells.count - 1].body += line
      }
    }
    if cells.count > 1, cells[0].body.isEmpty { cells.removeFirst() }
    return cells
  }

  /// The script that the cells make.
  package static func script(of cells: [ScriptCell]) -> String {
    cells.map { ($0.mark ?? "") + $0.body }.joined()
  }
}

extension Character {
  /// A carriage return and its newline are one character.
  fileprivate var endsLine: Bool { self == "\n" || self == "\r\n" }
}

extension StringProtocol where SubSequence == Substring {
  fileprivate var trimmed: Substring {
    var text = self[...].drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
