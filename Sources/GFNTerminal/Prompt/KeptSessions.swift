import GFNLanguage
import Glibc

/// Training states of prompts whose terminal was closed, each a file that the next prompt takes up.
struct KeptSessions {
  private static let waiting = "closed-"
  private static let taken = "restored-"
  private static let refused = "refused-"
  private static let suffix = ".safetensors"
  /// So many that were taken up stay, since records name them.
  private static let takenLimit = 10

  let folder: String

  private var files: Files { Files(workingDirectory: folder) }

  /// Keeps a state.
  /// - Throws: `CommandError`.
  func keep(_ bytes: [UInt8]) throws {
    makeFolder(folder)
    var now = time(nil)
    var parts = tm()
    localtime_r(&now, &parts)
    var text = [CChar](repeating: 0, count: 64)
    strftime(&text, text.count, "%Y-%m-%d-%H.%M.%S", &parts)
    let moment = String(
      decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try files.write("\(Self.waiting)\(moment)-\(getpid())\(Self.suffix)", bytes)
  }

  /// Keeps a state for good that could not be restored.
  /// - Returns: its file.
  func refuse(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let kept = "\(folder)/\(Self.refused)\(name.dropFirst(Self.taken.count))"
    return rename(path, kept) == 0 ? kept : path
  }

  /// Takes the latest state that no other prompt takes.
  /// - Returns: its file, and when it was kept, as "2026-11-27 08.12"; nil where none waits.
  func take() -> (path: String, moment: String)? {
    let names = files.names(in: folder)
    for name in names.reversed() where name.hasPrefix(Self.waiting) && name.hasSuffix(Self.suffix) {
      let rest = name.dropFirst(Self.waiting.count)
      let path = "\(folder)/\(Self.taken)\(rest)"
      // One prompt succeeds.
      guard rename("\(folder)/\(name)", path) == 0 else { continue }
      let earlier = names.filter { $0.hasPrefix(Self.taken) && $0.hasSuffix(Self.suffix) }
      for old in earlier.dropLast(Self.takenLimit - 1) { unlink("\(folder)/\(old)") }
      return (path, "\(rest.prefix(10)) \(rest.dropFirst(11).prefix(5))")
    }
    return nil
  }
}
