import Glibc

/// The file that `record` keeps. It is written as a whole at first, after an `undo`, and where it has been
/// removed; otherwise what is new is appended. No other process records into it, and what someone else has
/// changed stays as it is.
final class RecordFile {
  let path: String
  private let files: Files
  private let preamble: String
  private var file: Descriptor
  /// What the file was after the last writing.
  private var identity: FileIdentity?
  private var entryCount: Int
  private var removals: Int
  private let clock = ContinuousClock()
  private var lastSync: ContinuousClock.Instant
  private var isSynced = true

  /// A long script loses at most so much of its record when the machine stops; a crash of the
  /// program alone loses nothing.
  private static let syncInterval = Duration.seconds(1)

  /// Writes the whole record.
  /// - Parameters:
  ///   - preamble: what the session was started with.
  ///   - overwriting: a file may be replaced that gfn did not write.
  init(
    _ path: String, _ journal: Journal, preamble: String, files: Files, overwriting: Bool,
    at span: Span? = nil
  ) throws {
    self.path = path
    // What was given up is no part of the journal; the rest is kept.
    var files = files
    files.isAborted = { false }
    self.files = files
    self.preamble = preamble
    file = try files.replace(
      path, Array((preamble + journal.script()).utf8), overwriting: overwriting, at: span)
    entryCount = journal.entries.count
    removals = journal.removals
    lastSync = clock.now
    identity = files.identity(of: path)
  }

  /// It is the file at a path.
  func isWritten(at path: String) -> Bool {
    files.identity(of: path)?.number == file.identity?.number
  }

  /// Brings it up to the journal.
  /// - Throws: `CommandError`.
  func update(_ journal: Journal) throws {
    guard journal.removals != removals || journal.entries.count > entryCount else { return }
    if journal.removals == removals, append(journal) { return }
    file = try files.replace(
      path, Array((preamble + journal.script()).utf8), overwriting: false, holding: file)
    note(journal)
    isSynced = true
  }

  private func note(_ journal: Journal) {
    entryCount = journal.entries.count
    removals = journal.removals
    identity = files.identity(of: path)
  }

  /// - Returns: false where the record must be written anew.
  private func append(_ journal: Journal) -> Bool {
    guard let identity, files.identity(of: path) == identity else { return false }
    let size = lseek(file.number, 0, SEEK_END)
    guard file.fill(Array(journal.script(from: entryCount).utf8)) == nil else {
      // No half of a statement stays behind.
      ftruncate(file.number, size)
      return false
    }
    FileMark.leave(on: file)
    file.identity.map(files.ledger.note(written:))
    note(journal)
    isSynced = false
    if clock.now - lastSync >= Self.syncInterval { sync() }
    return true
  }

  /// Makes sure that what was written outlasts the machine.
  func sync() {
    guard !isSynced else { return }
    fsync(file.number)
    isSynced = true
    lastSync = clock.now
  }
}
