import CCmark
import Glibc

/// CommonMark as HTML, by libcmark.
enum CommonMark {
  /// Without raw HTML and without links that run something.
  private static let options = CMARK_OPT_SAFE | CMARK_OPT_VALIDATE_UTF8

  /// HTML that fetches nothing: an image that the text does not hold itself is a link to it.
  static func html(of text: String) -> String {
    guard let root = cmark_parse_document(text, text.utf8.count, options) else { return "" }
    defer { cmark_node_free(root) }
    for image in images(below: root) { replaceByLink(image) }
    guard let result = cmark_render_html(root, options) else { return "" }
    defer { free(result) }
    return String(cString: result)
  }

  /// Those that lie elsewhere, inner ones first.
  private static func images(below root: OpaquePointer) -> [OpaquePointer] {
    guard let iterator = cmark_iter_new(root) else { return [] }
    defer { cmark_iter_free(iterator) }
    var images: [OpaquePointer] = []
    while true {
      let event = cmark_iter_next(iterator)
      if event == CMARK_EVENT_DONE { return images }
      guard event == CMARK_EVENT_EXIT, let node = cmark_iter_get_node(iterator),
        cmark_node_get_type(node) == CMARK_NODE_IMAGE
      else { continue }
      if !target(of: node).lowercased().hasPrefix("data:") { images.append(node) }
    }
  }

  private static func target(of node: OpaquePointer) -> String {
    cmark_node_get_url(node).map { String(cString: $0) } ?? ""
  }

  private static func replaceByLink(_ image: OpaquePointer) {
    if cmark_node_first_child(image) == nil, let name = cmark_node_new(CMARK_NODE_TEXT) {
      cmark_node_set_literal(name, target(of: image))
      cmark_node_append_child(image, name)
    }
    // Within a link the words alone are left: that one leads somewhere already.
    let link = isLinked(image) ? nil : cmark_node_new(CMARK_NODE_LINK)
    if let link {
      cmark_node_set_url(link, cmark_node_get_url(image))
      cmark_node_set_title(link, cmark_node_get_title(image))
      cmark_node_insert_before(image, link)
    }
    while let child = cmark_node_first_child(image) {
      if let link {
        cmark_node_append_child(link, child)
      } else {
        cmark_node_insert_before(image, child)
      }
    }
    cmark_node_unlink(image)
    cmark_node_free(image)
  }

  private static func isLinked(_ node: OpaquePointer) -> Bool {
    var parent = cmark_node_parent(node)
    while let node = parent {
      if cmark_node_get_type(node) == CMARK_NODE_LINK { return true }
      parent = cmark_node_parent(node)
    }
    return false
  }
}
