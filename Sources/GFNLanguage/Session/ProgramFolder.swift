import Glibc

/// Where the program's own lessons and examples lie.
package enum ProgramFolder {
  /// The folder that holds `docs/lessons`: the repository in which the program lies, or `share/gfn` beside
  /// the folder of an installed one. Nil where there is none.
  package static let found: String? = {
    var parent = executable
    while let slash = parent.lastIndex(of: "/") {
      parent = String(parent[..<slash])
      for folder in [parent, parent + "/share/gfn"] where isFolder(folder + "/docs/lessons") {
        return folder
      }
    }
    return nil
  }()

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
