import GFNLanguage
import GFNParameters

/// The file of `plot … to=FILE`.
struct FigureFile {
  private let session: Session
  private let arguments: Arguments
  private let path: String
  private let format: FigureFormat
  private let writer: any FigureWriter

  /// - Returns: nil where the option is not given.
  /// - Throws: `CommandError`, before anything is worked out for it.
  init?(_ session: Session, _ arguments: Arguments) throws {
    guard let path = arguments.path("to") else { return nil }
    let span = arguments.span(of: "to")
    format = try Self.format(of: path, at: span)
    try session.files.checkWritable(path, overwriting: arguments.overwrites, at: span)
    guard let writer = session.options.figureWriter else {
      throw CommandError(
        "not-available", "pictures cannot be written as files here",
        fix: "leave to= out; the picture is shown as text", at: span)
    }
    self.session = session
    self.arguments = arguments
    self.path = path
    self.writer = writer
  }

  /// - Throws: `CommandError` where the extension names no kind of picture.
  static func format(of path: String, at span: Span) throws -> FigureFormat {
    let name = path.split(separator: "/").last ?? ""
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count > 1, let last = parts.last,
      let format = FigureFormat(rawValue: last.lowercased())
    {
      return format
    }
    let known = FigureFormat.allCases.map { "." + $0.rawValue }.joined(separator: ", ")
    throw CommandError(
      "unknown-format", "'\(path)' does not say what kind of picture to write",
      fix: "end it in one of \(known)", at: span)
  }

  func write(_ figure: Figure) throws {
    let span = arguments.span(of: "to")
    do {
      let interruption = session.interruption
      let bytes = try writer.bytes(
        of: figure, as: format, isCancelled: { interruption.isRequested })
      try session.files.write(path, bytes, overwriting: arguments.overwrites, at: span)
    } catch let error as CommandError where error.span == nil {
      throw CommandError(error.kind, at: span)
    }
    session.note("wrote \(path)")
  }
}
