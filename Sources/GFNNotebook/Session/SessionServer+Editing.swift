import GFNLanguage
import GFNParameters

/// What an editor asks while a cell is typed. Places are counted in Unicode scalars, as Jupyter does.
extension SessionServer {
  func complete(_ request: SessionRequest, _ reply: SessionReply) throws {
    let code = try request.text("code")
    let cursor = try cursor(of: request, in: code)
    let list = session.completions(for: code, at: cursor)
    let bytes = Array(code.utf8)
    let start = min(list.replaceFrom, cursor)
    var candidates = list.candidates
    if list.paths != nil {
      let typed = String(decoding: bytes[start..<cursor], as: UTF8.self)
      let isQuoted = start > 0 && "\"'".utf8.contains(bytes[start - 1])
      candidates += PathCandidates(typed: typed, isQuoted: isQuoted).all
    }
    let matches = candidates.map { candidate -> JSONNode in
      .object([
        "text": .text(candidate.text), "description": .text(candidate.description),
        "final": .boolean(candidate.isFinal),
      ])
    }
    reply.done(
      .ok,
      [
        "matches": .list(matches),
        "cursor_start": .integer(Self.scalars(in: bytes[..<start])),
        "cursor_end": .integer(Self.scalars(in: bytes[..<cursor])),
      ])
  }

  func inspect(_ request: SessionRequest, _ reply: SessionReply) throws {
    let code = try request.text("code")
    guard let found = session.inspection(of: code, at: try cursor(of: request, in: code)) else {
      reply.done(.ok, ["found": .boolean(false)])
      return
    }
    let data: JSONNode.Object = ["text/plain": .text(found.text)]
    reply.done(
      .ok, ["found": .boolean(true), "word": .text(found.word), "data": .object(data)])
  }

  /// Whether a cell can be run, or needs more lines first.
  func judge(_ request: SessionRequest, _ reply: SessionReply) throws {
    let code = try request.text("code")
    if session.needsMoreInput(code) {
      reply.done(.ok, ["state": .text("incomplete"), "indent": .text(Self.indent(after: code))])
    } else {
      let isValid = session.check(Cell(source: code)).isEmpty
      reply.done(.ok, ["state": .text(isValid ? "complete" : "invalid")])
    }
  }

  /// The blanks before the next line: those of the last one, and two more inside a new block.
  private static func indent(after code: String) -> String {
    let last = code.split(whereSeparator: \.isNewline).last ?? ""
    let blanks = last.prefix { $0 == " " }
    let opens = last.last { !$0.isWhitespace }.map { "{[(".contains($0) } ?? false
    return blanks + (opens ? "  " : "")
  }

  /// The place of the cursor in UTF-8 units; the end of the code where none is given.
  private func cursor(of request: SessionRequest, in code: String) throws -> Int {
    let scalars = code.unicodeScalars
    guard let cursor = try request.integer("cursor", in: 0...Int(Int32.max)) else {
      return code.utf8.count
    }
    let index = scalars.index(scalars.startIndex, offsetBy: cursor, limitedBy: scalars.endIndex)
    return code.utf8.distance(from: code.startIndex, to: index ?? scalars.endIndex)
  }

  private static func scalars(in bytes: ArraySlice<UInt8>) -> Int {
    String(decoding: bytes, as: UTF8.self).unicodeScalars.count
  }
}
