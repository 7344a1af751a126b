import Foundation

/// Swift sources by path, without their comments and string literals: what tests of the arrows between
/// folders, or between targets, read.
struct SourceTree {
  struct File {
    /// Below the root: `Training/Adam.swift`.
    var path: String
    /// A blank stands for every byte that is no code.
    var lines: [Substring]

    /// The first part of the path.
    var folder: String { String(path.prefix { $0 != "/" }) }
  }

  var files: [File]

  init(_ texts: [String: String]) {
    files = texts.sorted { $0.key < $1.key }.map { path, text in
      File(
        path: path,
        lines: SwiftCode.of(text).split(separator: "\n", omittingEmptySubsequences: false))
    }
  }

  /// All Swift files below a folder of the repository: `Sources/GFNCore`.
  init(at folder: String) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: folder)
    var texts: [String: String] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: root.path())
    where path.hasSuffix(".swift") {
      texts[path] = try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
    self.init(texts)
  }

  var folders: Set<String> { Set(files.map(\.folder)) }

  /// The folder that declares each type and each function at the top level. Names that stand for several
  /// things are left out: those that two folders declare, nested types included.
  func declarations() -> [String: String] {
    var outer: [String: Set<String>] = [:]
    var all: [String: Set<String>] = [:]
    for file in files {
      for line in file.lines {
        guard let (name, isPrivate) = Self.declaration(in: line) else { continue }
        all[name, default: []].insert(file.folder)
        if line.first != " ", !isPrivate { outer[name, default: []].insert(file.folder) }
      }
    }
    return outer.compactMapValues { $0.count == 1 ? $0.first : nil }.filter {
      all[$0.key]?.count == 1
    }
  }

  private static let keywords: Set<Substring> = [
    "class", "struct", "enum", "protocol", "actor", "typealias", "func",
  ]

  /// The type or the function that a line declares, behind its modifiers.
  private static func declaration(in line: Substring) -> (name: String, isPrivate: Bool)? {
    let words = line.split(separator: " ", maxSplits: 6)
    guard let place = words.firstIndex(where: keywords.contains), place + 1 < words.count,
      words[..<place].allSatisfy({ $0.allSatisfy { $0.isLetter || "@()_".contains($0) } })
    else { return nil }
    let name = words[place + 1].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    return (String(name), words[..<place].contains { $0.hasSuffix("private") })
  }

  /// The names in a line that are no members of something: not behind a point. A name that begins with a
  /// small letter counts where it is called.
  static func names(in line: Substring) -> [String] {
    var names: [String] = []
    var rest = line
    var previous: Character = " "
    while let first = rest.first {
      guard first.isLetter || first == "_" else {
        previous = first
        rest.removeFirst()
        continue
      }
      let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      rest.removeFirst(name.count)
      if previous != ".", first.isUppercase || rest.first == "(" { names.append(String(name)) }
      previous = "a"
    }
    return names
  }
}

/// Swift text with blanks in place of comments and string literals; what is interpolated is code.
private struct SwiftCode {
  private let bytes: [UInt8]
  private var place = 0
  private var result: [UInt8] = []

  static func of(_ text: String) -> String {
    var scanner = SwiftCode(bytes: Array(text.utf8))
    while scanner.place < scanner.bytes.count { scanner.code() }
    return String(decoding: scanner.result, as: UTF8.self)
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func has(_ word: String) -> Bool { bytes[place...].starts(with: word.utf8) }

  private mutating func blank(_ count: Int = 1) {
    for byte in bytes[place...].prefix(count) {
      result.append(byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " "))
      place += 1
    }
  }

  /// Up to the parenthesis that closes one more than were opened, or to the end.
  private mutating func code() {
    var depth = 0
    while place < bytes.count, depth >= 0 {
      let hashes = bytes[place...].prefix { $0 == UInt8(ascii: "#") }.count
      if has("//") {
        while place < bytes.count, !has("\n") { blank() }
      } else if has("/*") {
        comment()
      } else if bytes[(place + hashes)...].first == UInt8(ascii: "\"") {
        literal(String(repeating: "#", count: hashes))
      } else {
        if has("(") { depth += 1 }
        if has(")") { depth -= 1 }
        result.append(bytes[place])
        place += 1
      }
    }
  }

  private mutating func comment() {
    blank(2)
    while place < bytes.count, !has("*/") {
      if has("/*") { comment() } else { blank() }
    }
    blank(2)
  }

  private mutating func literal(_ hashes: String) {
    blank(hashes.utf8.count)
    let quotes = has("\"\"\"") ? "\"\"\"" : "\""
    blank(quotes.utf8.count)
    while place < bytes.count, !has(quotes + hashes) {
      guard has("\\" + hashes) else {
        blank()
        continue
      }
      blank(1 + hashes.utf8.count)
      let isInterpolated = place < bytes.count && has("(")
      blank()
      if isInterpolated { code() }
    }
    blank(quotes.utf8.count + hashes.utf8.count)
  }
}
