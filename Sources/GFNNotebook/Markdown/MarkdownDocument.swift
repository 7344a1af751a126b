import CCmark
import GFNFigures

/// CommonMark as blocks, read by libcmark; HTML in it is left out.
struct MarkdownDocument {
  indirect enum Block {
    case heading([StyledLine.Piece], level: Int)
    case paragraph([StyledLine.Piece])
    case code([String])
    /// Nil for bullets, else the number of the first item.
    case list([[Block]], start: Int?, isTight: Bool)
    case quote([Block])
    case rule
  }

  let blocks: [Block]

  /// Deeper blocks than anybody reads are left out, so that no text exhausts the stack.
  private static let greatestDepth = 20

  init(_ text: String) {
    var text = text
    let root = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        cmark_parse_document($0.baseAddress, $0.count, CMARK_OPT_DEFAULT)
      }
    }
    guard let root else {
      blocks = []
      return
    }
    defer { cmark_node_free(root) }
    blocks = Self.blocks(of: root, depth: 0)
  }

  /// The first heading.
  var title: String? {
    for case .heading(let pieces, _) in blocks { return Self.plain(pieces) }
    return nil
  }

  /// The first sentence of the first paragraph.
  var firstSentence: String? {
    for case .paragraph(let pieces) in blocks {
      let text = Self.plain(pieces)
      var end = text.startIndex
      while let stop = text[end...].firstIndex(where: { ".?!".contains($0) }) {
        end = text.index(after: stop)
        if end == text.endIndex || text[end] == " " { return String(text[..<end]) }
      }
      return text
    }
    return nil
  }

  private static func plain(_ pieces: [StyledLine.Piece]) -> String {
    pieces.map(\.text).joined().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  // MARK: - The tree

  private static func children(of node: OpaquePointer) -> [OpaquePointer] {
    var children: [OpaquePointer] = []
    var child = cmark_node_first_child(node)
    while let node = child {
      children.append(node)
      child = cmark_node_next(node)
    }
    return children
  }

  private static func blocks(of node: OpaquePointer, depth: Int) -> [Block] {
    guard depth < greatestDepth else { return [] }
    return children(of: node).compactMap { block($0, depth: depth + 1) }
  }

  private static func block(_ node: OpaquePointer, depth: Int) -> Block? {
    switch cmark_node_get_type(node) {
    case CMARK_NODE_HEADING:
      return .heading(pieces(of: node), level: Int(cmark_node_get_heading_level(node)))
    case CMARK_NODE_PARAGRAPH: return .paragraph(pieces(of: node))
    case CMARK_NODE_CODE_BLOCK:
      var lines = literal(node).split(separator: "\n", omittingEmptySubsequences: false)
      if lines.last?.isEmpty == true { lines.removeLast() }
      return .code(lines.map { visible(String($0)) })
    case CMARK_NODE_LIST:
      let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
      return .list(
        children(of: node).map { blocks(of: $0, depth: depth) },
        start: isOrdered ? Int(cmark_node_get_list_start(node)) : nil,
        isTight: cmark_node_get_list_tight(node) != 0)
    case CMARK_NODE_BLOCK_QUOTE: return .quote(blocks(of: node, depth: depth))
    case CMARK_NODE_THEMATIC_BREAK: return .rule
    default: return nil
    }
  }

  private static func literal(_ node: OpaquePointer) -> String {
    cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
  }

  private static func pieces(
    of node: OpaquePointer, _ marks: StyledLine.Marks = [], depth: Int = 0
  ) -> [StyledLine.Piece] {
    guard depth < greatestDepth else { return [] }
    return children(of: node).flatMap { child -> [StyledLine.Piece] in
      func inner(_ more: StyledLine.Marks = []) -> [StyledLine.Piece] {
        pieces(of: child, marks.union(more), depth: depth + 1)
      }
      switch cmark_node_get_type(child) {
      case CMARK_NODE_TEXT: return [StyledLine.Piece(visible(literal(child)), marks)]
      case CMARK_NODE_CODE:
        return [StyledLine.Piece(visible(literal(child)), marks.union(.code))]
      case CMARK_NODE_SOFTBREAK: return [StyledLine.Piece(" ", marks)]
      case CMARK_NODE_LINEBREAK: return [StyledLine.Piece("\n", marks)]
      case CMARK_NODE_EMPH: return inner(.emphasis)
      case CMARK_NODE_STRONG: return inner(.strong)
      case CMARK_NODE_LINK:
        let text = inner()
        let target = cmark_node_get_url(child).map { visible(String(cString: $0)) } ?? ""
        let isSaid = target.isEmpty || target.hasPrefix("#") || plain(text) == target
        return isSaid ? text : text + [StyledLine.Piece(" (\(target))", marks.union(.dim))]
      case CMARK_NODE_IMAGE: return inner()
      default: return []
      }
    }
  }
}
