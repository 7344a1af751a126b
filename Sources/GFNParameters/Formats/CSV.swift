/// Separated values (RFC 4180): the records of a file, and lines of one.
package enum CSV {
  package struct Record: Sendable, Equatable {
    /// The line on which it begins, from 1.
    package var line: Int
    package var fields: [String]
  }

  /// What keeps a file from being read.
  package struct Mistake: Error, Equatable {
    package var line: Int
    package var reason: String
  }

  /// All records of a file, as `CSVReader` reads them.
  package static func records(_ bytes: [UInt8]) throws(Mistake) -> [Record] {
    var reader = CSVReader(bytes)
    var records: [Record] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }

  /// Fields on a line, separated by commas, without the end of the line. `CSVReader` reads back the same
  /// fields, but for an empty one that stands alone: that is a blank line.
  package static func line(_ fields: [String]) -> String {
    fields.map(quotedWhereNeeded).joined(separator: ",")
  }

  private static func quotedWhereNeeded(_ text: String) -> String {
    let bytes = text.utf8
    let isPlain =
      bytes.first != UInt8(ascii: " ") && bytes.last != UInt8(ascii: " ")
      && !bytes.contains { byte in
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
          UInt8(ascii: "\t"):
          true
        default: false
        }
      }
    if isPlain { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { result += "\"" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}
