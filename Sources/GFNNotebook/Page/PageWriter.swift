import GFNFigures
import GFNLanguage
import GFNParameters
import Mustache

/// Writes a notebook as one page of HTML that needs nothing else: for a screen, a phone and paper.
package struct PageWriter {
  private let pictures: PictureFiles?

  /// - Parameter pictures: draws figures; without it they are text.
  package init(pictures: PictureFiles? = nil) {
    self.pictures = pictures
  }

  /// - Parameter name: the title of a page whose texts have no heading.
  package func text(of notebook: Notebook, name: String) throws -> String {
    let template = try MustacheTemplate(string: PageTemplate.text)
    let cells = notebook.cells.untilGivenUp.compactMap { cell($0) }
    // Every name stands for one thing: a section without it would find it further out.
    let page: [String: Any] = [
      "page": HTMLText.withoutControls(notebook.title ?? name), "style": PageStyle.text,
      "cells": cells,
    ]
    return template.render(page)
  }

  /// - Returns: nil for a cell that shows nothing.
  private func cell(_ cell: NotebookCell) -> [String: Any]? {
    if cell.source.kind == .text {
      let html = CommonMark.html(of: cell.source.text)
      return html.isEmpty ? nil : ["text": ["html": html]]
    }
    let code = cell.source.code.source
    let hasCode = !code.isEmpty && !code.isShebang
    let outputs = outputs(of: cell)
    guard hasCode || !outputs.isEmpty || !cell.source.title.isEmpty else { return nil }
    var fields: [String: Any] = ["outputs": outputs.map(\.fields)]
    if !cell.source.title.isEmpty {
      fields["heading"] = ["heading": HTMLText.withoutControls(cell.source.title)]
    }
    if hasCode {
      var source: [String: Any] = ["listing": CodeColouring.html(of: code)]
      if let number = cell.number { source["number"] = ["number": number] }
      fields["listing"] = source
    }
    return ["code": fields]
  }

  // MARK: - Outputs

  private struct Output {
    /// The class of the element.
    var kind: String
    var html: String
    var label: String?

    var fields: [String: Any] {
      var fields: [String: Any] = ["kind": kind, "html": html]
      if let label { fields["label"] = ["label": label] }
      return fields
    }
  }

  private func outputs(of cell: NotebookCell) -> [Output] {
    var outputs: [Output] = []
    /// Text that belongs into one block.
    var lines: (text: String, isError: Bool)?
    func close() {
      if let lines {
        outputs.append(
          Output(kind: lines.isError ? "errors" : "lines", html: Self.preformatted(lines.text)))
      }
      lines = nil
    }
    func add(_ text: String, isError: Bool = false) {
      if lines?.isError == isError {
        lines?.text += text
      } else {
        close()
        lines = (text, isError)
      }
    }
    for output in cell.outputs {
      switch output {
      case .lines(let text, let isError): add(text, isError: isError)
      case .failure(let diagnostic):
        close()
        outputs.append(
          Output(
            kind: "failure", html: Self.preformatted(diagnostic.rendered()), label: "error"))
      case .value(.text(let text), _, .prose):
        close()
        outputs.append(Output(kind: "note", html: CommonMark.html(of: text)))
      case .value(let value, let command, let showing):
        if showing != .compact, let rich = rich(value) {
          close()
          outputs.append(rich)
        } else {
          let shown = ValueLines().lines(
            of: value, command: command, isCompact: showing == .compact)
          add(shown.map { $0.text + "\n" }.joined())
        }
      }
    }
    close()
    return outputs
  }

  /// What is more than text.
  private func rich(_ value: Value) -> Output? {
    switch value {
    case .table(let table):
      return Output(kind: "table", html: HTMLTable.text(of: table))
    case .record(let record) where record.display == nil:
      return Output(kind: "table", html: HTMLTable.text(of: record))
    case .figure(let figure):
      guard let html = pictures?.svg(of: figure) else { return nil }
      let notes = figure.notes.map { "<p>\(HTMLText.escaped($0))</p>" }.joined()
      return Output(
        kind: "picture", html: html + notes, label: HTMLText.withoutControls(figure.title))
    default: return nil
    }
  }

  private static func preformatted(_ text: String) -> String {
    let end = text.hasSuffix("\n") ? text.dropLast() : text[...]
    // A newline right behind the tag would be taken for none.
    return "<pre tabindex=\"0\">\n\(HTMLText.escaped(String(end)))</pre>"
  }
}
