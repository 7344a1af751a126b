package import GFNLanguage
import Glibc

/// The folder of lessons, `docs/lessons` of the repository or another one.
package struct LessonShelf: Sendable {
  package struct Entry: Sendable, Equatable {
    package var number: Int?
    package var name: String
    package var path: String
  }

  /// Nil where there is none.
  package let folder: String?
  /// In the order of their files' names.
  package let entries: [Entry]

  /// The variable that names the folder.
  static let variable = "GFN_LESSONS"
  private static let place = "docs/lessons"

  /// The lessons in a folder.
  package init(folder: String?) {
    self.folder = folder
    entries = (folder.map(Self.files) ?? []).map { path in
      let (number, name) = Lesson.label(of: path)
      return Entry(number: number, name: name, path: path)
    }
  }

  /// The lessons of this program: in the folder that the environment names, in the program's folder, or
  /// below the working directory.
  package static var found: LessonShelf {
    if let named = getenv(variable) { return LessonShelf(folder: String(cString: named)) }
    if let program = ProgramFolder.found { return LessonShelf(folder: "\(program)/\(place)") }
    return LessonShelf(folder: ProgramFolder.isFolder(place) ? place : nil)
  }

  /// The file of a lesson.
  /// - Parameter word: its number, its name or a part of it that no other has, or a path.
  /// - Throws: `CommandError`.
  package func path(for word: String, at span: Span? = nil) throws -> String {
    let wanted = word.lowercased()
    if let number = Int(wanted), let entry = entries.first(where: { $0.number == number }) {
      return entry.path
    }
    if let entry = entries.first(where: { $0.name.lowercased() == wanted }) { return entry.path }
    if word.contains("/") || wanted.hasSuffix(".gfn") { return word }
    let similar = entries.filter { entry in
      let stem = entry.path.split(separator: "/").last ?? ""
      return !wanted.isEmpty && stem.lowercased().contains(wanted)
    }
    if similar.count == 1 { return similar[0].path }
    guard !entries.isEmpty else { throw Self.nowhere(at: span) }
    if similar.isEmpty {
      let names = entries.map(\.name)
      throw CommandError(
        "lesson", "there is no lesson '\(word)'",
        fix: Suggestion.nearest(to: word, in: names).map { "did you mean '\($0)'?" }
          ?? "there are \(names.joined(separator: ", "))", at: span)
    }
    throw CommandError(
      "lesson", "'\(word)' is a part of several lessons",
      fix: "say which: \(similar.map(\.name).joined(separator: ", "))", at: span)
  }

  static func nowhere(at span: Span?) -> CommandError {
    CommandError(
      "lesson", "no lessons are found here",
      fix: "name a script, './FILE.gfn', or set \(variable) to the folder \(place) of the program",
      at: span)
  }

  /// - Throws: `CommandError` where the file cannot be read.
  package static func lesson(
    at path: String, _ files: Files, at span: Span? = nil
  ) throws -> Lesson {
    Lesson(path: path, script: try files.readText(path, at: span))
  }

  // MARK: - The file system

  private static func files(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".gfn"), !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted().map { "\(folder)/\($0)" }
  }
}
