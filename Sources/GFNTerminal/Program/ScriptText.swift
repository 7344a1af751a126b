import GFNParameters
import Glibc

/// Why a script could not be read.
struct UnreadableScript: Error {
  var message: String
}

/// Reads a script whole; `-` is standard input.
func scriptText(at path: String) throws -> String {
  let isStandardInput = path == "-"
  let descriptor = isStandardInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw unreadable(path) }
  defer { if !isStandardInput { close(descriptor) } }
  var bytes: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &piece, piece.count)
    if count == 0 { break }
    if count > 0 { bytes += piece[..<count] } else if errno != EINTR { throw unreadable(path) }
    guard bytes.count <= scriptSizeLimit else {
      throw UnreadableScript(message: "'\(path)' is larger than 16 MiB, too large for a script")
    }
  }
  do {
    return String(decoding: try UTF8Text(bytes).bytes, as: UTF8.self)
  } catch {
    throw UnreadableScript(message: "'\(path)' is not UTF-8 text; \(error.remedy(path))")
  }
}

/// Keeps a weights file that was named by mistake, or an endless pipe, from filling memory.
private let scriptSizeLimit = 16 << 20

private func unreadable(_ path: String) -> UnreadableScript {
  UnreadableScript(message: "cannot read '\(path)': \(reason(errno))")
}

/// What the system calls an error number, in the style of the other messages.
func reason(_ number: Int32) -> String {
  let text = String(cString: strerror(number))
  return text.prefix(1).lowercased() + text.dropFirst()
}
