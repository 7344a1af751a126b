/// Reads a text file of separated fields (RFC 4180) record by record.
///
/// The separator is a tab where the first line has one outside of quotes, else a comma; lines end with LF,
/// CRLF or CR. A byte-order mark and blank lines are skipped. Blanks around a field are not part of it.
/// Where it begins with a quote it goes on to the closing one and is kept as it is, with separators, line
/// ends, and quotes that are doubled; a quote further on in a field is a character like others.
package struct CSVReader {
  private static let quote = UInt8(ascii: "\"")
  private static let tab = UInt8(ascii: "\t")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  private let bytes: [UInt8]
  private let separator: UInt8
  private var position: Int
  private var line = 1
  /// Fields of the last record.
  private var width = 0

  package init(_ bytes: [UInt8]) {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    self.bytes = bytes
    position = bytes.starts(with: mark) ? mark.count : 0
    separator = Self.separator(of: bytes, from: position)
  }

  private static func separator(of bytes: [UInt8], from start: Int) -> UInt8 {
    let comma = UInt8(ascii: ",")
    var isQuoted = false
    var isAtStart = true
    for byte in bytes[start...] {
      if byte == quote, isQuoted || isAtStart {
        // A doubled quote closes the quotation and opens it again.
        isQuoted.toggle()
        isAtStart = true
      } else if !isQuoted {
        if byte == tab { return tab }
        if byte == lineFeed || byte == carriageReturn { return comma }
        isAtStart = byte == comma || (isAtStart && byte == UInt8(ascii: " "))
      }
    }
    return comma
  }

  /// The next record, nil at the end of the file.
  package mutating func next() throws(CSV.Mistake) -> CSV.Record? {
    while position < bytes.count {
      let first = line
      var fields: [String] = []
      fields.reserveCapacity(width)
      var isBlank = true
      repeat {
        skipBlanks()
        if position < bytes.count, bytes[position] == Self.quote {
          fields.append(try quotedField())
          isBlank = false
        } else {
          fields.append(plainField())
        }
      } while takeSeparator()
      takeLineEnd()
      guard isBlank, fields.count == 1, fields[0].isEmpty else {
        width = fields.count
        return CSV.Record(line: first, fields: fields)
      }
    }
    return nil
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (byte == Self.tab && separator != Self.tab)
  }

  private mutating func skipBlanks() {
    while position < bytes.count, isBlank(bytes[position]) { position += 1 }
  }

  private mutating func takeSeparator() -> Bool {
    guard position < bytes.count, bytes[position] == separator else { return false }
    position += 1
    return true
  }

  /// Takes LF, CRLF or CR where one stands here.
  private mutating func takeLineEnd() {
    guard position < bytes.count else { return }
    let byte = bytes[position]
    guard byte == Self.lineFeed || byte == Self.carriageReturn else { return }
    position += 1
    line += 1
    if byte == Self.carriageReturn, position < bytes.count, bytes[position] == Self.lineFeed {
      position += 1
    }
  }

  /// A field from its first character that is no blank.
  private mutating func plainField() -> String {
    let start = position
    // Read through a buffer: this loop sees every byte of a large table.
    position = bytes.withUnsafeBufferPointer { bytes in
      var end = start
      while end < bytes.count {
        let byte = bytes[end]
        if byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn { break }
        end += 1
      }
      return end
    }
    var end = position
    while end > start, isBlank(bytes[end - 1]) { end -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// A field from its opening quote, and the blanks behind its closing one.
  private mutating func quotedField() throws(CSV.Mistake) -> String {
    let opening = line
    var field: [UInt8] = []
    position += 1
    while position < bytes.count {
      let start = position
      let byte = bytes[position]
      if byte == Self.quote {
        position += 1
        guard position < bytes.count, bytes[position] == Self.quote else {
          try expectEnd()
          return String(decoding: field, as: UTF8.self)
        }
        position += 1
        field.append(byte)
      } else if byte == Self.lineFeed || byte == Self.carriageReturn {
        takeLineEnd()
        field += bytes[start..<position]
      } else {
        position += 1
        field.append(byte)
      }
    }
    throw CSV.Mistake(line: opening, reason: "a quote is not closed")
  }

  private mutating func expectEnd() throws(CSV.Mistake) {
    skipBlanks()
    guard position < bytes.count else { return }
    let byte = bytes[position]
    guard byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn else {
      throw CSV.Mistake(
        line: line, reason: "text follows a closing quote; double a quote inside a quoted field")
    }
  }
}
