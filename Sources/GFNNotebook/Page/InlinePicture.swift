import GFNParameters

/// An SVG document as a part of a page or a notebook: without its prologue, and with names that no other
/// picture has, as all pictures of a page share one space of names.
enum InlinePicture {
  /// What stands before a name that the picture gives or refers to.
  private static let openings = [
    " id=\"", " id='", "href=\"#", "href='#", "url(#", "url('#", "url(\"#",
  ]

  /// - Returns: nil where there is no picture in the text.
  static func html(of svg: String) -> String? {
    guard let start = svg.firstRange(of: "<svg"),
      let end = svg.ranges(of: "</svg>").last, start.lowerBound < end.lowerBound
    else { return nil }
    var html = String(svg[start.lowerBound..<end.upperBound])
    let prefix = "p\(Fingerprint.text(html))-"
    // A notebook's cell may be narrower than the picture.
    let tag = html[..<(html.firstIndex(of: ">") ?? html.endIndex)]
    if !tag.contains(" style=") {
      html.replaceSubrange(
        html.startIndex..<html.index(html.startIndex, offsetBy: 4),
        with: "<svg style=\"max-width: 100%; height: auto\"")
    }
    for opening in openings { html = html.replacing(opening, with: opening + prefix) }
    return html
  }
}
