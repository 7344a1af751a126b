import GFNFigures
import Glibc

/// When to colour: `--color auto|always|never`.
package enum ColourChoice: String, Sendable, CaseIterable {
  case auto
  case always
  case never
}

/// Text on its way to a person or a program, gathered and written in whole pieces.
///
/// What is written as text commands no terminal, whatever it says: it may come from any file. Elsewhere
/// it stays as it is.
package final class TextStream {
  package let isTerminal: Bool
  /// The cursor may be moved, to rewrite a line in place.
  package let hasCursorControl: Bool
  package let hasColour: Bool
  /// What the system said when writing failed: the disk is full, the reader has gone.
  package private(set) var failure: Int32?
  /// How many colours pictures have.
  private let colours: PictureStyle.Colours
  private let isASCII: Bool
  private let windowWidth: () -> Int?
  private let windowHeight: () -> Int?
  private let sink: ([UInt8]) -> Int32?
  private var buffer: [UInt8] = []

  /// `sink` takes bytes and returns the system's error number where it could not.
  init(
    isTerminal: Bool, hasCursorControl: Bool, hasColour: Bool,
    colours: PictureStyle.Colours = .none, isASCII: Bool = false,
    windowWidth: @escaping () -> Int? = { nil }, windowHeight: @escaping () -> Int? = { nil },
    sink: @escaping ([UInt8]) -> Int32?
  ) {
    self.isTerminal = isTerminal
    self.hasCursorControl = hasCursorControl
    self.hasColour = hasColour
    self.colours = colours
    self.isASCII = isASCII
    self.windowWidth = windowWidth
    self.windowHeight = windowHeight
    self.sink = sink
  }

  /// A file descriptor of this process, with colour and cursor control as the environment allows.
  package convenience init(descriptor: Int32, colour: ColourChoice) {
    let isTerminal = isatty(descriptor) == 1
    let terminal = environmentVariable("TERM") ?? "dumb"
    let isPlain = environmentVariable("NO_COLOR") != nil || terminal == "dumb"
    let hasColour = colour == .always || (colour == .auto && isTerminal && !isPlain)
    let isDumb = isTerminal ? terminal == "dumb" : environmentVariable("TERM") == "dumb"
    self.init(
      isTerminal: isTerminal, hasCursorControl: isTerminal && !isPlain, hasColour: hasColour,
      colours: hasColour ? pictureColours(of: terminal) : .none,
      isASCII: isDumb || !localeHasUnicode(environmentVariable),
      windowWidth: { windowSize(of: descriptor)?.columns },
      windowHeight: { windowSize(of: descriptor)?.rows },
      sink: { writeAll($0, to: descriptor) })
  }

  /// Takes everything and shows nothing.
  static var silent: TextStream {
    TextStream(isTerminal: false, hasCursorControl: false, hasColour: false, sink: { _ in nil })
  }

  /// Columns of the window now; nil where lines may have any length.
  package var width: Int? { isTerminal ? windowWidth() ?? 80 : nil }

  /// Lines of the window now, where it has some.
  var height: Int? { isTerminal ? windowHeight() : nil }

  /// How pictures look here.
  var pictureStyle: PictureStyle {
    PictureStyle(colours: colours, isASCII: isASCII, width: width ?? 80)
  }

  package func write(_ text: String) {
    write(sequences: isTerminal ? harmless(text) : text)
  }

  /// Writes the program's own control sequences, and text that has been made harmless among them.
  func write(sequences: String) {
    buffer.append(contentsOf: sequences.utf8)
    if buffer.count >= 1 << 16 { flush() }
  }

  package func writeLine(_ text: String) {
    write(text)
    write("\n")
    // A person reads line by line; a pipe is served in large pieces.
    if isTerminal { flush() }
  }

  package func flush() {
    guard !buffer.isEmpty else { return }
    if failure == nil { failure = sink(buffer) }
    buffer.removeAll(keepingCapacity: true)
  }
}

/// The value of an environment variable that is set and not empty.
func environmentVariable(_ name: String) -> String? {
  guard let value = getenv(name) else { return nil }
  let text = String(cString: value)
  return text.isEmpty ? nil : text
}

private func windowSize(of descriptor: Int32) -> (columns: Int, rows: Int?)? {
  var window = winsize()
  guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 else { return nil }
  return (Int(window.ws_col), window.ws_row > 0 ? Int(window.ws_row) : nil)
}

/// As many colours as the terminal says it has: `COLORTERM` and `TERM`.
private func pictureColours(of terminal: String) -> PictureStyle.Colours {
  if let more = environmentVariable("COLORTERM"), ["truecolor", "24bit"].contains(more) {
    return .true24
  }
  if terminal.hasSuffix("-direct") { return .true24 }
  return terminal.contains("256color") ? .many : .sixteen
}

/// Whether the locale's character set is Unicode; where the environment names no locale, it is taken to
/// be.
func localeHasUnicode(_ variable: (String) -> String?) -> Bool {
  // The first of them that is set is the one that counts (POSIX, 8.2).
  guard let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(variable).first else {
    return true
  }
  let name = locale.prefix { $0 != "@" }.lowercased()
  return name.hasSuffix(".utf-8") || name.hasSuffix(".utf8")
}

func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
  var written = 0
  while written < bytes.count {
    let count = bytes[written...].withUnsafeBytes {
      Glibc.write(descriptor, $0.baseAddress, $0.count)
    }
    if count >= 0 {
      written += count
    } else if errno == EAGAIN {
      // The descriptor was left non-blocking by whoever shares it.
      var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      poll(&waiting, 1, -1)
    } else if errno != EINTR {
      return errno
    }
  }
  return nil
}
