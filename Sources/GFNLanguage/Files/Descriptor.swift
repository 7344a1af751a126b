import CFiles
import Glibc

/// An open file or folder, which is closed with its last owner.
package final class Descriptor: Sendable {
  package let number: Int32

  /// Nil where the system gave none, as `errno` then says.
  init?(_ number: Int32) {
    guard number >= 0 else { return nil }
    self.number = number
  }

  deinit { close(number) }

  private static let piece = 8 << 20

  var identity: FileIdentity? {
    var status = stat()
    return fstat(number, &status) == 0 ? FileIdentity(status) : nil
  }

  /// Nothing is in it.
  package var isEmpty: Bool {
    var status = stat()
    return fstat(number, &status) == 0 && status.st_size == 0
  }

  /// Writes all bytes, in pieces; returns the error number of a failure.
  /// - Parameter isCancelled: asked between the pieces: what was written then stays a part.
  func fill(_ bytes: [UInt8], isCancelled: () -> Bool = { false }) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      if isCancelled() { return ECANCELED }
      let count = rest.withUnsafeBytes {
        write(number, $0.baseAddress, min($0.count, Self.piece))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return errno }
      rest = rest.dropFirst(count)
    }
    return nil
  }
}

/// Which file it is, and whether it is as it was.
struct FileIdentity: Equatable {
  struct Number: Hashable {
    var device: dev_t
    var inode: ino_t
  }

  var number: Number
  private var size: off_t
  private var seconds: Int
  private var nanoseconds: Int

  init(_ status: stat) {
    number = Number(device: status.st_dev, inode: status.st_ino)
    size = status.st_size
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }

  /// Its size and the time of its last change, as the mark of a file says them.
  var mark: String { "\(size) \(seconds).\(nanoseconds)" }
}

/// What the program leaves at a file that it wrote: an extended attribute with the file's size and time,
/// which no longer agree after someone else has changed it, and which no copy by other means has.
enum FileMark {
  private static let name = "user.gfn.written"

  /// File systems without such attributes keep no mark.
  static func leave(on file: Descriptor) {
    guard let mark = file.identity?.mark else { return }
    let bytes = Array(mark.utf8)
    _ = gfn_set_attribute(file.number, name, bytes, bytes.count)
  }

  /// - Parameter folder: gets a mark that says nothing.
  static func canBeLeft(on folder: Descriptor) -> Bool {
    gfn_set_attribute(folder.number, name, "", 0) == 0
  }

  static func isLeft(on file: Descriptor) -> Bool {
    guard let mark = file.identity?.mark else { return false }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = gfn_attribute(file.number, name, &bytes, bytes.count)
    return count > 0 && bytes.prefix(count).elementsEqual(mark.utf8)
  }
}
