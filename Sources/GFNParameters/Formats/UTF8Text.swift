/// The contents of a text file, which are UTF-8.
package struct UTF8Text: Sendable {
  /// Without a byte-order mark.
  package let bytes: ArraySlice<UInt8>

  /// What keeps bytes from being such a text.
  package struct Mistake: Error, Equatable {
    /// The encoding that the bytes may have instead.
    package var encoding: String

    /// What a person should do with the file.
    package func remedy(_ path: String) -> String {
      "convert it: iconv -f \(encoding) -t UTF-8 '\(path)' > NEW"
    }
  }

  package init(_ bytes: [UInt8]) throws(Mistake) {
    // UTF-16 has zero bytes wherever there are letters of ASCII; no text in UTF-8 has any.
    let isWide = [[0xFF, 0xFE], [0xFE, 0xFF]].contains { bytes.starts(with: $0) }
    guard !isWide, !bytes.contains(0) else { throw Mistake(encoding: "UTF-16") }
    guard (try? UTF8Span(validating: bytes.span)) != nil else {
      throw Mistake(encoding: "ISO-8859-1")
    }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    self.bytes = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
  }

  /// Its lines without their ends, LF or CRLF, numbered from 1.
  package var lines: some Sequence<(number: Int, text: ArraySlice<UInt8>)> {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
      .lazy.map { ($0 + 1, $1.last == UInt8(ascii: "\r") ? $1.dropLast() : $1) }
  }
}
