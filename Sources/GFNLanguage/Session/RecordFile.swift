#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The file that `record` keeps. It is written as a whole at first, after an `undo`, and where someone
/// else has changed it; otherwise what is new is appended.
final class RecordFile {
  let path: String
  /// Open for appending; negative where the file cannot be.
  private let descriptor: Int32
  private let target: String
  /// What the file was after the last writing.
  private var identity: Identity?
  private var entryCount: Int
  private let removals: Int
  private let clock = ContinuousClock()
  private var lastSync: ContinuousClock.Instant
  private var isSynced = true

  /// A long script loses at most so much of its record when the machine stops; a crash of the
  /// program alone loses nothing.
  private static let syncInterval = Duration.seconds(1)

  private struct Identity: Equatable {
    var device: dev_t
    var inode: ino_t
    var size: off_t
    var seconds: Int
    var nanoseconds: Int
  }

  /// Writes the whole record.
  /// - Parameter preamble: what the session was started with.
  init(
    _ path: String, _ journal: Journal, preamble: String, files: Files, at span: Span? = nil
  ) throws {
    try files.write(path, (preamble + journal.script()).utf8, at: span)
    self.path = path
    target = try files.checkWritable(path, at: span)
    descriptor = open(target, O_WRONLY | O_APPEND | O_CLOEXEC)
    entryCount = journal.entries.count
    removals = journal.removals
    lastSync = clock.now
    identity = Self.identity(of: target)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Appends the entries that are new.
  /// - Returns: false where the record must be written anew.
  func append(_ journal: Journal) -> Bool {
    guard journal.removals == removals else { return false }
    guard journal.entries.count > entryCount else { return true }
    let bytes = Array(journal.script(from: entryCount).utf8)
    guard descriptor >= 0, let known = identity, Self.identity(of: target) == known else {
      return false
    }
    guard Files.fill(descriptor, bytes) == nil else {
      // No half of a statement stays behind.
      ftruncate(descriptor, known.size)
      return false
    }
    identity = Self.identity(of: target)
    entryCount = journal.entries.count
    isSynced = false
    if clock.now - lastSync >= Self.syncInterval { sync() }
    return true
  }

  /// Makes sure that what was written outlasts the machine.
  func sync() {
    guard !isSynced else { return }
    fsync(descriptor)
    isSynced = true
    lastSync = clock.now
  }

  private static func identity(of target: String) -> Identity? {
    var status = stat()
    guard lstat(target, &status) == 0 else { return nil }
    #if canImport(Darwin)
      let changed = status.st_ctimespec
    #else
      let changed = status.st_ctim
    #endif
    return Identity(
      device: status.st_dev, inode: status.st_ino, size: status.st_size,
      seconds: Int(changed.tv_sec), nanoseconds: Int(changed.tv_nsec))
  }
}
