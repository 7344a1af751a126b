import GFNParameters

extension JSONNode {
  /// A text as notebooks keep it: a list of lines, each with its newline.
  static func lines(_ text: String) -> JSONNode {
    let bytes = Array(text.utf8)
    var lines: [JSONNode] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      lines.append(.text(String(decoding: bytes[start...index], as: UTF8.self)))
      start = index + 1
    }
    if start < bytes.count { lines.append(.text(String(decoding: bytes[start...], as: UTF8.self))) }
    return .list(lines)
  }
}
