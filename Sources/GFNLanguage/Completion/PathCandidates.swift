#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The files and folders that a path being typed may become.
package struct PathCandidates {
  private let folder: String
  private let beginning: String
  private let isQuoted: Bool

  package init(typed: String, isQuoted: Bool) {
    let slash = typed.lastIndex(of: "/")
    folder = slash.map { String(typed[...$0]) } ?? ""
    beginning = slash.map { String(typed[typed.index(after: $0)...]) } ?? typed
    self.isQuoted = isQuoted
  }

  /// In the order of their names; hidden ones only when a `.` was typed.
  package var all: [Candidate] {
    guard let directory = opendir(folder.isEmpty ? "." : folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      let isShown = name.hasPrefix(beginning) && (beginning.hasPrefix(".") || !name.hasPrefix("."))
      if isShown, name != ".", name != ".." { names.append(name) }
    }
    return names.sorted().compactMap(candidate)
  }

  private func candidate(_ name: String) -> Candidate? {
    let path = folder + name
    let isFolder = self.isFolder(path)
    let text = path + (isFolder ? "/" : "")
    // A path that is not a word must stand in quotes, which are the user's to open.
    guard isQuoted || isWord(path) else { return nil }
    return Candidate(text, isFolder ? "folder" : "", isFinal: !isFolder && !isQuoted)
  }

  private func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private func isWord(_ path: String) -> Bool {
    guard let first = path.first, first.isLetter || first == "_" || first == "." else {
      return false
    }
    return !path.contains { " \t;()[]{},\"'=$#".contains($0) }
  }
}
