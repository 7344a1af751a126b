package import GFNLanguage

/// A script in cells with texts, cut into steps: the texts before a code cell, and the cell.
package struct Lesson: Sendable {
  package struct Step: Sendable {
    /// CommonMark; may be empty.
    package var text: String
    /// Of the code cell.
    package var title: String
    package var code: Cell
    /// The cells of the script that it is made of: the texts, and the code.
    var texts: [ScriptCell]
    var codeCell: ScriptCell
  }

  package let path: String
  /// The leading number of the file's name, `7` of `07-coupling.gfn`.
  package let number: Int?
  /// The rest of it, `coupling`.
  package let name: String
  package let steps: [Step]
  /// What stands below the last code cell.
  package let closing: String
  let closingTexts: [ScriptCell]
  /// The first heading, or the name.
  package let title: String
  /// The first sentence.
  package let about: String

  /// - Parameter script: the text of the file.
  package init(path: String, script: String) {
    self.path = path
    (number, name) = Self.label(of: path)
    var steps: [Step] = []
    var texts: [ScriptCell] = []
    var all: [String] = []
    for cell in ScriptCell.cells(of: script) {
      switch cell.kind {
      case .text:
        texts.append(cell)
        all.append(cell.text)
      case .code where cell.isEmpty: break
      case .code:
        var code = cell.code
        code.name = path
        steps.append(
          Step(
            text: Self.text(of: texts), title: cell.title, code: code, texts: texts, codeCell: cell)
        )
        texts = []
      }
    }
    self.steps = steps
    closing = Self.text(of: texts)
    closingTexts = texts
    let document = MarkdownDocument(all.first ?? "")
    title = document.title ?? name
    about = document.firstSentence ?? ""
  }

  private static func text(of cells: [ScriptCell]) -> String {
    cells.map(\.text).joined(separator: "\n\n")
  }

  /// The number as a reader says it, else the name.
  package var label: String { number.map(String.init) ?? name }

  /// Number and name in the name of a file.
  static func label(of path: String) -> (number: Int?, name: String) {
    var stem = path.split(separator: "/").last.map(String.init) ?? path
    if stem.hasSuffix(".gfn") { stem.removeLast(4) }
    let digits = stem.prefix { $0.isASCII && $0.isNumber }
    let rest = stem.dropFirst(digits.count)
    guard let number = Int(digits), rest.first == "-", rest.count > 1 else { return (nil, stem) }
    return (number, String(rest.dropFirst()))
  }

  /// The code of a cell cut into what a person would enter at once: a line, or as many as an open block
  /// or bracket needs.
  package static func entries(of code: Cell, in session: Session) -> [Cell] {
    var entries: [Cell] = []
    var entry = ""
    var number = code.firstLine
    var start = number
    for line in code.source.split(separator: "\n", omittingEmptySubsequences: false) {
      if entry.isEmpty { start = number }
      entry += entry.isEmpty ? String(line) : "\n" + line
      number += 1
      let isComment = line.drop { $0 == " " }.first == "#"
      // What a comment explains is typed together with it.
      guard !entry.isEmpty, !isComment, !session.needsMoreInput(entry) else { continue }
      entries.append(Cell(source: entry, name: code.name, firstLine: start))
      entry = ""
    }
    if !entry.isEmpty { entries.append(Cell(source: entry, name: code.name, firstLine: start)) }
    return entries
  }
}
