/// An SVG document as a part of a page: without its prologue, and with names that no other picture of
/// the page has.
enum InlinePicture {
  /// What stands before a name that the picture gives or refers to.
  private static let openings = [
    " id=\"", " id='", "href=\"#", "href='#", "url(#", "url('#", "url(\"#",
  ]

  /// - Parameter prefix: put before every name.
  /// - Returns: nil where there is no picture in the text.
  static func html(of svg: String, prefix: String) -> String? {
    guard let start = svg.firstRange(of: "<svg"),
      let end = svg.ranges(of: "</svg>").last, start.lowerBound < end.lowerBound
    else { return nil }
    var html = String(svg[start.lowerBound..<end.upperBound])
    for opening in openings { html = html.replacing(opening, with: opening + prefix) }
    return html
  }
}
