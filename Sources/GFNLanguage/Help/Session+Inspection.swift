/// What there is to say on a word of an unfinished text.
package struct Inspection: Sendable {
  package var word: String
  /// Lines of plain text.
  package var text: String
}

extension Session {
  /// Explains the word at a place of a text: a variable by its value, any other word by its help, and
  /// where there is none, the command around it.
  /// - Parameter offset: of the cursor, in UTF-8 units; clamped to the text.
  package func inspection(of text: String, at offset: Int) -> Inspection? {
    let bytes = Array(text.utf8)
    let cursor = min(max(0, offset), bytes.count)
    let start = bytes[..<cursor].lastIndex(where: Self.partsWords).map { $0 + 1 } ?? 0
    let end = bytes[cursor...].firstIndex(where: Self.partsWords) ?? bytes.count
    let word = String(decoding: bytes[start..<end], as: UTF8.self)
    if word.hasPrefix("$") {
      let name = word.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      // In `$r.tv` the cursor may stand on either.
      if cursor - start <= name.utf8.count + 1, let found = variable(String(name)) { return found }
    }
    let help = Help(commands: commands, definitions: definitions)
    let last = word.split(separator: ".").last.map(String.init) ?? ""
    let command = CompletionPlace(bytes[..<cursor]).words.first ?? ""
    if bytes[end...].first == UInt8(ascii: "="), let text = help.text(on: word, of: command) {
      return Inspection(word: word, text: text)
    }
    for topic in [word, last, command] where !topic.isEmpty {
      if let text = help.text(on: topic) { return Inspection(word: topic, text: text) }
    }
    return nil
  }

  private func variable(_ name: String) -> Inspection? {
    guard let value = variables[name] ?? (name == "it" ? lastShown : nil) else { return nil }
    let text = value.displayText
    let shown = text.count <= Self.longestValue ? text : text.prefix(Self.longestValue) + "…"
    return Inspection(word: "$\(name)", text: "$\(name), \(value.kindDescription)\n  \(shown)")
  }

  private static let longestValue = 1_000

  /// Whether no word that has help contains the byte; minus and point are in `RL-G` and `$r.tv`.
  private static func partsWords(_ byte: UInt8) -> Bool {
    " \t\r\n\"'=,:;()[]{}<>?!#+*/%^|\\".utf8.contains(byte)
  }
}
