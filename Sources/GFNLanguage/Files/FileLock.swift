import Glibc

/// The advisory lock of a file (`flock`) that a process keeps as long as it writes to it.
enum FileLock {
  /// Who has a lock.
  struct Holder {
    /// Nil where the system does not say.
    var process: Int?

    var description: String {
      switch process {
      case Int(getpid()): "this process"
      case let process?: "process \(process)"
      case nil: "another process"
      }
    }
  }

  /// Others look at a lock for a moment only.
  private static let attempts = 20
  private static let pause: useconds_t = 10_000

  /// Takes the lock of an open file, which goes with its descriptor.
  /// - Returns: who has it; nil where it was taken.
  static func take(_ file: Descriptor) -> Holder? {
    for attempt in 1...attempts {
      if flock(file.number, LOCK_EX | LOCK_NB) == 0 { return nil }
      // A file system without locks has no holders.
      guard errno == EWOULDBLOCK || errno == EINTR else { return nil }
      if attempt < attempts { usleep(pause) }
    }
    return Holder(process: file.identity.flatMap { process(holding: $0.number) })
  }

  /// Takes a lock that is free at this moment.
  static func takeFree(_ file: Descriptor) -> Bool {
    flock(file.number, LOCK_EX | LOCK_NB) == 0
  }

  /// Looks through the system's list: `1: FLOCK  ADVISORY  WRITE 1234 fe:00:5678 0 EOF`.
  private static func process(holding file: FileIdentity.Number) -> Int? {
    guard let list = fopen("/proc/locks", "r") else { return nil }
    defer { fclose(list) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), list) != nil {
      let text = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      let fields = String(decoding: text, as: UTF8.self).split(separator: " ")
      guard fields.count > 5, fields[1] == "FLOCK",
        fields[5].split(separator: ":").last == Substring(String(file.inode))
      else { continue }
      return Int(fields[4]).flatMap { $0 > 0 ? $0 : nil }
    }
    return nil
  }
}
