import GFNParameters

/// Scores of all sequences of one length over one alphabet, read from a table of objects and scores.
///
/// Index order: the first letter is the most significant.
struct RewardTable: Sendable {
  /// Raw scores, `alphabet.count ^ length` of them.
  let scores: [Double]

  /// What a column may be called, for a table or for a JSON object.
  static let objectNames = ["object", "sequence", "x"]
  static let scoreNames = ["score", "reward", "y"]

  /// Reads a table: JSON Lines where the file's extension says so, else columns.
  /// - Throws: `CoreError.file` for objects that are missing, unknown or given twice, and for scores
  ///   that are not finite numbers; `CoreError.notText`.
  init(_ bytes: [UInt8], path: String, alphabet: [UInt8], length: Int) throws {
    var rows = try ScoreRows(path: path, alphabet: alphabet, length: length)
    let text = try UTF8Text(bytes, path: path)
    try rows.read(bytes, text)
    scores = try rows.complete()
  }

  static func isJSONLines(_ path: String) -> Bool {
    let name = path.lowercased()
    return [".jsonl", ".ndjson", ".json"].contains { name.hasSuffix($0) }
  }

  /// The sequence at an index.
  static func word(_ index: Int, _ alphabet: [UInt8], _ length: Int) -> String {
    var rest = index
    var letters = [UInt8](repeating: 0, count: length)
    for position in letters.indices.reversed() {
      letters[position] = alphabet[rest % alphabet.count]
      rest /= alphabet.count
    }
    return String(decoding: letters, as: UTF8.self)
  }
}

/// What takes the objects and scores of a file as they are read.
protocol ScoreReading {
  var path: String { get }
  /// What the file says may be told: something in it was such a table's.
  var isProven: Bool { get set }
  /// A second column that holds no number is the first one's reverse complement.
  var hasComplements: Bool { get }
  /// A `;` may be part of an object.
  var takesSemicolons: Bool { get }
  /// - Parameter place: names the column, for errors.
  mutating func take(_ object: String, _ score: Double, line: Int, _ place: String) throws
}

extension ScoreReading {
  /// JSON Lines where the file's extension says so, else columns.
  mutating func read(_ bytes: [UInt8], _ text: UTF8Text) throws {
    if RewardTable.isJSONLines(path) {
      try readJSONLines(text)
    } else {
      try readColumns(bytes)
    }
  }

  func refuse(_ line: Int, _ reason: String) -> CoreError {
    .file(path: path, line: line, reason: reason)
  }

  func quoted(_ text: String, or name: String) -> String { isProven ? "'\(text)'" : name }
}

/// A reward table while it is read: every object at most once, in the end each.
struct ScoreRows: ScoreReading {
  let path: String
  var hasComplements: Bool { true }
  var takesSemicolons: Bool { alphabet.contains(UInt8(ascii: ";")) }
  let alphabet: [UInt8]
  private let length: Int
  /// The digit of each byte, −1 where it is no letter.
  private var digits = [Int](repeating: -1, count: 256)
  private var scores: [Double]
  /// What the file says may be told: something in it was such a table's.
  var isProven = false

  init(path: String, alphabet: [UInt8], length: Int) throws {
    guard let count = power(alphabet.count, length), count <= 1 << 27 else {
      throw CoreError.tooLarge(
        what: "a reward table of all sequences of length \(length) over \(alphabet.count) letters",
        size: "more than 2^27 scores",
        remedy: "choose a smaller length or alphabet, or a table in .npy")
    }
    self.path = path
    self.alphabet = alphabet
    self.length = length
    for (digit, letter) in alphabet.enumerated() { digits[Int(letter)] = digit }
    scores = [Double](repeating: .nan, count: count)
  }

  mutating func take(_ object: String, _ score: Double, line: Int, _ place: String) throws {
    try set(index(of: object, line: line, place), score, line: line)
  }

  /// The terminating index of an object; `place` names its column.
  private func index(of object: String, line: Int, _ place: String) throws -> Int {
    let letters = object.utf8
    let name = quoted(object, or: "the object")
    guard letters.count == length else {
      throw refuse(
        line,
        "\(name) has \(counted(letters.count, "letter")), the sequences here have \(length)\(place)"
      )
    }
    var index = 0
    for letter in letters {
      guard digits[Int(letter)] >= 0 else {
        throw refuse(
          line,
          "\(name) holds \(quoted(text([letter]), or: "another letter")), the alphabet is "
            + "\(text(alphabet))\(place)")
      }
      index = index * alphabet.count + digits[Int(letter)]
    }
    return index
  }

  private mutating func set(_ index: Int, _ score: Double, line: Int) throws {
    guard scores[index].isNaN else {
      throw refuse(line, "'\(RewardTable.word(index, alphabet, length))' already has a score")
    }
    scores[index] = score
    isProven = true
  }

  /// - Throws: `CoreError.file` where an object has no score.
  func complete() throws -> [Double] {
    if let first = scores.firstIndex(where: \.isNaN) {
      let missing = scores.reduce(0) { $0 + ($1.isNaN ? 1 : 0) }
      throw CoreError.file(
        path: path, line: nil,
        reason: "\(missing) of \(counted(scores.count, "sequence")) "
          + "\(missing == 1 ? "has" : "have") no score, the first is "
          + "'\(RewardTable.word(first, alphabet, length))'; missing=SCORE gives them one")
    }
    return scores
  }

  private func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}
