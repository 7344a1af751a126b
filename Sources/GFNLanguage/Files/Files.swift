import FoundationEssentials
package import GFNParameters
import Glibc

/// Reads files whole or maps them, and writes them as a whole, where a script may write.
package struct Files: Sendable {
  /// Absolute, with symbolic links resolved; nil where it has been removed.
  package let workingDirectory: String?
  /// Where the program's own `docs/` lies; nil where that is not known.
  private let programFolder: String?
  let writableFolders: [WritableFolder]
  /// What this session has read and written.
  let ledger = FileLedger()
  /// The running statement is given up: nothing more is written.
  var isAborted: @Sendable () -> Bool

  /// Enough for any script or table; weights are read by their own reader.
  package static let readLimit = 1 << 30

  package init(
    workingDirectory: String, writableDirectories: [String] = [], programFolder: String? = nil,
    isAborted: @escaping @Sendable () -> Bool = { false }
  ) {
    self.programFolder = programFolder
    self.isAborted = isAborted
    let working = Self.canonical(workingDirectory)
    self.workingDirectory = working
    let environment = ProcessInfo.processInfo.environment
    let temporary = environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 }
    let permitted = [working, temporary, "/tmp"] + writableDirectories
    writableFolders = permitted.compactMap { $0.flatMap(Self.canonical) }
      .compactMap { WritableFolder($0) }
  }

  /// The absolute path of a file name, relative ones against the working directory.
  package func resolve(_ path: String) -> String {
    guard !path.hasPrefix("/"), let workingDirectory else { return path }
    return workingDirectory + "/" + path
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

  /// The names in a folder, sorted; none where there is no such folder.
  package func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: found(folder))) ?? []).sorted()
  }

  func status(ofInput path: String) -> stat? {
    var status = Glibc.stat()
    return stat(found(path), &status) == 0 ? status : nil
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

  // MARK: - Paths

  /// Absolute, `.` and `..` removed, symbolic links resolved as far as the path exists.
  /// Nil for a relative path where the working directory has been removed.
  static func canonical(_ path: String) -> String? {
    var existing = path
    if !path.hasPrefix("/") {
      guard let working = getcwd(nil, 0) else { return nil }
      defer { free(working) }
      existing = String(cString: working) + "/" + path
    }
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

// Inside `Files` this name means its own method.
private let readBytes = read(_:_:_:)
