/// The text of a cell with the name and the line at which it starts in its file.
package final class SourceFile: Sendable {
  package let name: String
  let firstLine: Int
  let bytes: [UInt8]
  private let lineStarts: [Int]

  package init(name: String, text: String, firstLine: Int = 1) {
    self.name = name
    self.firstLine = firstLine
    bytes = Array(text.utf8)
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == .newline {
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  /// The whole text as a span.
  var whole: Span { Span(self, 0, bytes.count) }

  /// The text between two UTF-8 offsets; offsets outside are clamped.
  func text(_ start: Int, _ end: Int) -> String {
    let low = max(0, min(start, bytes.count))
    let high = max(low, min(end, bytes.count))
    return String(decoding: bytes[low..<high], as: UTF8.self)
  }

  /// The index of the line (from 0) that holds an offset.
  private func lineIndex(of offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// Line, absolute in the file, and column in characters, both from 1.
  func position(of offset: Int) -> (line: Int, column: Int) {
    let index = lineIndex(of: offset)
    return (firstLine + index, text(lineStarts[index], offset).count + 1)
  }

  /// The line alone, absolute in the file, from 1.
  package func line(of offset: Int) -> Int { firstLine + lineIndex(of: offset) }

  /// The offset at which the line that holds `offset` starts.
  func lineStart(of offset: Int) -> Int { lineStarts[lineIndex(of: offset)] }

  /// The offset just behind the line that holds `offset`, before its newline.
  func lineEnd(of offset: Int) -> Int {
    let index = lineIndex(of: offset)
    return index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : bytes.count
  }
}

/// A stretch of a source, in UTF-8 offsets.
package struct Span: Sendable {
  package let source: SourceFile
  let start: Int
  let end: Int

  init(_ source: SourceFile, _ start: Int, _ end: Int) {
    self.source = source
    self.start = start
    self.end = max(start, end)
  }

  /// What is written there.
  package var text: String { source.text(start, end) }

  /// Absolute in the file, from 1.
  package var line: Int { source.line(of: start) }

  func joined(with other: Span) -> Span {
    Span(source, min(start, other.start), max(end, other.end))
  }
}

extension Span: Hashable {
  package static func == (left: Span, right: Span) -> Bool {
    left.source === right.source && left.start == right.start && left.end == right.end
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(source))
    hasher.combine(start)
    hasher.combine(end)
  }
}
