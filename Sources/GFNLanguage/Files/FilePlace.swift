import CFiles
import Glibc

/// Why a file cannot be written, in the system's words.
struct FileFailure: Error {
  var reason: String
  /// Another process keeps it.
  var isLocked = false

  init(_ reason: String) { self.reason = reason }

  init(_ code: Int32) { reason = Files.reason(code) }
}

/// A folder below which files may be written. It is held open from the start on, and what lies in it is
/// reached from there, name by name and through no symbolic link: whatever is renamed or linked meanwhile,
/// nothing is written elsewhere.
struct WritableFolder: Sendable {
  /// Absolute, with symbolic links resolved.
  let path: String
  /// The deepest folder of the path that was there.
  private let anchor: Descriptor
  /// What of the path was not.
  private let missing: [String]

  private static let flags = gfn_folder_flags()

  /// - Returns: nil where no folder can be opened.
  init?(_ path: String) {
    self.path = path
    var names = path.split(separator: "/").map(String.init)
    var missing: [String] = []
    while true {
      if let folder = Descriptor(open("/" + names.joined(separator: "/"), Self.flags)) {
        anchor = folder
        self.missing = missing.reversed()
        return
      }
      guard let name = names.popLast() else { return nil }
      missing.append(name)
    }
  }

  /// Whether an absolute path without symbolic links leads into it.
  func holds(_ path: String) -> Bool {
    path.hasPrefix(self.path == "/" ? "/" : self.path + "/")
  }

  /// The place of a file that `holds`.
  /// - Parameter making: missing folders are made.
  /// - Throws: `FileFailure`.
  func place(of path: String, making: Bool) throws -> FilePlace {
    var names = missing + path.dropFirst(self.path.count).split(separator: "/").map(String.init)
    guard let name = names.popLast() else { throw FileFailure("it is a folder") }
    var folder = anchor
    for name in names {
      var next = openat(folder.number, name, Self.flags)
      if next < 0, errno == ENOENT {
        guard making else { return FilePlace(folder: folder, name: nil, path: path) }
        guard mkdirat(folder.number, name, 0o777) == 0 || errno == EEXIST else {
          throw FileFailure("its folder cannot be made: \(Files.reason(errno))")
        }
        next = openat(folder.number, name, Self.flags)
      }
      guard let opened = Descriptor(next) else {
        throw FileFailure("its folder cannot be opened: \(Files.reason(errno))")
      }
      folder = opened
    }
    return FilePlace(folder: folder, name: name, path: path)
  }
}

/// Where a file may be written: a folder that is held open, and a name in it.
struct FilePlace {
  let folder: Descriptor
  /// Nil where folders of the path are missing: then `folder` is the deepest that is there.
  let name: String?
  /// Absolute.
  let path: String

  /// The folder takes new files.
  var isOpenForFiles: Bool { faccessat(folder.number, ".", W_OK | X_OK, 0) == 0 }

  /// What is there; nil where nothing is. A symbolic link is one.
  var status: stat? {
    var status = stat()
    guard let name, fstatat(folder.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      return nil
    }
    return status
  }

  /// A regular file is there.
  var holdsFile: Bool { status.map { $0.st_mode & S_IFMT == S_IFREG } ?? false }

  func open(_ flags: Int32) -> Descriptor? {
    guard let name else { return nil }
    return Descriptor(
      openat(folder.number, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o666))
  }

  /// Opens the file and takes its lock.
  /// - Parameters:
  ///   - flags: as of `open`.
  ///   - known: the descriptor by which its lock is held already.
  /// - Returns: nil where nothing is there.
  /// - Throws: `FileFailure`, where another process keeps the file.
  func lock(_ flags: Int32, unlessBy known: Descriptor? = nil) throws -> Descriptor? {
    guard name != nil else { return nil }
    while let file = open(flags) {
      if let known, known.identity?.number == file.identity?.number { return file }
      if let holder = FileLock.take(file) {
        var failure = FileFailure("\(holder.description) keeps it open")
        failure.isLocked = true
        throw failure
      }
      // It may have been replaced before the lock was there.
      if let status, FileIdentity(status).number == file.identity?.number { return file }
      guard status != nil || flags & O_CREAT != 0 else { return nil }
    }
    if errno == ENOENT { return nil }
    throw FileFailure(errno == ELOOP ? "it is a symbolic link to nothing" : Files.reason(errno))
  }

  /// Of files that are only there while another one is written, and no one else's.
  private static let temporaryInfix = ".gfn-"
  private static let temporarySuffix = ".tmp"

  /// Makes a file for its next contents beside it, and locks it, so that nobody takes it for a leftover.
  func makeTemporary() throws -> (file: Descriptor, name: String) {
    guard let name else { throw FileFailure(ENOENT) }
    while true {
      let number = String(UInt64.random(in: 0 ... .max), radix: 36)
      let temporary = name + Self.temporaryInfix + number + Self.temporarySuffix
      guard
        let file = Descriptor(
          openat(
            folder.number, temporary,
            O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666))
      else { throw FileFailure(errno) }
      var status = stat()
      // A file system without locks has nobody who takes it for a leftover.
      if FileLock.takeFree(file) || errno != EWOULDBLOCK, fstat(file.number, &status) == 0,
        status.st_nlink > 0
      {
        return (file, temporary)
      }
      unlinkat(folder.number, temporary, 0)
    }
  }

  /// Puts a temporary file in place.
  func replace(by temporary: String) -> Int32? {
    guard let name else { return ENOENT }
    return renameat(folder.number, temporary, folder.number, name) == 0 ? nil : errno
  }

  /// The folder, open to be asked about.
  func openFolder() -> Descriptor? {
    Descriptor(openat(folder.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
  }

  func remove(_ name: String) { unlinkat(folder.number, name, 0) }

  /// Removes what writers that were killed have left in the folder.
  func removeLeftovers() {
    let listing = openat(folder.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard listing >= 0, let entries = fdopendir(listing) else { return }
    defer { closedir(entries) }
    while let entry = readdir(entries) {
      let found = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard found.hasSuffix(Self.temporarySuffix), found.contains(Self.temporaryInfix),
        let file = Descriptor(
          openat(folder.number, found, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC))
      else { continue }
      // A writer that is alive has locked it.
      if FileLock.takeFree(file) { remove(found) }
    }
  }
}
