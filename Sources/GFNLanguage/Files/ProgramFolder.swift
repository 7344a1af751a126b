import Glibc

/// Where the program's own lessons and examples lie.
package enum ProgramFolder {
  /// The folder that holds `docs/lessons`: the repository in which the program lies, or `share/gfn` beside
  /// the folder of an installed one; for a program that was copied elsewhere, where data of programs
  /// lies (XDG base directories), or the repository from which it was built. Nil where there is none.
  package static let found: String? =
    (folders(above: executable) + dataFolders + folders(above: #filePath))
    .first { isFolder($0 + "/docs/lessons") }

  private static func folders(above path: String) -> [String] {
    var parent = path
    var folders: [String] = []
    while let slash = parent.lastIndex(of: "/") {
      parent = String(parent[..<slash])
      folders += [parent, parent + "/share/gfn"]
    }
    return folders
  }

  private static var dataFolders: [String] {
    func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
    let own = variable("XDG_DATA_HOME") ?? variable("HOME").map { $0 + "/.local/share" }
    let shared = variable("XDG_DATA_DIRS") ?? "/usr/local/share:/usr/share"
    return ((own.map { [$0] } ?? []) + shared.split(separator: ":").map(String.init))
      .map { $0 + "/gfn" }
  }

  private static var executable: String {
    realpath("/proc/self/exe", nil).map { path in
      defer { free(path) }
      return String(cString: path)
    } ?? ""
  }

  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
