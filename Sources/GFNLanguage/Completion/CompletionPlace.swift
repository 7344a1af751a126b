/// Where in a line the cursor stands, found without a parse, as the line is not finished.
struct CompletionPlace {
  enum Kind {
    /// A statement starts here.
    case statement
    /// In the place of a value, where a command may stand: after `let x =` or `(`.
    case valueOrCommand
    /// An argument of the command whose words are `words`.
    case argument
    /// Behind `$`.
    case variable
    /// Inside a string that is an argument, of the option where it is named.
    case quoted(option: String?)
    /// Where nothing can be said.
    case nothing
  }

  var kind: Kind
  /// The words of the command so far, without the one being typed.
  var words: [String]
  /// Where the word being typed starts; its text.
  var start: Int
  var prefix: String

  /// Words that start another statement behind them.
  private static let leading: Set<String> = ["time", "quiet", "return", "else"]

  /// - Parameter bytes: the text up to the cursor.
  init(_ bytes: ArraySlice<UInt8>) {
    var scanner = Scanner(bytes: bytes)
    scanner.scan()
    words = scanner.words
    start = scanner.wordStart ?? bytes.endIndex
    prefix = String(decoding: bytes[start...], as: UTF8.self)
    kind = .nothing
    if let quote = scanner.quoteStart {
      // Within a string the variable of a `{$…` can be completed, or the name of a file.
      let inside = bytes[(quote + 1)...]
      guard let dollar = inside.lastIndex(of: UInt8(ascii: "$")),
        inside[inside.index(after: dollar)...].allSatisfy(Lexer.isNamePart)
      else {
        let name = String(decoding: bytes[start..<max(start, quote)], as: UTF8.self)
        dropLeading()
        // What stands before the command goes.
        _ = place(scanner)
        kind = .quoted(option: name.hasSuffix("=") ? String(name.dropLast()) : nil)
        start = quote + 1
        prefix = String(decoding: inside, as: UTF8.self)
        return
      }
      start = dollar
      prefix = String(decoding: bytes[dollar...], as: UTF8.self)
      kind = .variable
      return
    }
    if let dollar = prefix.utf8.lastIndex(of: UInt8(ascii: "$")) {
      let rest = prefix.utf8[prefix.utf8.index(after: dollar)...]
      guard rest.allSatisfy(Lexer.isNamePart) else { return }
      start += prefix.utf8.distance(from: prefix.utf8.startIndex, to: dollar)
      prefix = String(decoding: bytes[start...], as: UTF8.self)
      kind = .variable
      return
    }
    dropLeading()
    kind = place(scanner)
  }

  private mutating func dropLeading() {
    while let first = words.first, Self.leading.contains(first) { words.removeFirst() }
  }

  private mutating func place(_ scanner: Scanner) -> Kind {
    guard let first = words.first else {
      return scanner.isInParentheses ? .valueOrCommand : .statement
    }
    if first == StatementWord.let.rawValue {
      guard let sign = words.firstIndex(where: { $0 == "=" || $0 == "?=" }) else { return .nothing }
      words.removeFirst(sign + 1)
      if words.first == StatementWord.time.rawValue { words.removeFirst() }
      return words.isEmpty ? .valueOrCommand : .argument
    }
    return StatementWord(rawValue: first) == nil ? .argument : .nothing
  }

  /// Walks over the text and keeps the words of the innermost unfinished command.
  private struct Scanner {
    let bytes: ArraySlice<UInt8>
    var words: [String] = []
    var wordStart: Int?
    var quoteStart: Int?
    private var outer: [(words: [String], close: UInt8)] = []

    init(bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    var isInParentheses: Bool { outer.last?.close == UInt8(ascii: ")") }

    mutating func scan() {
      var offset = bytes.startIndex
      while offset < bytes.endIndex {
        let byte = bytes[offset]
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
          guard let end = closing(byte, from: offset) else {
            quoteStart = offset
            return
          }
          wordStart = wordStart ?? offset
          offset = end
        case UInt8(ascii: "#") where wordStart == nil:
          while offset < bytes.endIndex, bytes[offset] != .newline { offset += 1 }
          offset -= 1
          words = offset + 1 < bytes.endIndex ? words : ["#"]
        case UInt8(ascii: " "), UInt8(ascii: "\t"): endWord(offset)
        case .newline, UInt8(ascii: ";"), UInt8(ascii: "{"), UInt8(ascii: "}"):
          endWord(offset)
          // Within brackets a newline is a blank.
          if byte != .newline || outer.isEmpty { (words, outer) = ([], []) }
        case UInt8(ascii: "("), UInt8(ascii: "["):
          open(byte, offset)
        case UInt8(ascii: ")"), UInt8(ascii: "]"):
          endWord(offset)
          words = (outer.popLast()?.words ?? []) + ["()"]
        case UInt8(ascii: ",") where !outer.isEmpty:
          endWord(offset)
        case UInt8(ascii: "?") where words.isEmpty && wordStart == nil:
          words = ["help"]
        default: wordStart = wordStart ?? offset
        }
        offset += 1
      }
    }

    private mutating func open(_ bracket: UInt8, _ offset: Int) {
      let isList = bracket == UInt8(ascii: "[")
      let option = wordStart.map { String(decoding: bytes[$0..<offset], as: UTF8.self) }
      wordStart = nil
      outer.append((words, isList ? UInt8(ascii: "]") : UInt8(ascii: ")")))
      // The elements of a list are completed as values of the option that it belongs to.
      guard isList else {
        words = []
        return
      }
      if words.last?.hasPrefix(Self.listMark) == true { words.removeLast() }
      words.append(Self.listMark + (option ?? ""))
    }

    private mutating func endWord(_ offset: Int) {
      guard let start = wordStart else { return }
      words.append(String(decoding: bytes[start..<offset], as: UTF8.self))
      wordStart = nil
    }

    private func closing(_ quote: UInt8, from start: Int) -> Int? {
      var offset = start + 1
      while offset < bytes.endIndex {
        if bytes[offset] == quote { return offset }
        offset += bytes[offset] == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"") ? 2 : 1
      }
      return nil
    }

    static let listMark = "["
  }

  /// The words before the list that is being typed: `compare` in `compare [TB-U, R`.
  var wordsBeforeList: ArraySlice<String> { words.prefix { !$0.hasPrefix(Scanner.listMark) } }

  /// The option whose list is being typed: `measure` in `measure=[tv, j`; empty where the list is a
  /// positional argument.
  var listOption: String? {
    guard let mark = words.last(where: { $0.hasPrefix(Scanner.listMark) }) else { return nil }
    return String(mark.dropFirst().prefix { $0 != "=" })
  }
}
