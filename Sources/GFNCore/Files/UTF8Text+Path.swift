import GFNParameters

extension UTF8Text {
  /// - Throws: `CoreError.notText`.
  init(_ bytes: [UInt8], path: String) throws {
    do {
      try self.init(bytes)
    } catch {
      throw CoreError.notText(path: path, remedy: error.remedy(path))
    }
  }
}
