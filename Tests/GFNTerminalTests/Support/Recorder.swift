@testable import GFNTerminal

/// A stream whose text is kept.
struct Recorder {
  private final class Content {
    var text = ""
  }

  let stream: TextStream
  private let content: Content

  /// A terminal of so many columns; nil is a pipe.
  init(width: Int? = nil, hasCursorControl: Bool = false, hasColour: Bool = false) {
    let content = Content()
    self.content = content
    stream = TextStream(
      isTerminal: width != nil, hasCursorControl: hasCursorControl, hasColour: hasColour,
      windowWidth: { width },
      sink: {
        content.text += String(decoding: $0, as: UTF8.self)
        return nil
      })
  }

  var text: String { content.text }

  var lines: [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }
}
