import GFNParameters

extension CSV {
  /// All records of a file.
  /// - Throws: `CoreError.file` that names the line, `CoreError.notText`.
  static func records(_ bytes: [UInt8], path: String) throws -> [Record] {
    _ = try UTF8Text(bytes, path: path)
    let found: [Record]
    do {
      found = try records(bytes)
    } catch {
      throw CoreError.file(path: path, line: error.line, reason: error.reason)
    }
    if let header = found.first, header.fields.count == 1, header.fields[0].contains(";") {
      throw CoreError.file(path: path, line: header.line, reason: semicolons)
    }
    return found
  }

  /// What is wrong with a table as spreadsheets write it where the comma is the decimal point.
  static let semicolons = "its columns are separated by ';'; save it with commas and decimal points"
}
