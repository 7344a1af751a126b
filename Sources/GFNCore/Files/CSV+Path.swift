import GFNParameters

extension CSV {
  /// All records of a file.
  /// - Throws: `CoreError.file` that names the line.
  static func records(_ bytes: [UInt8], path: String) throws -> [Record] {
    do {
      return try records(bytes)
    } catch {
      throw CoreError.file(path: path, line: error.line, reason: error.reason)
    }
  }
}
