import GFNFigures
package import GFNLanguage
package import GFNParameters

/// One value in every form that a front end may choose from: a text always, and what else there is.
package struct OutputBundle: Sendable {
  /// As a pipe shows it.
  package var plain: String
  package var markdown: String?
  /// Tables and records.
  package var html: String?
  /// Pictures, as an element that may stand beside others in a page.
  package var svg: String?
  /// The value in full precision, without wall-clock times: equal results make equal notebooks.
  package var json: JSONNode?

  /// Not `application/json`: JupyterLab shows that as a tree, in preference to tables and pictures.
  static let valueType = "application/vnd.gfn+json"

  /// Larger values would make a notebook of many megabytes; the text is there in any case.
  private static let longestJSON = 1 << 20

  package init(
    of value: Value, command: String, showing: Showing = .whole, pictures: PictureFiles? = nil
  ) {
    plain = ValueLines().lines(of: value, command: command, isCompact: showing == .compact)
      .map(\.text).joined(separator: "\n")
    if showing == .compact { return }
    switch value {
    case .text(let text) where showing == .prose: markdown = text
    case .table(let table): html = HTMLTable.text(of: table)
    case .record(let record): html = HTMLTable.text(of: record)
    case .figure(let figure): svg = pictures?.svg(of: figure)
    case .none, .boolean, .number, .text, .list, .range: break
    }
    if value.isStructured {
      let node = JSONNode(value, showsTimings: false)
      if node.text().utf8.count <= Self.longestJSON { json = node }
    }
  }

  /// By media type, as the `data` of a notebook's file has them: texts as lists of lines.
  var fileData: JSONNode { data { .lines($0) } }

  /// By media type, as the `data` of a message has them: texts whole.
  var messageData: JSONNode { data { .text($0) } }

  private func data(_ node: (String) -> JSONNode) -> JSONNode {
    var data: JSONNode.Object = ["text/plain": node(plain)]
    data["text/markdown"] = markdown.map(node)
    data["text/html"] = html.map(node)
    data["image/svg+xml"] = svg.map(node)
    data[Self.valueType] = json
    return .object(data)
  }
}

/// Makes pictures of figures, and remembers why it could not.
package final class PictureFiles {
  private let writer: (any FigureWriter)?
  /// What kept pictures from being drawn, each once.
  package private(set) var problems: [String] = []

  package init(_ writer: (any FigureWriter)?) {
    self.writer = writer
  }

  /// The picture as an SVG element, or nil where it cannot be drawn.
  package func svg(of figure: Figure) -> String? {
    guard let writer else { return nil }
    do {
      let svg = String(decoding: try writer.bytes(of: figure, as: .svg), as: UTF8.self)
      return InlinePicture.html(of: svg)
    } catch {
      var problem = "\(error)"
      if let known = error as? CommandError {
        problem = [known.message, known.fix].compactMap(\.self).joined(separator: "; ")
      }
      if !problems.contains(problem) { problems.append(problem) }
      return nil
    }
  }
}

extension Value {
  /// Says more than its text.
  fileprivate var isStructured: Bool {
    switch self {
    case .table, .record, .figure, .list: true
    case .none, .boolean, .number, .text, .range: false
    }
  }
}
