import GFNLanguage

/// Cells with what came of them: what the formats write.
public struct Notebook: Sendable {
  public var cells: [NotebookCell]

  public init(_ cells: [NotebookCell]) {
    self.cells = cells
  }

  /// A script that has not run.
  public init(script: String) {
    self.init(ScriptCell.cells(of: script).map { NotebookCell($0) })
  }

  /// The script that the cells make.
  public var script: String { ScriptCell.script(of: cells.map(\.source)) }

  /// The first heading of its texts.
  public var title: String? {
    cells.lazy.filter { $0.source.kind == .text }
      .compactMap { MarkdownDocument($0.source.text).title }.first
  }
}
