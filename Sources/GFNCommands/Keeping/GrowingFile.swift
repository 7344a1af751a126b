import FoundationEssentials
import GFNLanguage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that grows by whole pieces: each is with the system before the next one, so that a crash
/// of the program loses none.
final class GrowingFile {
  /// As it was named.
  let path: String
  private let descriptor: Int32

  /// Opens a file to append to, or makes it; missing folders are made.
  /// - Throws: `CommandError`, where it may not or cannot be written.
  init(_ path: String, files: Files, at span: Span? = nil) throws {
    let target = try files.checkWritable(path, at: span)
    try? FileManager.default.createDirectory(
      atPath: Files.parent(of: target), withIntermediateDirectories: true)
    descriptor = open(target, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o666)
    self.path = path
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
      throw CommandError(.fileUnwritable(path, reason: Files.reason(errno)), at: span)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw CommandError(.fileUnwritable(path, reason: "it is no regular file"), at: span)
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  var size: Int { max(0, Int(lseek(descriptor, 0, SEEK_END))) }

  /// Its first line without the newline; nil where it is empty.
  /// - Parameter limit: a longer line is cut, in bytes.
  func firstLine(limit: Int = 1 << 16) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: min(size, limit))
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Array(bytes[..<count].prefix { $0 != UInt8(ascii: "\n") })
  }

  /// Whether what comes next starts a line.
  var isAtLineStart: Bool {
    let size = size
    guard size > 0 else { return true }
    var last: UInt8 = 0
    return pread(descriptor, &last, 1, off_t(size - 1)) == 1 && last == UInt8(ascii: "\n")
  }

  /// Appends all of a piece, or nothing of it.
  /// - Returns: why it could not; nil where it could.
  func append(_ bytes: [UInt8]) -> String? {
    let before = size
    guard let code = Files.fill(descriptor, bytes) else { return nil }
    ftruncate(descriptor, off_t(before))
    return Files.reason(code)
  }
}
