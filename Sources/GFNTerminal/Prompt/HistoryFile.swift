import Glibc

/// The file that keeps what was typed at the prompt, entry by entry.
///
/// Its form is readline's: a line `#SECONDS` before each entry, whose own lines follow. Several
/// prompts may append at once.
struct HistoryFile {
  struct Entry: Equatable {
    var text: String
    /// Seconds since 1970.
    var time: Int
  }

  /// Entries kept when the file is cut.
  static let limit = 2000

  let path: String

  var exists: Bool { access(path, F_OK) == 0 }

  /// The entries from the oldest on; an unreadable file has none.
  func load() -> [Entry] {
    guard let text = withLock({ readAll($0) }) else { return [] }
    return Self.entries(in: text)
  }

  func append(_ entry: Entry) {
    _ = withLock { descriptor in
      lseek(descriptor, 0, SEEK_END)
      writeAll(Self.line(for: entry), to: descriptor)
    }
  }

  /// Drops the oldest entries of a file that has grown half as long again as the limit.
  func truncate() {
    _ = withLock { descriptor in
      let entries = Self.entries(in: readAll(descriptor))
      guard entries.count > Self.limit * 3 / 2 else { return }
      let kept = Array(entries.suffix(Self.limit).map(Self.line).joined().utf8)
      lseek(descriptor, 0, SEEK_SET)
      // Cut last: whoever is stopped in between leaves entries twice, and loses none.
      guard writeAll(kept, to: descriptor) == nil else { return }
      ftruncate(descriptor, off_t(kept.count))
    }
  }

  static func entries(in text: String) -> [Entry] {
    var entries: [Entry] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let time = time(of: line) {
        entries.append(Entry(text: "", time: time))
      } else if let last = entries.indices.last {
        entries[last].text += entries[last].text.isEmpty ? line : "\n" + line
      } else if !line.isEmpty {
        entries.append(Entry(text: String(line), time: 0))
      }
    }
    for index in entries.indices {
      while entries[index].text.last == "\n" { entries[index].text.removeLast() }
    }
    return entries.filter { !$0.text.isEmpty }
  }

  static func line(for entry: Entry) -> String {
    // A comment such as "#1" inside an entry would be read as the time of a next one.
    let lines = entry.text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { time(of: $0) == nil ? String($0) : " " + $0 }
    return "#\(entry.time)\n\(lines.joined(separator: "\n"))\n"
  }

  private static func time(of line: Substring) -> Int? {
    line.first == "#" ? Int(line.dropFirst()) : nil
  }

  /// Runs `body` with the open file while no other prompt uses it.
  private func withLock<Result>(_ body: (Int32) -> Result) -> Result? {
    makeFolder(parent(of: path))
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { return nil }
    }
    return body(descriptor)
  }
}

private func readAll(_ descriptor: Int32) -> String {
  var bytes: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  lseek(descriptor, 0, SEEK_SET)
  while true {
    let count = read(descriptor, &piece, piece.count)
    if count > 0 { bytes += piece[..<count] } else if count == 0 || errno != EINTR { break }
  }
  return String(decoding: bytes, as: UTF8.self)
}

private func writeAll(_ text: String, to descriptor: Int32) {
  _ = writeAll(Array(text.utf8), to: descriptor)
}
