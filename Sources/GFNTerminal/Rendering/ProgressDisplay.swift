import GFNFigures
import GFNLanguage
import GFNParameters

/// Shows how far a long operation has come: one line rewritten in place where the cursor may move,
/// else now and then a plain line.
struct ProgressDisplay {
  private static let rewriteInterval = Duration.milliseconds(100)
  private static let plainInterval = Duration.seconds(10)

  private let stream: TextStream
  private let clock = ContinuousClock()
  private var lastShown: ContinuousClock.Instant?
  private var isLineVisible = false
  /// What was shown last of an operation that goes on.
  private var lastLine: String?

  init(stream: TextStream) {
    self.stream = stream
  }

  mutating func show(_ progress: Progress) {
    let now = clock.now
    if progress.isLast {
      clear()
      lastShown = nil
      lastLine = nil
      return
    }
    guard stream.hasCursorControl else {
      // The first report only starts the time: what is done within it needs no line.
      if lastShown == nil { lastShown = now }
      if let lastShown, now - lastShown >= Self.plainInterval {
        self.lastShown = now
        stream.writeLine(line(progress, width: nil))
        stream.flush()
      }
      return
    }
    if let lastShown, now - lastShown < Self.rewriteInterval { return }
    lastShown = now
    // The last column stays free: a terminal may wrap after writing it.
    let line = line(progress, width: max(1, (stream.width ?? 80) - 1))
    write(line)
  }

  /// Shows the live line again after something else was written.
  mutating func restore() {
    if let lastLine { write(lastLine) }
  }

  private mutating func write(_ line: String) {
    stream.write(sequences: "\r\u{1B}[K")
    stream.write(line)
    stream.flush()
    isLineVisible = true
    lastLine = line
  }

  /// Takes the live line away, so that something else can be written.
  mutating func clear() {
    guard isLineVisible else { return }
    stream.write(sequences: "\r\u{1B}[K")
    stream.flush()
    isLineVisible = false
  }

  private func line(_ progress: Progress, width: Int?) -> String {
    let done = formatted(progress.done, .significant(6))
    let total = formatted(progress.total, .significant(6))
    let head = "\(progress.command) \(done)/\(total)"
    let tail = progress.secondsLeft.map { "\(duration($0)) left" }
    var readings = progress.readings.map {
      "\(visible($0.name)) \(formatted($0.value, $0.style))"
    }
    func joined() -> String {
      ([head] + readings + (tail.map { [$0] } ?? [])).joined(separator: "  ")
    }
    guard let width else { return joined() }
    while !readings.isEmpty, displayWidth(joined()) > width { readings.removeLast() }
    return fitted(joined(), to: width)
  }
}

/// A time to wait: "8 s", "3 min 20 s", "2 h 5 min".
func duration(_ seconds: Double) -> String {
  guard let whole = Int(exactly: seconds.rounded(.up)), whole >= 0 else { return "unknown time" }
  return switch whole {
  case ..<60: "\(whole) s"
  case ..<3600: "\(whole / 60) min \(whole % 60) s"
  default: "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
