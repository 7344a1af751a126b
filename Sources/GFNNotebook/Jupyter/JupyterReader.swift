import FoundationEssentials
package import GFNLanguage

/// Reads a notebook file of Jupyter, whoever wrote it, as the cells of a script.
package struct JupyterReader {
  /// The notebook says that its code is in this language.
  package private(set) var foreignLanguage: String?
  package private(set) var cells: [ScriptCell] = []

  /// The title of a code cell that has been read and the cell not yet.
  private var title: String?

  /// - Throws: `CommandError`, where the bytes are no notebook of format 4.
  package init(_ bytes: [UInt8]) throws {
    let document: JupyterDocument
    do {
      document = try JSONDecoder().decode(JupyterDocument.self, from: Data(bytes))
    } catch {
      throw CommandError(
        "file", "the file is no Jupyter notebook",
        fix: "it must be JSON with 'nbformat' and 'cells', each with 'cell_type' and 'source'")
    }
    guard document.format == 4 else {
      throw CommandError(
        "file", "the notebook has format \(document.format)",
        fix: "open it in Jupyter and save it: format 4 is read")
    }
    if let language = document.language, language.lowercased() != "gfn" {
      foreignLanguage = language
    }
    for (index, cell) in document.cells.enumerated() {
      read(cell, isLast: index == document.cells.count - 1)
    }
    flushTitle(isLast: true)
    if let head = document.head, head.endsLine, !head.contains("# %%") {
      if cells.first?.mark == nil { cells.insertMark() }
      cells.insert(ScriptCell(mark: nil, body: head, firstLine: 1), at: 0)
    }
    separate()
  }

  /// The script that the cells make.
  package var script: String { ScriptCell.script(of: cells) }

  private mutating func read(_ cell: JupyterDocument.Cell, isLast: Bool) {
    if cell.extra?.isHeading == true, let heading = Self.heading(cell.source) {
      flushTitle(isLast: false)
      title = heading
      return
    }
    if cell.type == "code" {
      append(.code, title: title ?? "", cell.source, cell.extra, isLast: isLast)
      title = nil
    } else {
      flushTitle(isLast: false)
      // What is neither code nor Markdown is shown as it is.
      let source = cell.type == "markdown" ? cell.source : MarkdownText.fenced(cell.source)
      append(.text, title: "", source, cell.extra, isLast: isLast)
    }
  }

  /// A heading whose code cell has gone is a text like others.
  private mutating func flushTitle(isLast: Bool) {
    guard let title else { return }
    append(.text, title: "", "### " + MarkdownText.escaped(title), nil, isLast: isLast)
    self.title = nil
  }

  private mutating func append(
    _ kind: ScriptCell.Kind, title: String, _ text: String, _ extra: JupyterDocument.Extra?,
    isLast: Bool
  ) {
    let source = kind == .text ? text.trimmedText : text.trimmedLines
    var cell = ScriptCell(kind: kind, title: title, source: source, isLast: isLast)
    if let body = extra.flatMap({ Self.kept($0, kind, source) }) { cell.body = body }
    if let mark = extra?.mark {
      let kept = ScriptCell(mark: mark, body: cell.body, firstLine: 1)
      let isMark = mark.map { $0.hasPrefix("# %%") && $0.isOneLine } ?? cells.isEmpty
      // An edited title has the last word.
      if isMark, kept.kind == kind, kind == .text || kept.title == title { cell = kept }
    }
    cells.append(cell)
  }

  /// The body that a script had, as long as the cell still says the same.
  private static func kept(
    _ extra: JupyterDocument.Extra, _ kind: ScriptCell.Kind, _ source: String
  ) -> String? {
    if let body = extra.body {
      let cell = ScriptCell(mark: ScriptCell.mark(kind, title: ""), body: body, firstLine: 1)
      return ScriptCell.cells(of: body).count == 1 && cell.source.withoutCarriageReturns == source
        ? body : nil
    }
    guard extra.before != nil || extra.after != nil else { return nil }
    let (before, after) = (extra.before ?? "", extra.after ?? "")
    guard !source.isEmpty, (before + after).allSatisfy(\.isWhitespace),
      before.isEmpty || before.endsLine,
      after.isEmpty || after.startsWithNewline
    else { return nil }
    return before + (kind == .text ? ScriptCell.commented(source) : source) + after
  }

  private static func heading(_ source: String) -> String? {
    guard source.hasPrefix("#"), !source.contains("\n") else { return nil }
    return MarkdownText.unescaped(String(source.drop { $0 == "#" }).trimmedText)
  }

  /// Every mark starts a line.
  private mutating func separate() {
    for index in cells.indices {
      if let mark = cells[index].mark, !mark.endsLine,
        !cells[index].body.isEmpty || index < cells.count - 1
      {
        cells[index].mark = mark + "\n"
      }
      let body = cells[index].body
      if index < cells.count - 1, !body.isEmpty, !body.endsLine {
        cells[index].body += "\n"
      }
    }
  }
}

extension [ScriptCell] {
  fileprivate mutating func insertMark() {
    guard !isEmpty else { return }
    self[0] = self[0].marked
  }
}

extension String {
  fileprivate var isOneLine: Bool {
    guard let end = firstIndex(where: { $0 == "\n" || $0 == "\r\n" }) else { return true }
    return index(after: end) == endIndex
  }

  fileprivate var startsWithNewline: Bool { first == "\n" || first == "\r\n" }

  var endsLine: Bool { utf8.last == UInt8(ascii: "\n") }

  var trimmedText: String {
    var text = self[...].drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
