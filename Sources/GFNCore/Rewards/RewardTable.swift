/// Scores of all sequences of one length over one alphabet, read from a table.
///
/// Index order: the first letter is the most significant.
struct RewardTable: Sendable {
  let alphabet: [UInt8]
  let length: Int
  /// Raw scores, `alphabet.count ^ length` of them.
  let scores: [Double]

  /// Reads a tab- or comma-separated table.
  ///
  /// Two columns are object and score. With three or more, where the second holds no number, the
  /// first two are a sequence and its reverse complement, and both get the third column's score (the
  /// layout of universal protein-binding-microarray tables such as SIX6). A first line whose score is no
  /// number is a header.
  /// - Throws: `CoreError.file` for objects that are missing, unknown or given twice, and for scores
  ///   that are not finite numbers.
  init(_ bytes: [UInt8], path: String, alphabet: [UInt8], length: Int) throws {
    self.alphabet = alphabet
    self.length = length
    guard let count = power(alphabet.count, length), count <= 1 << 27 else {
      throw CoreError.tooLarge(
        what: "a reward table of all sequences of length \(length) over \(alphabet.count) letters",
        size: "more than 2^27 scores", remedy: "choose a smaller length or alphabet")
    }
    var digits = [Int](repeating: -1, count: 256)
    for (digit, letter) in alphabet.enumerated() { digits[Int(letter)] = digit }
    var scores = [Double](repeating: .nan, count: count)

    func index(_ field: ArraySlice<UInt8>, line: Int) throws -> Int {
      guard field.count == length else {
        throw CoreError.file(
          path: path, line: line,
          reason: "'\(text(field))' has \(field.count) letters, the sequences here have \(length)")
      }
      return try field.reduce(0) { index, letter in
        guard digits[Int(letter)] >= 0 else {
          throw CoreError.file(
            path: path, line: line,
            reason: "'\(text(field))' holds '\(text([letter]))', the alphabet is \(text(alphabet))")
        }
        return index * alphabet.count + digits[Int(letter)]
      }
    }

    var line = 0
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let content = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
    for row in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      line += 1
      let row = row.last == UInt8(ascii: "\r") ? row.dropLast() : row
      if row.isEmpty { continue }
      let separator = row.contains(UInt8(ascii: "\t")) ? UInt8(ascii: "\t") : UInt8(ascii: ",")
      let fields = row.split(separator: separator, omittingEmptySubsequences: false)
      guard fields.count >= 2 else {
        throw CoreError.file(
          path: path, line: line, reason: "needs an object and a score, separated by a tab")
      }
      let hasComplement = fields.count > 2 && Double(text(fields[1])) == nil
      let score = text(fields[hasComplement ? 2 : 1])
      guard let value = Double(score) else {
        if line == 1 { continue }
        throw CoreError.file(path: path, line: line, reason: "the score '\(score)' is no number")
      }
      guard value.isFinite else {
        throw CoreError.file(path: path, line: line, reason: "the score '\(score)' is not finite")
      }
      let object = try index(fields[0], line: line)
      let complement = hasComplement ? try index(fields[1], line: line) : object
      for (object, field) in zip(
        object == complement ? [object] : [object, complement], [fields[0], fields[1]])
      {
        guard scores[object].isNaN else {
          throw CoreError.file(
            path: path, line: line, reason: "'\(text(field))' already has a score")
        }
        scores[object] = value
      }
    }
    if let first = scores.firstIndex(where: \.isNaN) {
      let missing = scores.reduce(0) { $0 + ($1.isNaN ? 1 : 0) }
      throw CoreError.file(
        path: path, line: nil,
        reason: "\(missing) of \(count) sequences have no score, the first is "
          + "'\(Self.word(first, alphabet, length))'")
    }
    self.scores = scores
  }

  /// The sequence at an index.
  static func word(_ index: Int, _ alphabet: [UInt8], _ length: Int) -> String {
    var rest = index
    var letters = [UInt8](repeating: 0, count: length)
    for position in letters.indices.reversed() {
      letters[position] = alphabet[rest % alphabet.count]
      rest /= alphabet.count
    }
    return text(letters)
  }
}

private func text(_ bytes: some Sequence<UInt8>) -> String {
  String(decoding: Array(bytes), as: UTF8.self)
}

/// From raw scores to rewards: min-max normalise, raise to at least `minimum`, take the power
/// `exponent`, scale so that the greatest is `maximum`.
struct RewardTransform: Sendable, Equatable {
  var normalizes: Bool
  var minimum: Double
  var exponent: Double
  var maximum: Double

  /// - Throws: `CoreError.option` when the result is no reward.
  func callAsFunction(_ scores: [Double]) throws -> [Double] {
    var values = scores
    if normalizes {
      let (low, high) = values.reduce((Double.infinity, -Double.infinity)) {
        (min($0.0, $1), max($0.1, $1))
      }
      guard high > low else {
        throw CoreError.option(
          name: "normalize", reason: "all scores are \(low), there is nothing to normalise")
      }
      for index in values.indices { values[index] = (values[index] - low) / (high - low) }
    }
    for index in values.indices {
      values[index] = power(max(values[index], minimum), exponent)
    }
    let greatest = values.reduce(0, max)
    guard greatest > 0, greatest.isFinite, !values.contains(where: { !$0.isFinite }) else {
      throw CoreError.option(
        name: "exponent",
        reason: "the greatest reward would be \(greatest); choose another exponent, or a min > 0")
    }
    for index in values.indices { values[index] *= maximum / greatest }
    return values
  }
}
