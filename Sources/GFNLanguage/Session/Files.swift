import FoundationEssentials
package import GFNParameters

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads files whole or maps them, and writes them as a whole, where a script may write.
package struct Files: Sendable {
  /// Absolute, with symbolic links resolved.
  package let workingDirectory: String
  /// Where the program's own `docs/` lies; nil where that is not known.
  private let programFolder: String?
  /// Absolute, with symbolic links resolved.
  private let writableDirectories: [String]

  /// Enough for any script or table; weights are read by their own reader.
  package static let readLimit = 1 << 30

  package init(
    workingDirectory: String, writableDirectories: [String] = [], programFolder: String? = nil
  ) {
    self.programFolder = programFolder
    let working = Self.canonical(workingDirectory)
    self.workingDirectory = working
    let temporary = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    self.writableDirectories =
      ([working, temporary, "/tmp"] + writableDirectories).map(Self.canonical)
  }

  /// The absolute path of a file name, relative ones against the working directory.
  package func resolve(_ path: String) -> String {
    path.hasPrefix("/") ? path : workingDirectory + "/" + path
  }

  /// Where a file to be read lies: a path `docs/…` that is not below the working directory is one of the
  /// program's own, so that lessons and examples find their tables from any folder.
  private func found(_ path: String) -> String {
    let place = resolve(path)
    guard path.hasPrefix("docs/"), let programFolder,
      !FileManager.default.fileExists(atPath: place)
    else { return place }
    return programFolder + "/" + path
  }

  package func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: found(path))
  }

  /// The bytes of a file.
  /// - Throws: `CommandError`, where the file is missing, no file, or larger than `limit`.
  package func read(_ path: String, limit: Int = readLimit, at span: Span? = nil) throws -> [UInt8]
  {
    let (descriptor, size) = try openForReading(path, limit, span)
    defer { close(descriptor) }
    return try contents(of: descriptor, path, size, limit, span)
  }

  /// The bytes of a file that may be larger than memory: mapped, and read when they are looked at.
  /// - Throws: `CommandError`, where the file is missing, no file, or cannot be mapped.
  package func map(_ path: String, at span: Span? = nil) throws -> FileBytes {
    let (descriptor, size) = try openForReading(path, .max, span)
    defer { close(descriptor) }
    guard let bytes = FileBytes(mapping: descriptor, count: size) else {
      throw CommandError(.fileUnreadable(path, reason: Self.reason(errno)), at: span)
    }
    return bytes
  }

  /// A descriptor of a regular file, which the caller closes, and the file's size.
  private func openForReading(
    _ path: String, _ limit: Int, _ span: Span?
  ) throws -> (descriptor: Int32, size: Int) {
    let descriptor = open(found(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      if code == ENOENT { throw CommandError(.fileNotFound(path), at: span) }
      throw CommandError(.fileUnreadable(path, reason: Self.reason(code)), at: span)
    }
    do {
      var status = stat()
      guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        throw CommandError(.fileUnreadable(path, reason: "it is no regular file"), at: span)
      }
      guard status.st_size <= off_t(limit) else {
        throw CommandError(.fileTooLarge(path, limit: limit), at: span)
      }
      return (descriptor, Int(status.st_size))
    } catch {
      close(descriptor)
      throw error
    }
  }

  private func contents(
    of descriptor: Int32, _ path: String, _ size: Int, _ limit: Int, _ span: Span?
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = readBytes(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw CommandError(.fileUnreadable(path, reason: Self.reason(errno)), at: span)
      }
      guard count > 0 else { return bytes }
      bytes += chunk[0..<count]
      // A file that grows while it is read.
      guard bytes.count <= limit else {
        throw CommandError(.fileTooLarge(path, limit: limit), at: span)
      }
    }
  }

  /// The text of a file.
  /// - Throws: `CommandError`, also where the file is not UTF-8.
  package func readText(_ path: String, at span: Span? = nil) throws -> String {
    do {
      let text = try UTF8Text(try read(path, at: span))
      return String(decoding: text.bytes, as: UTF8.self)
    } catch let error as UTF8Text.Mistake {
      throw CommandError(.fileNoText(path, remedy: error.remedy(path)), at: span)
    }
  }

  /// Finds before a long command that its file could not be written at the end.
  /// - Throws: `CommandError`, where the path lies outside what a script may write to, is a folder, or
  ///   has no folder that could be made or written to.
  /// - Returns: the absolute path.
  @discardableResult
  package func checkWritable(_ path: String, at span: Span? = nil) throws -> String {
    let target = try permitted(path, at: span)
    func failure(_ reason: String) -> CommandError {
      CommandError(.fileUnwritable(path, reason: reason), at: span)
    }
    if Self.isFolder(target) == true { throw failure("it is a folder") }
    var folder = Self.parent(of: target)
    while folder != "/", Self.isFolder(folder) == nil { folder = Self.parent(of: folder) }
    guard Self.isFolder(folder) == true else { throw failure("its folder cannot be made") }
    guard access(folder, W_OK | X_OK) == 0 else { throw failure(Self.reason(errno)) }
    return target
  }

  /// - Throws: `CommandError`, where the path lies outside what a script may write to.
  /// - Returns: the absolute path.
  private func permitted(_ path: String, at span: Span?) throws -> String {
    let absolute = Self.canonical(resolve(path))
    let permitted = writableDirectories.contains { directory in
      absolute.hasPrefix(directory == "/" ? "/" : directory + "/")
    }
    guard permitted else { throw CommandError(.writeRefused(path), at: span) }
    return absolute
  }

  /// Writes a file as a whole: to a temporary file beside it, synced, then renamed. Missing folders
  /// are made.
  package func write<Bytes: Sequence<UInt8>>(
    _ path: String, _ bytes: Bytes, at span: Span? = nil
  ) throws {
    let target = try permitted(path, at: span)
    let folder = Self.parent(of: target)
    func failure(_ reason: String) -> CommandError {
      CommandError(.fileUnwritable(path, reason: reason), at: span)
    }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw failure("its folder cannot be made")
    }
    let temporary = "\(target).\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(Self.reason(errno)) }
    let code = Self.fill(descriptor, Array(bytes)) ?? (fsync(descriptor) == 0 ? nil : errno)
    close(descriptor)
    guard code == nil, rename(temporary, target) == 0 else {
      let reason = Self.reason(code ?? errno)
      unlink(temporary)
      throw failure(reason)
    }
  }

  /// Writes all bytes; returns the error number of a failure.
  package static func fill(_ descriptor: Int32, _ bytes: [UInt8]) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { writeBytes(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return errno }
      rest = rest.dropFirst(count)
    }
    return nil
  }

  // MARK: - Paths

  /// Nil where nothing is there.
  private static func isFolder(_ path: String) -> Bool? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.st_mode & S_IFMT == S_IFDIR
  }

  /// Absolute, `.` and `..` removed, symbolic links resolved as far as the path exists.
  private static func canonical(_ path: String) -> String {
    var existing =
      path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    var missing: [Substring] = []
    while existing != "/" {
      if let resolved = realpath(existing, nil) {
        defer { free(resolved) }
        return missing.reversed().reduce(String(cString: resolved)) { appended($1, to: $0) }
      }
      let trimmed = existing.split(separator: "/")
      missing.append(trimmed.last ?? "")
      existing = "/" + trimmed.dropLast().joined(separator: "/")
    }
    return missing.reversed().reduce("/") { appended($1, to: $0) }
  }

  private static func appended(_ component: Substring, to path: String) -> String {
    switch component {
    case "", ".": path
    case "..": parent(of: path)
    default: path == "/" ? "/\(component)" : "\(path)/\(component)"
    }
  }

  package static func parent(of path: String) -> String {
    let components = path.split(separator: "/").dropLast()
    let relative = components.joined(separator: "/")
    return path.hasPrefix("/") ? "/" + relative : relative
  }

  package static func reason(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text).lowercased()
  }
}

// Inside `Files` these names mean its own methods.
private let readBytes = read(_:_:_:)
private let writeBytes = write(_:_:_:)
