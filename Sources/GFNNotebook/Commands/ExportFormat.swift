package import GFNLanguage

/// The kinds of file that cells can be written as, by their extensions.
package enum ExportFormat: String, Sendable, CaseIterable {
  case ipynb
  case html
  case md
  case gfn

  /// - Throws: `CommandError`, where the extension says nothing.
  package init(path: String) throws {
    let name = path.split(separator: "/").last ?? ""
    let dot = name.lastIndex(of: ".") ?? name.startIndex
    let word = dot > name.startIndex ? name[name.index(after: dot)...].lowercased() : ""
    guard let format = Self(rawValue: word) else {
      throw CommandError(
        "unknown-format", "'\(path)' has no extension that says what to write",
        fix: "end it in \(Self.allCases.map { ".\($0.rawValue)" }.joined(separator: ", "))")
    }
    self = format
  }
}

extension SessionRecorder {
  /// What was recorded, as a file.
  /// - Parameters:
  ///   - isWhole: also the cells of a script that have not run yet.
  ///   - report: is told what is missing in the file.
  package func file(
    _ format: ExportFormat, name: String, of session: Session, isWhole: Bool,
    report: (String) -> Void
  ) throws -> String {
    let pictures = PictureFiles(session.options.figureWriter)
    defer { for problem in pictures.problems { report("pictures are kept as text: \(problem)") } }
    switch format {
    case .gfn: return script(of: session)
    case .md: return MarkdownWriter().text(of: notebook(isWhole: isWhole))
    case .html:
      return try PageWriter(pictures: pictures).text(of: notebook(isWhole: isWhole), name: name)
    case .ipynb:
      var writer = JupyterWriter(pictures: pictures)
      return writer.text(of: notebook(isWhole: isWhole))
    }
  }
}
