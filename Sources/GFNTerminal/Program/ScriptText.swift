import GFNParameters
import Glibc

/// Why a script could not be read.
struct UnreadableScript: Error {
  var message: String
}

/// Reads a script whole; `-` is standard input.
func scriptText(at path: String) throws -> String {
  let isStandardInput = path == "-"
  // A named pipe would be waited for before one could see what it is.
  let descriptor = isStandardInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw unreadable(path) }
  defer { if !isStandardInput { close(descriptor) } }
  if !isStandardInput { try requireFile(descriptor, path) }
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

/// A script is a file, or what the caller has opened: `gfn <(…)` reads a pipe.
private func requireFile(_ descriptor: Int32, _ path: String) throws {
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { throw unreadable(path) }
  let isOpened = ["/dev/fd/", "/dev/stdin", "/proc/self/fd/"].contains { path.hasPrefix($0) }
  let kind: String? =
    switch status.st_mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "a folder"
    case _ where isOpened: nil
    case S_IFIFO: "a named pipe"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
  guard kind == nil else {
    throw UnreadableScript(message: "'\(path)' is \(kind ?? ""), not a script")
  }
  _ = fcntl(descriptor, F_SETFL, O_RDONLY)
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
