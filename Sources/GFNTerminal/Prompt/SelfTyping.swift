import Glibc

/// Types by itself as a person would, until a key is pressed.
@MainActor
struct SelfTyping {
  private let output: TextStream
  /// Milliseconds from character to character, on average.
  private static let pace = 45
  private static let pauseAfterLine = 350

  init(output: TextStream) { self.output = output }

  /// Waits for any key.
  /// - Returns: false where the key was Ctrl-C or Ctrl-D, or there is no terminal any more.
  func waitForKey() -> Bool {
    withRawKeys { key(within: -1).map { $0 != 3 && $0 != 4 } ?? false }
  }

  /// Types lines, each behind its prompt, of which the first one is on the screen already.
  /// - Returns: false where a key stopped it; the cursor is then at the start of a line.
  func type(_ text: String, continuation: String) -> Bool {
    withRawKeys {
      var typed = 0
      for character in text {
        if character == "\n" {
          guard pause(Self.pauseAfterLine) else { return stopped() }
          output.write("\n" + continuation)
          output.flush()
          continue
        }
        guard pause(Self.delay(before: character, at: typed)) else { return stopped() }
        output.write(String(character))
        output.flush()
        typed += 1
      }
      guard pause(Self.pauseAfterLine) else { return stopped() }
      output.write("\n")
      output.flush()
      return true
    }
  }

  private func stopped() -> Bool {
    output.write("\n")
    output.flush()
    return false
  }

  /// Small variations, the same at every presentation; a word begins with a thought.
  private static func delay(before character: Character, at place: Int) -> Int {
    let spread = (place &* 7_919 &+ 17) % 31 - 15
    return pace + spread + (character == " " ? pace / 2 : 0)
  }

  /// False where a key comes before the time is over.
  private func pause(_ milliseconds: Int) -> Bool { key(within: Int32(milliseconds)) == nil }

  /// The next key, nil when none comes in so many milliseconds; −1 waits without end. What follows it at
  /// once, as in the sequence of an arrow, belongs to it.
  private func key(within milliseconds: Int32) -> UInt8? {
    var ready = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    var count: Int32
    repeat { count = poll(&ready, 1, milliseconds) } while count < 0 && errno == EINTR
    guard count > 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 16)
    let length = read(STDIN_FILENO, &bytes, bytes.count)
    // The terminal is gone: no key will come.
    return length > 0 ? bytes[0] : 4
  }

  /// Keys come one by one, unseen, and Ctrl-C is one of them.
  private func withRawKeys(_ body: () -> Bool) -> Bool {
    var before = termios()
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { return false }
    var raw = before
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
    raw.c_iflag &= ~tcflag_t(ICRNL)
    tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
    defer { tcsetattr(STDIN_FILENO, TCSADRAIN, &before) }
    return body()
  }
}
