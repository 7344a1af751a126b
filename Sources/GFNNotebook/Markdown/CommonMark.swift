import CCmark
import Glibc

/// CommonMark as HTML, by libcmark.
enum CommonMark {
  /// Without raw HTML and without links that run something.
  private static let options = CMARK_OPT_SAFE | CMARK_OPT_VALIDATE_UTF8

  static func html(of text: String) -> String {
    guard let result = cmark_markdown_to_html(text, text.utf8.count, options) else { return "" }
    defer { free(result) }
    return String(cString: result)
  }
}
