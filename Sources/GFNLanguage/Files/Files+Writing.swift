import GFNParameters
import Glibc

extension Files {
  /// Finds before a long command that its file could not be written at the end.
  /// - Parameter overwriting: a file may be replaced that gfn did not write.
  /// - Throws: `CommandError`, where the path lies outside what a script may write to, is a folder, has no
  ///   folder that could be made or written to, or is a file that is not to be replaced.
  package func checkWritable(
    _ path: String, overwriting: Bool = false, at span: Span? = nil
  ) throws {
    try failing(path, span) {
      let place = try place(of: path, making: false, span)
      guard place.isOpenForFiles else { throw FileFailure(errno) }
      try requireReplaceable(place, path, overwriting, span)
    }
  }

  /// Fails where a file that is gone on with by a library may not lie, or is a script or data.
  /// - Returns: where it lies.
  func placeToExtend(_ path: String, at span: Span?) throws -> String {
    try failing(path, span) {
      let place = try place(of: path, making: true, span)
      guard place.isOpenForFiles else { throw FileFailure(errno) }
      if let status = place.status {
        if let use = ledger.use(of: FileIdentity(status)) { throw inUse(path, use, span) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw FileFailure("it is no plain file") }
      }
    }
    return resolve(path)
  }

  /// Writes a file as a whole: to a temporary file beside it, synced, then renamed. Missing folders
  /// are made.
  /// - Parameter overwriting: a file may be replaced that gfn did not write.
  package func write<Bytes: Sequence<UInt8>>(
    _ path: String, _ bytes: Bytes, overwriting: Bool = false, at span: Span? = nil
  ) throws {
    _ = try replace(path, Array(bytes), overwriting: overwriting, at: span)
  }

  /// Writes a file as a whole and keeps it, locked and open for appending.
  /// - Parameter held: what was kept of the file before.
  package func replace(
    _ path: String, _ bytes: [UInt8], overwriting: Bool, holding held: Descriptor? = nil,
    at span: Span? = nil
  ) throws -> Descriptor {
    try failing(path, span) {
      let place = try place(of: path, making: true, span)
      try requireReplaceable(place, path, overwriting, span)
      // Kept until the new one is there.
      let before = place.holdsFile ? try place.lock(O_RDONLY, unlessBy: held) : nil
      defer { withExtendedLifetime(before) {} }
      if ledger.isFirstWriting(into: Self.parent(of: place.path)) { place.removeLeftovers() }
      let (file, temporary) = try place.makeTemporary()
      let code =
        file.fill(bytes, isCancelled: { isAborted() || Interruption.givesUp })
        ?? (fsync(file.number) == 0 ? nil : errno)
      FileMark.leave(on: file)
      // Ctrl-C may have come while it was written.
      guard !isAborted() else {
        place.remove(temporary)
        throw CommandError(.aborted, at: span)
      }
      if let code = code ?? place.replace(by: temporary) {
        place.remove(temporary)
        throw FileFailure(code)
      }
      if let identity = file.identity { ledger.note(written: identity) }
      return file
    }
  }

  /// Locks a file that a command goes on with, for as long as the result is kept; it is made where it is
  /// missing.
  /// - Throws: `CommandError`, where another process keeps it.
  package func keep(_ path: String, at span: Span? = nil) throws -> Descriptor {
    try failing(path, span) {
      let place = try place(of: path, making: true, span)
      guard let file = try place.lock(O_RDWR | O_CREAT) else { throw FileFailure(ENOENT) }
      return file
    }
  }

  /// Removes a file that was made to be locked, where nothing was written to it.
  package func discardEmpty(_ path: String, _ file: Descriptor) {
    guard file.isEmpty, let place = try? place(of: path, making: false, nil), let name = place.name,
      let status = place.status, FileIdentity(status).number == file.identity?.number
    else { return }
    place.remove(name)
  }

  /// Whether what gfn writes in a folder can be told from what others wrote; true also where there is no
  /// such folder yet.
  package func keepsMarks(_ folder: String) -> Bool {
    guard let place = try? place(of: folder + "/x", making: false, nil), place.name != nil,
      let opened = place.openFolder()
    else { return true }
    return FileMark.canBeLeft(on: opened)
  }

  /// Locks a file, which is made where it is missing, for as long as the result is kept.
  /// - Returns: nil where another process keeps it.
  package func claim(_ path: String, at span: Span? = nil) throws -> Descriptor? {
    try failing(path, span) {
      do {
        return try place(of: path, making: true, span).lock(O_RDWR | O_CREAT)
      } catch let failure as FileFailure where failure.isLocked {
        return nil
      }
    }
  }

  /// Opens a file to read and append to, or makes it, and locks it.
  func openToAppend(_ path: String, at span: Span? = nil) throws -> Descriptor {
    try failing(path, span) {
      let place = try place(of: path, making: true, span)
      if let status = place.status {
        guard status.st_mode & S_IFMT != S_IFDIR else { throw FileFailure("it is a folder") }
        if let use = ledger.use(of: FileIdentity(status)) { throw inUse(path, use, span) }
      }
      guard let file = try place.lock(O_RDWR | O_APPEND | O_CREAT) else {
        throw FileFailure(ENOENT)
      }
      return file
    }
  }

  /// What is at a place where a script may write; nil where nothing is.
  func identity(of path: String) -> FileIdentity? {
    (try? place(of: path, making: false, nil))?.status.map(FileIdentity.init)
  }

  /// Takes note that a file serves the session: it is not written to.
  package func note(input path: String, as use: FileUse) {
    guard let status = status(ofInput: path) else { return }
    ledger.note(input: FileIdentity(status), as: use)
  }

  /// - Throws: `CommandError`, where the path lies outside what a script may write to; `FileFailure`.
  private func place(of path: String, making: Bool, _ span: Span?) throws -> FilePlace {
    guard let absolute = Self.canonical(resolve(path)) else {
      throw FileFailure("the working directory has been removed")
    }
    guard let folder = writableFolders.first(where: { $0.holds(absolute) }) else {
      throw CommandError(.writeRefused(path), at: span)
    }
    return try folder.place(of: absolute, making: making)
  }

  /// Finds that a file would be lost that somebody else made, or that serves the session.
  private func requireReplaceable(
    _ place: FilePlace, _ path: String, _ overwriting: Bool, _ span: Span?
  ) throws {
    guard let status = place.status else { return }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw FileFailure("it is a folder") }
    let identity = FileIdentity(status)
    if let use = ledger.use(of: identity) { throw inUse(path, use, span) }
    let isEmpty = place.holdsFile && status.st_size == 0
    if overwriting || isEmpty || ledger.hasWritten(identity) { return }
    if let file = place.open(O_RDONLY), FileMark.isLeft(on: file) { return }
    throw CommandError(.fileOfOthers(path), at: span)
  }

  private func inUse(_ path: String, _ use: FileUse, _ span: Span?) -> CommandError {
    CommandError(
      .fileUnwritable(path, reason: "it is \(use.rawValue); name another file"), at: span)
  }

  private func failing<Result>(
    _ path: String, _ span: Span?, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let failure as FileFailure {
      throw CommandError(.fileUnwritable(path, reason: failure.reason), at: span)
    }
  }
}
