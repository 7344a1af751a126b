/// Pieces of Markdown around texts that are none.
enum MarkdownText {
  /// What CommonMark may read as more than itself.
  private static let special: Set<Character> = [
    "\\", "`", "*", "_", "[", "]", "<", ">", "&", "#", "!", "~", "|", "$",
  ]

  /// A line that shows as it is written.
  static func escaped(_ line: String) -> String {
    line.reduce(into: "") { text, character in
      if special.contains(character) { text.append("\\") }
      text.append(character)
    }
  }

  static func unescaped(_ line: String) -> String {
    var text = ""
    var isEscaped = false
    for character in line {
      if isEscaped {
        if !special.contains(character) { text.append("\\") }
        text.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        text.append(character)
      }
    }
    return isEscaped ? text + "\\" : text
  }

  /// A block of text as it is; the fence is longer than any in it.
  static func fenced(_ text: String, _ language: String = "") -> String {
    var longest = 2
    var run = 0
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let end = text.isEmpty || text.hasSuffix("\n") ? "" : "\n"
    return "\(fence)\(language)\n\(text)\(end)\(fence)"
  }
}
