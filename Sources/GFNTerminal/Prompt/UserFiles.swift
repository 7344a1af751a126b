import Glibc

/// Where the program keeps a user's files, by the XDG base directory specification.
enum UserFiles {
  static var history: String { folder("XDG_STATE_HOME", else: ".local/state") + "/gfn/history" }
  /// What was going on in terminals that were closed.
  static var sessions: String { folder("XDG_STATE_HOME", else: ".local/state") + "/gfn/sessions" }
  static var startUp: String { folder("XDG_CONFIG_HOME", else: ".config") + "/gfn/rc.gfn" }

  private static func folder(_ variable: String, else fallback: String) -> String {
    // The specification: a path that is not absolute is to be ignored.
    if let folder = environmentVariable(variable), folder.hasPrefix("/") { return folder }
    return (environmentVariable("HOME") ?? "") + "/" + fallback
  }
}

/// The folder that holds a file.
func parent(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// Makes a folder and those above it, for this user alone.
func makeFolder(_ path: String) {
  guard access(path, F_OK) != 0, path != "/" else { return }
  makeFolder(parent(of: path))
  mkdir(path, 0o700)
}
