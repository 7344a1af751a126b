import Glibc

/// A line of a front end.
package enum RequestLine: Sendable, Equatable {
  /// Without its newline.
  case line([UInt8])
  /// Longer than the limit; it was read over.
  case tooLong
  case end

  static let tooLongMessage = "the request is longer than 16 MiB"
}

/// Cuts what comes through a file descriptor into lines.
package struct RequestLines {
  /// As much as a script may have.
  private static let limit = 16 << 20

  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// How much of the buffer has been returned, and how much holds no further newline.
  private var start = 0
  private var searched = 0
  private var piece = [UInt8](repeating: 0, count: 1 << 16)
  private var isOver = false

  package init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Waits for a whole line; a last one without its newline counts.
  package mutating func next() -> RequestLine {
    var isTooLong = false
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(buffer[start..<end])
        (start, searched) = (end + 1, end + 1)
        return isTooLong || line.count > Self.limit ? .tooLong : .line(line)
      }
      if isOver {
        defer { (buffer, start, searched) = ([], 0, 0) }
        if isTooLong { return .tooLong }
        return start < buffer.count ? .line(Array(buffer[start...])) : .end
      }
      if buffer.count - start > Self.limit {
        isTooLong = true
        buffer = []
      } else {
        buffer.removeFirst(start)
      }
      start = 0
      searched = buffer.count
      readMore()
    }
  }

  private mutating func readMore() {
    while true {
      let count = read(descriptor, &piece, piece.count)
      if count > 0 {
        buffer += piece[..<count]
        return
      }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        // The descriptor was left non-blocking by whoever shares it.
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&waiting, 1, -1)
        continue
      }
      isOver = true
      return
    }
  }
}
