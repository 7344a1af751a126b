import GFNLanguage

/// Cells made from what a notebook or a prompt has: a kind, a title and a source.
extension ScriptCell {
  /// A cell as scripts usually have it: the mark, the source, and a blank line before the next mark.
  init(kind: Kind, title: String = "", source: String, isLast: Bool = false) {
    self.init(
      mark: Self.mark(kind, title: title),
      body: Self.body(of: source, kind, isLast: isLast), firstLine: 1)
  }

  /// A text cell.
  init(text: String) {
    self.init(kind: .text, source: text.withoutCarriageReturns.trimmedLines)
  }

  /// What an editor shows of it: the statements, or the text.
  var source: String { kind == .text ? text : code.source }

  static func mark(_ kind: Kind, title: String) -> String {
    let label = kind == .text ? " [markdown]" : ""
    return "# %%\(label)\(title.isEmpty ? "" : " " + title)\n"
  }

  static func body(of source: String, _ kind: Kind, isLast: Bool) -> String {
    let end = isLast ? "" : "\n"
    guard !source.isEmpty else { return end }
    let shown = kind == .text ? commented(source) : source
    return shown + "\n" + end
  }

  /// Lines of text as comments, none of which reads as a mark.
  static func commented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.isEmpty ? "#" : line.hasPrefix("%%") ? "#\(line)" : "# \(line)"
    }.joined(separator: "\n")
  }

  /// The cell as one that others may stand before and behind.
  var separate: ScriptCell {
    var cell = marked
    cell.body = Self.body(of: code.source, .code, isLast: false)
    return cell
  }

  /// The cell below a mark of its own.
  var marked: ScriptCell {
    var cell = self
    if mark == nil { cell.mark = Self.mark(.code, title: "") }
    return cell
  }

  /// The cell with a blank line behind it, so that another may follow.
  var spaced: ScriptCell {
    var cell = self
    while !cell.body.hasSuffix("\n\n") { cell.body += "\n" }
    return cell
  }

  /// Leaves out the blank line that would separate it from a next cell.
  mutating func endFile() {
    if body.hasSuffix("\n\n") { body.removeLast() }
  }

  /// Nothing but blanks.
  var isBlank: Bool { body.allSatisfy(\.isWhitespace) }
}

extension String {
  /// Without the blank lines at both ends.
  var trimmedLines: String {
    var lines = split(separator: "\n", omittingEmptySubsequences: false)[...]
    while lines.first?.allSatisfy(\.isWhitespace) == true { lines.removeFirst() }
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    return lines.joined(separator: "\n")
  }

  /// With bare newlines, whatever ended the lines.
  var withoutCarriageReturns: String {
    guard utf8.contains(UInt8(ascii: "\r")) else { return self }
    var result = String.UnicodeScalarView()
    var follows = false
    for scalar in unicodeScalars {
      if scalar == "\n", follows {
        follows = false
        continue
      }
      follows = scalar == "\r"
      result.append(follows ? "\n" : scalar)
    }
    return String(result)
  }
}
