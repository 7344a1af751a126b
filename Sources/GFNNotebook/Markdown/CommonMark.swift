import CCmark
import Glibc

/// CommonMark, read by libcmark.
enum CommonMark {
  /// Without raw HTML and without links that run something.
  private static let options = CMARK_OPT_SAFE | CMARK_OPT_VALIDATE_UTF8

  static func html(of text: String) -> String {
    guard let result = cmark_markdown_to_html(text, text.utf8.count, options) else { return "" }
    defer { free(result) }
    return String(cString: result)
  }

  /// The words of the first heading.
  static func firstHeading(of text: String) -> String? {
    guard let document = cmark_parse_document(text, text.utf8.count, options) else { return nil }
    defer { cmark_node_free(document) }
    var block = cmark_node_first_child(document)
    while let node = block {
      if cmark_node_get_type(node) == CMARK_NODE_HEADING {
        let words = words(of: node)
        if !words.isEmpty { return words }
      }
      block = cmark_node_next(node)
    }
    return nil
  }

  private static func words(of node: OpaquePointer) -> String {
    guard let iterator = cmark_iter_new(node) else { return "" }
    defer { cmark_iter_free(iterator) }
    var words = ""
    while cmark_iter_next(iterator) != CMARK_EVENT_DONE {
      guard let literal = cmark_node_get_literal(cmark_iter_get_node(iterator)) else { continue }
      words += String(cString: literal)
    }
    return words
  }
}
