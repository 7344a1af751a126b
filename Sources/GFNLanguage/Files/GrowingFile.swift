import Glibc

/// A file that grows by whole pieces: each is with the system before the next one, so that a crash
/// of the program loses none. As long as it is open, no other process writes to it.
package final class GrowingFile {
  /// As it was named.
  package let path: String
  private let file: Descriptor
  /// Nothing in it is anyone else's.
  private var isOwn: Bool

  /// Opens a file to append to, or makes it; missing folders are made.
  /// - Throws: `CommandError`, where it may not or cannot be written.
  package init(_ path: String, files: Files, at span: Span? = nil) throws {
    file = try files.openToAppend(path, at: span)
    self.path = path
    var status = stat()
    guard fstat(file.number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw CommandError(.fileUnwritable(path, reason: "it is no regular file"), at: span)
    }
    isOwn = status.st_size == 0 || FileMark.isLeft(on: file)
  }

  /// It is the file at a path.
  package func isWritten(at path: String, _ files: Files) -> Bool {
    files.identity(of: path)?.number == file.identity?.number
  }

  var size: Int { max(0, Int(lseek(file.number, 0, SEEK_END))) }

  /// Its first line without the newline; nil where it is empty.
  /// - Parameter limit: a longer line is cut, in bytes.
  package func firstLine(limit: Int = 1 << 16) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: min(size, limit))
    let count = pread(file.number, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Array(bytes[..<count].prefix { $0 != UInt8(ascii: "\n") })
  }

  /// Whether what comes next starts a line.
  private var isAtLineStart: Bool {
    let size = size
    guard size > 0 else { return true }
    var last: UInt8 = 0
    return pread(file.number, &last, 1, off_t(size - 1)) == 1 && last == UInt8(ascii: "\n")
  }

  /// Appends all of a piece, or nothing of it.
  /// - Returns: why it could not; nil where it could.
  package func append(_ bytes: [UInt8]) -> String? {
    let before = size
    isOwn = isOwn && (before == 0 || FileMark.isLeft(on: file))
    defer { if isOwn { FileMark.leave(on: file) } }
    guard let code = file.fill(bytes) else { return nil }
    ftruncate(file.number, off_t(before))
    return Files.reason(code)
  }

  /// Appends a line, on a line of its own also where another program has left half of one.
  package func append(line: String) -> String? {
    append(Array(((isAtLineStart ? "" : "\n") + line + "\n").utf8))
  }
}
