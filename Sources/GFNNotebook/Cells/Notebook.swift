import GFNLanguage

/// Cells with what came of them: what the formats write.
package struct Notebook: Sendable {
  package var cells: [NotebookCell]

  package init(_ cells: [NotebookCell]) {
    self.cells = cells
  }

  /// A script that has not run.
  package init(script: String) {
    self.init(ScriptCell.cells(of: script).map { NotebookCell($0) })
  }

  /// The script that the cells make.
  package var script: String { ScriptCell.script(of: cells.map(\.source)) }

  /// The first heading of its texts.
  package var title: String? {
    cells.lazy.filter { $0.source.kind == .text }
      .compactMap { MarkdownDocument($0.source.text).title }.first
  }
}
