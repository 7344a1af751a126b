import GFNLanguage
import GFNParameters

/// Writes a notebook file of Jupyter, nbformat 4.5. Nothing in it depends on when or where it was made.
package struct JupyterWriter {
  private let pictures: PictureFiles?
  private var identifiers: Set<String> = []

  /// - Parameter pictures: draws figures; without it they are text and data.
  package init(pictures: PictureFiles? = nil) {
    self.pictures = pictures
  }

  package mutating func text(of notebook: Notebook) -> String {
    identifiers = []
    var sources = notebook.cells[...]
    var metadata: JSONNode.Object = [
      "kernelspec": .object([
        "display_name": .text("gfn"), "language": .text("gfn"), "name": .text("gfn"),
      ]),
      "language_info": .object([
        "file_extension": .text(".gfn"), "mimetype": .text("text/x-gfn"), "name": .text("gfn"),
      ]),
    ]
    // The line that lets a shell run the script means nothing to a reader.
    if sources.count > 1, let first = sources.first, first.source.isHead {
      metadata["gfn"] = .object(["head": .text(first.source.body)])
      sources.removeFirst()
    }
    var cells: [JSONNode] = []
    for (offset, cell) in sources.enumerated().untilGivenUp {
      let isLast = offset == sources.count - 1
      if cell.source.kind == .code, !cell.source.title.isEmpty {
        cells.append(heading(cell.source.title, position: cells.count))
      }
      cells.append(node(cell, isLast: isLast, position: cells.count))
    }
    return JSONNode.object([
      "cells": .list(cells), "metadata": .object(metadata), "nbformat": .integer(4),
      "nbformat_minor": .integer(5),
    ]).text(isIndented: true, sortsKeys: true) + "\n"
  }

  private mutating func node(_ cell: NotebookCell, isLast: Bool, position: Int) -> JSONNode {
    let source = cell.source.source
    let extra = CellMetadata(of: cell.source, isLast: isLast).node
    var fields: JSONNode.Object = [
      "id": .text(identifier(source, position)), "source": .lines(source),
      "metadata": .object(extra.map { [CellMetadata.key: $0] } ?? [:]),
    ]
    if cell.source.kind == .text {
      fields["cell_type"] = .text("markdown")
    } else {
      fields["cell_type"] = .text("code")
      fields["execution_count"] = cell.number.map { .integer($0) } ?? .null
      fields["outputs"] = .list(cell.outputs.map(node))
    }
    return .object(fields)
  }

  /// The title of a code cell, which Jupyter has no other place for.
  private mutating func heading(_ title: String, position: Int) -> JSONNode {
    let source = "### " + MarkdownText.escaped(title)
    return .object([
      "cell_type": .text("markdown"), "id": .text(identifier(source, position)),
      "metadata": .object([CellMetadata.key: CellMetadata.heading]), "source": .lines(source),
    ])
  }

  private func node(_ output: CellOutput) -> JSONNode {
    switch output {
    case .lines(let text, let isError):
      return .object([
        "output_type": .text("stream"), "name": .text(isError ? "stderr" : "stdout"),
        "text": .lines(text),
      ])
    case .value(let value, let command, let showing):
      let bundle = OutputBundle(
        of: value, command: command, showing: showing, pictures: pictures)
      return .object([
        "output_type": .text("display_data"), "metadata": .object([:]), "data": bundle.fileData,
      ])
    case .failure(let diagnostic):
      let lines = diagnostic.rendered().split(separator: "\n", omittingEmptySubsequences: false)
      return .object([
        "output_type": .text("error"), "ename": .text(diagnostic.code),
        "evalue": .text(diagnostic.explanation),
        "traceback": .list(lines.map { .text(String($0)) }),
      ])
    }
  }

  /// The same for the same cell at the same place, and different from all others.
  private mutating func identifier(_ source: String, _ position: Int) -> String {
    var text = "\(position)\n\(source)"
    while true {
      let name = "gfn-" + Fingerprint.text(text)
      if identifiers.insert(name).inserted { return name }
      text += "\n"
    }
  }
}

extension ScriptCell {
  /// What stands before the first mark to start the program, and blank lines.
  fileprivate var isHead: Bool {
    guard mark == nil, body.endsLine else { return false }
    return body.split(separator: "\n").enumerated().allSatisfy { index, line in
      line.allSatisfy(\.isWhitespace) || (index == 0 && line.hasPrefix("#!"))
    }
  }
}

extension Diagnostic {
  /// The message with what to do about it.
  var explanation: String {
    fix.map { message + ($0.hasPrefix("did you mean") ? ", " : "; ") + $0 } ?? message
  }
}
