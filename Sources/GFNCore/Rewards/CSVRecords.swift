/// The records of a text file with separated fields (RFC 4180): fields may stand in quotes and then hold
/// separators, quotes (doubled) and line ends. The separator is a tab where the first line has one,
/// else a comma; lines end with LF, CRLF or CR; a byte-order mark and blank lines are skipped.
struct CSVRecords {
  struct Record {
    /// The line on which it begins, from 1.
    var line: Int
    /// Without the blanks around them.
    var fields: [String]
  }

  let records: [Record]

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// - Throws: `CoreError.file` for a quote that is not closed.
  init(_ bytes: [UInt8], path: String) throws {
    let content = bytes.starts(with: Self.mark) ? bytes.dropFirst(Self.mark.count) : bytes[...]
    let first = content.prefix { $0 != Self.lineFeed && $0 != Self.carriageReturn }
    let separator = first.contains(UInt8(ascii: "\t")) ? UInt8(ascii: "\t") : UInt8(ascii: ",")
    var records: [Record] = []
    var record = Record(line: 1, fields: [])
    var field: [UInt8] = []
    var line = 1
    var quotedSince: Int?
    var hasJustClosed = false
    var previous: UInt8 = 0

    func endField() {
      record.fields.append(Self.text(field))
      field.removeAll(keepingCapacity: true)
    }
    func endRecord() {
      endField()
      if record.fields != [""] { records.append(record) }
    }

    for byte in content {
      defer { previous = byte }
      // The LF of a CRLF.
      if byte == Self.lineFeed, previous == Self.carriageReturn {
        if quotedSince != nil { field.append(byte) }
        continue
      }
      let endsLine = byte == Self.lineFeed || byte == Self.carriageReturn
      if endsLine { line += 1 }
      let followsClosing = hasJustClosed
      hasJustClosed = quotedSince != nil && byte == Self.quote
      if hasJustClosed {
        quotedSince = nil
      } else if quotedSince != nil {
        field.append(byte)
      } else if byte == Self.quote {
        // Right after the closing one it was a doubled one, inside the field.
        if followsClosing { field.append(byte) }
        quotedSince = line
      } else if byte == separator {
        endField()
      } else if endsLine {
        endRecord()
        record = Record(line: line, fields: [])
      } else {
        field.append(byte)
      }
    }
    if let quotedSince {
      throw CoreError.file(path: path, line: quotedSince, reason: "a quote is not closed")
    }
    endRecord()
    self.records = records
  }

  private static func text(_ bytes: [UInt8]) -> String {
    func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }
    let end = bytes.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? 0
    return String(decoding: bytes[..<end].drop(while: isBlank), as: UTF8.self)
  }
}
