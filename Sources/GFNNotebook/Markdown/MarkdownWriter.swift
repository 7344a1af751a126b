import GFNFigures
import GFNLanguage
import GFNParameters

/// Writes a notebook as CommonMark: texts, statements, and what they said as text.
package struct MarkdownWriter {
  package init() {}

  package func text(of notebook: Notebook) -> String {
    var blocks: [String] = []
    for cell in notebook.cells.untilGivenUp {
      if cell.source.kind == .text {
        blocks.append(cell.source.text)
        continue
      }
      if !cell.source.title.isEmpty {
        blocks.append("### " + MarkdownText.escaped(cell.source.title))
      }
      let code = cell.source.code.source
      if !code.isEmpty, !code.isShebang { blocks.append(MarkdownText.fenced(code, "gfn")) }
      blocks += outputs(of: cell)
    }
    return blocks.filter { !$0.isEmpty }.map { $0 + "\n" }.joined(separator: "\n")
  }

  /// One block for all that stands together; a note is a text of its own.
  private func outputs(of cell: NotebookCell) -> [String] {
    var blocks: [String] = []
    var lines = ""
    func close() {
      if !lines.isEmpty { blocks.append(MarkdownText.fenced(lines, "text")) }
      lines = ""
    }
    for output in cell.outputs {
      switch output {
      case .lines(let text, _): lines += text
      case .value(.text(let text), _, .prose):
        close()
        blocks.append(text)
      case .value(let value, let command, let showing):
        let shown = ValueLines().lines(of: value, command: command, isCompact: showing == .compact)
        lines += shown.map { $0.text + "\n" }.joined()
      case .failure(let diagnostic): lines += diagnostic.rendered() + "\n"
      }
    }
    close()
    return blocks
  }
}

extension String {
  /// The line alone that lets a shell run the script.
  var isShebang: Bool { hasPrefix("#!") && !contains("\n") }
}
