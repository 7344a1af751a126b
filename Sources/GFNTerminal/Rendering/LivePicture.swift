import GFNFigures
import GFNLanguage

/// A picture at the end of what is on the screen, which the next one replaces. Lines that come meanwhile
/// are written above it.
struct LivePicture {
  private let stream: TextStream
  private var lines: [String] = []
  /// The width of the window when it was drawn: lines that a narrower window has broken are not found
  /// again.
  private var width: Int?

  init(stream: TextStream) {
    self.stream = stream
  }

  var isVisible: Bool { !lines.isEmpty }

  mutating func show(_ figure: Figure) {
    guard stream.hasCursorControl else { return }
    var style = stream.pictureStyle
    // A character in the last column may break the line.
    style.width = max(style.width - 1, 1)
    // Beyond the top of the window no cursor goes. The last line is where progress is shown.
    style.height = stream.height.map { max($0 - 2, 1) }
    var new = PictureText.lines(of: figure, style)
    if let height = style.height { new = Array(new.prefix(height)) }
    var text = ""
    if isVisible, width == stream.width { text = "\r\u{1B}[\(lines.count)A" }
    for line in new { text += line + "\u{1B}[K\n" }
    // What is left of a longer one.
    stream.write(sequences: text + "\u{1B}[J")
    stream.flush()
    lines = new
    width = stream.width
  }

  /// Takes it away, writes something in its place, and puts it below that again.
  mutating func below(_ write: () -> Void) {
    let kept = lines
    remove()
    write()
    guard !kept.isEmpty else { return }
    stream.write(sequences: kept.map { $0 + "\n" }.joined())
    stream.flush()
    lines = kept
    width = stream.width
  }

  /// Empties the line of the cursor, below the picture.
  func clearBelow() {
    stream.write(sequences: "\r\u{1B}[K")
    stream.flush()
  }

  mutating func remove() {
    if isVisible, width == stream.width {
      stream.write(sequences: "\r\u{1B}[\(lines.count)A\u{1B}[J")
      stream.flush()
    }
    lines = []
  }

  /// Leaves it where it is.
  mutating func settle() {
    lines = []
  }
}
