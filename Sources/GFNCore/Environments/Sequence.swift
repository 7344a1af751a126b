import Glibc

/// What both sequence environments share: an alphabet, a length and a reward for every full sequence.
struct SequenceTask: Sendable {
  let specification: EnvironmentSpecification
  let alphabet: [UInt8]
  let length: Int
  let shape: SequenceShape
  let logRewardClip: Double?
  /// R by terminating index, first letter most significant.
  let rewards: [Double]
  let logRewards: [Double]
  let modes: any ModeSet

  /// The mark of an empty slot in a state's cells and in its text.
  static let empty: Int32 = -1
  private static let blank = UInt8(ascii: "_")

  init(_ options: Options, _ read: FileReader) throws {
    specification = EnvironmentSpecification(kind: "sequence", options: options)
    let preset = try Preset.named(options.text("preset"))
    guard let length = options.integer("length") ?? preset?.length else {
      throw CoreError.option(name: "length", reason: "is missing; give length= or preset=tfbind8")
    }
    guard let letters = options.text("alphabet") ?? preset?.alphabet else {
      throw CoreError.option(name: "alphabet", reason: "is missing; give alphabet=ACGT or preset=")
    }
    guard let path = options.text("rewards") else {
      throw CoreError.option(
        name: "rewards", reason: "is missing; give the table of scores as rewards=FILE")
    }
    let alphabet = Array(letters.utf8)
    guard (2...64).contains(alphabet.count), Set(alphabet).count == alphabet.count,
      alphabet.allSatisfy({ $0 > 32 && $0 < 127 && $0 != Self.blank && $0 != UInt8(ascii: ",") })
    else {
      throw CoreError.option(
        name: "alphabet",
        reason: "'\(letters)' must be 2 to 64 different printable ASCII letters, no '_' or ','")
    }
    self.alphabet = alphabet
    self.length = length
    logRewardClip = EnvironmentKind.logClip(options)
    let table = try RewardTable(
      try read(path), path: path, alphabet: alphabet, length: length)
    let transform = RewardTransform(
      normalizes: options.text("normalize").map { $0 == "minmax" } ?? preset?.normalizes ?? false,
      minimum: options.number("min") ?? preset?.minimum ?? 1e-3,
      exponent: options.number("exponent") ?? preset?.exponent ?? 1,
      maximum: options.number("max") ?? preset?.maximum ?? 10)
    let rewards = try transform(table.scores)
    self.rewards = rewards
    logRewards = rewards.map { log($0) }
    let shape = SequenceShape(length: length, letters: alphabet.count)
    self.shape = shape
    let index: @Sendable (StatePointer) -> Int = { shape.index(of: $0) }
    if let list = options.text("modes") {
      modes = ListedModes(
        try Self.listed(try read(list), path: list, alphabet, length), index: index)
    } else {
      modes = ListedModes(ListedModes.greatest(rewards, fraction: 0.005), index: index)
    }
  }

  var states: Int? { power(alphabet.count + 1, length) }

  func letter(_ index: Int) -> String {
    String(decoding: [alphabet[index]], as: UTF8.self)
  }

  /// Every slot, `_` where empty.
  func text(of state: StatePointer) -> String {
    String(
      decoding: (0..<length).map { state[$0] < 0 ? Self.blank : alphabet[Int(state[$0])] },
      as: UTF8.self)
  }

  /// The cells of a typed word; letters that are not there are empty.
  func cells(_ input: StateInput) throws -> [Int32] {
    switch input {
    case .numbers(let numbers):
      // `0123` and `(0, 1, 2, 3)`: digits are letters where the alphabet has them.
      return try cells(.word(numbers.map(String.init).joined()))
    case .word(let word):
      let letters = Array(word.utf8)
      guard letters.count <= length else {
        throw CoreError.state(text: word, reason: "sequences have at most \(length) letters")
      }
      var cells = try letters.map { letter -> Int32 in
        if letter == Self.blank { return Self.empty }
        guard let index = alphabet.firstIndex(of: letter) else {
          throw CoreError.state(
            text: word, reason: "the alphabet is \(String(decoding: alphabet, as: UTF8.self))")
        }
        return Int32(index)
      }
      cells += [Int32](repeating: Self.empty, count: length - cells.count)
      return cells
    }
  }

  private static func listed(
    _ bytes: [UInt8], path: String, _ alphabet: [UInt8], _ length: Int
  ) throws -> [Int] {
    var result: [Int] = []
    for (line, row) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .enumerated()
    {
      let row = row.last == UInt8(ascii: "\r") ? row.dropLast() : row
      if row.isEmpty { continue }
      let digits = row.compactMap { alphabet.firstIndex(of: $0) }
      guard digits.count == row.count, digits.count == length else {
        throw CoreError.file(
          path: path, line: line + 1,
          reason: "'\(String(decoding: row, as: UTF8.self))' is no sequence of \(length) letters "
            + "over \(String(decoding: alphabet, as: UTF8.self))")
      }
      result.append(digits.reduce(0) { $0 * alphabet.count + $1 })
    }
    guard Set(result).count == result.count, !result.isEmpty else {
      throw CoreError.file(
        path: path, line: nil, reason: result.isEmpty ? "lists no mode" : "lists a mode twice")
    }
    return result
  }

  /// The constants of a published benchmark.
  struct Preset {
    var length: Int
    var alphabet: String
    var normalizes: Bool
    var exponent: Double
    var maximum: Double
    var minimum: Double

    static func named(_ name: String?) throws -> Preset? {
      guard name != nil else { return nil }
      return Preset(
        length: 8, alphabet: "ACGT", normalizes: true, exponent: 3, maximum: 10, minimum: 1e-3)
    }
  }
}

extension EnvironmentKind {
  static let sequence = EnvironmentKind(
    name: "sequence",
    summary: "sequences of one length, built letter by letter, with a table of rewards",
    parameters: [
      Parameter(
        "mode",
        .enumeration([
          Choice("fill", "write a letter into any empty slot"),
          Choice("append-prepend", "add a letter at either end"),
        ]), default: "fill", help: "how a sequence grows"),
      Parameter(
        "preset",
        .enumeration([Choice("tfbind8", "DNA 8-mers: length 8, ACGT, minmax, exponent 3, max 10")]),
        help: "the constants of a published benchmark"),
      Parameter("length", .integer(1...64), help: "letters in a full sequence"),
      Parameter("alphabet", .text, help: "the letters, as one word"),
      Parameter("rewards", .path(.read), help: "table of scores: object, tab, score"),
      Parameter("exponent", .number(.positive), default: "1", help: "power of the score"),
      Parameter("max", .number(.positive), default: "10", help: "the greatest reward"),
      Parameter("min", .number(.nonNegative), default: "0.001", help: "the least score"),
      Parameter(
        "normalize",
        .enumeration([
          Choice("none", "scores as they are"),
          Choice("minmax", "scores scaled to 0…1 first"),
        ]), default: "none", help: "what happens to the scores first"),
      Parameter("modes", .path(.read), help: "file with one mode a line"),
      clip,
    ],
    rewardParameters: ["rewards", "exponent", "max", "min", "normalize", "modes", "clip"],
    details: """
      A reward is the score, normalised, raised to at least min, taken to the power exponent and \
      scaled so that the greatest is max. The modes are those of the file, else the 0.5 % of \
      sequences with the greatest reward. The table has an object and a score a line, separated by \
      a tab; a second column with reverse complements is understood.
      """,
    make: { options, read in
      let task = try SequenceTask(options, read)
      return options.text("mode") == "append-prepend"
        ? AppendPrependSequence(task) : FillSequence(task)
    })
}
