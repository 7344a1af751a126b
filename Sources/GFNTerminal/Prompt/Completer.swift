import GFNFigures
import GFNLanguage
import GFNParameters
import Glibc

/// One way to go on, as readline inserts it and as the list shows it.
struct CompletionMatch: Equatable {
  /// Replaces the part of the line between readline's start and end.
  var insertion: String
  var display: String
  var description: String
  var appendsBlank: Bool
}

/// Asks the session how a line may go on, and the file system where it wants a file.
@MainActor
final class Completer {
  private let session: Session
  /// Words of a guide, with what they do.
  var guideWords: () -> [(word: String, meaning: String)] = { [] }

  init(session: Session) {
    self.session = session
  }

  /// `start` and `end` are byte offsets of the word that readline would replace in `line`.
  func matches(line: String, start: Int, end: Int, pending: String) -> [CompletionMatch] {
    let before = pending.utf8.count
    let list = session.completions(for: pending + line, at: before + end)
    let from = max(0, list.replaceFrom - before)
    let bytes = Array(line.utf8)
    guard from <= end, start <= end, end <= bytes.count else { return [] }
    var candidates = list.candidates
    if pending.isEmpty, bytes[..<from].allSatisfy({ $0 == UInt8(ascii: " ") }) {
      let typed = String(decoding: bytes[from..<end], as: UTF8.self)
      candidates += guideWords().filter { $0.word.hasPrefix(typed) }
        .map { Candidate($0.word, $0.meaning) }
    }
    if list.paths != nil {
      let typed = String(decoding: bytes[from..<end], as: UTF8.self)
      let isQuoted =
        from > 0 && (bytes[from - 1] == UInt8(ascii: "\"") || bytes[from - 1] == UInt8(ascii: "'"))
      candidates += PathCandidates(typed: typed, isQuoted: isQuoted).all
    }
    // What readline inserts it also draws.
    return candidates.filter { visible($0.text) == $0.text }.map { candidate in
      CompletionMatch(
        insertion: Self.insertion(candidate.text, from: from, start: start, line: bytes),
        display: candidate.text, description: candidate.description,
        appendsBlank: candidate.isFinal)
    }
  }

  /// The session replaces from `from`, readline from `start`; the two may break words differently.
  private static func insertion(_ text: String, from: Int, start: Int, line: [UInt8]) -> String {
    if from > start {
      return String(decoding: line[start..<from] + Array(text.utf8), as: UTF8.self)
    }
    return String(decoding: text.utf8.dropFirst(start - from), as: UTF8.self)
  }

  /// What all insertions begin with, and never less than was typed.
  nonisolated static func commonBeginning(of insertions: [String], typed: String) -> String {
    guard let first = insertions.first else { return typed }
    let common = insertions.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
    return common.utf8.count < typed.utf8.count ? typed : common
  }
}

extension String {
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }
}
