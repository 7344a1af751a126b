import GFNParameters

/// What all sequence environments share: an alphabet, a length and a reward for every full sequence.
struct SequenceTask: Sendable {
  let specification: EnvironmentSpecification
  let alphabet: [UInt8]
  let length: Int
  let shape: SequenceShape
  let logRewardClip: Double?
  let rewards: SequenceReward
  let modes: (any ModeSet)?
  /// How scores became rewards.
  let note: String?

  /// The mark of an empty slot in a state's cells and in its text.
  static let empty: Int32 = -1
  private static let blank = UInt8(ascii: "_")
  /// Up to this many scores of an array are turned into rewards at once.
  static let mostComputedAtOnce = 1 << 20

  /// - Parameter mostAtOnce: for tests, which want a small table left where it is.
  init(
    _ options: Options, _ read: FileReader, mostAtOnce: Int = mostComputedAtOnce
  ) throws {
    let preset = SequencePreset.named(options.text("preset"))
    guard let length = options.integer("length") ?? preset?.length else {
      throw CoreError.option(name: "length", reason: "is missing; give length= or preset=tfbind8")
    }
    guard let letters = options.text("alphabet") ?? preset?.alphabet else {
      throw CoreError.option(name: "alphabet", reason: "is missing; give alphabet=ACGT or preset=")
    }
    let alphabet = try Self.alphabet(letters)
    specification = EnvironmentSpecification(kind: "sequence", options: options)
    self.alphabet = alphabet
    self.length = length
    logRewardClip = EnvironmentKind.logClip(options)
    let least = try Self.least(options, length)
    let shape = SequenceShape(length: length, letters: alphabet.count, least: least)
    self.shape = shape
    guard !options.hasOtherRewards else {
      rewards = .none
      note = nil
      modes = try Self.listedModes(options, read, alphabet, shape)
      return
    }
    guard let path = options.text("rewards") else {
      throw CoreError.option(
        name: "rewards",
        reason:
          "is missing; give a table rewards=FILE, a formula reward=\"…\" or a program program=\"…\""
      )
    }
    let transform = RewardTransform(options, preset)
    let share = preset?.modeShare ?? SequencePreset.usualModeShare
    let best: any ModeSet
    switch try Scores(path, alphabet, length, read, mostAtOnce: mostAtOnce) {
    case .values(let scores):
      let fitted = try transform.fitted(
        low: scores.reduce(.infinity, min), high: scores.reduce(-.infinity, max))
      let values = scores.map { fitted($0) }
      rewards = SequenceReward(values)
      note = fitted.note
      best = ListedModes(ListedModes.greatest(values, fraction: share)) { shape.index(of: $0) }
    case .array(let array, let range, let pool):
      let fitted = try transform.fitted(low: range.low, high: range.high)
      rewards = .scores(array, fitted)
      note = fitted.note
      guard options.text("modes") == nil else {
        best = ListedModes([]) { shape.index(of: $0) }
        break
      }
      let count = Int((Double(array.count) * share).rounded(.up))
      best = TopModes(top: TopScores(array, count: count, fitted, pool), shape: shape)
    }
    modes = try Self.listedModes(options, read, alphabet, shape) ?? best
  }

  /// Its letters, when they are different printable ones.
  private static func alphabet(_ letters: String) throws -> [UInt8] {
    let alphabet = Array(letters.utf8)
    guard (2...64).contains(alphabet.count), Set(alphabet).count == alphabet.count,
      alphabet.allSatisfy({ $0 > 32 && $0 < 127 && $0 != blank && $0 != UInt8(ascii: ",") })
    else {
      throw CoreError.option(
        name: "alphabet",
        reason: "'\(letters)' must be 2 to 64 different printable ASCII letters, no '_' or ','")
    }
    return alphabet
  }

  /// - Throws: `CoreError.option` where it cannot be.
  private static func least(_ options: Options, _ length: Int) throws -> Int {
    guard let least = options.integer("min_length") else { return length }
    guard options.text("mode") == "append" || options.text("mode") == "append-prepend" else {
      throw CoreError.option(
        name: "min_length",
        reason:
          "a sequence that is filled has one length; choose mode=append or mode=append-prepend")
    }
    guard least <= length else {
      throw CoreError.option(
        name: "min_length", reason: "\(least) is more than length=\(length); choose at most that")
    }
    return least
  }

  /// The modes of the file that the options name.
  private static func listedModes(
    _ options: Options, _ read: FileReader, _ alphabet: [UInt8], _ shape: SequenceShape
  ) throws -> ListedModes? {
    guard let list = options.text("modes") else { return nil }
    let listed = try listed(
      try read(list), path: list, alphabet, shape.least...shape.length)
    return ListedModes(
      listed.map { cells in
        cells.withUnsafeBufferPointer { $0.baseAddress.map(shape.number) ?? 0 }
      }
    ) { shape.number(of: $0) }
  }

  /// A task whose rewards need no table.
  init(
    _ specification: EnvironmentSpecification, alphabet: String, length: Int,
    _ rewards: SequenceReward, modes: any ModeSet
  ) {
    self.specification = specification
    self.alphabet = Array(alphabet.utf8)
    self.length = length
    shape = SequenceShape(length: length, letters: self.alphabet.count)
    logRewardClip = EnvironmentKind.logClip(specification.options)
    self.rewards = rewards
    self.modes = modes
    note = nil
  }

  /// The raw scores of a file.
  private enum Scores {
    case values([Double])
    /// Too many for a copy: their range, and the threads that found it.
    case array(NumpyArray, ScoreRange, ThreadPool)

    init(
      _ path: String, _ alphabet: [UInt8], _ length: Int, _ read: FileReader, mostAtOnce: Int
    ) throws {
      let bytes = try read.map(path)
      guard path.lowercased().hasSuffix(".npy") || NumpyArray.isOne(bytes) else {
        self = .values(
          try RewardTable(
            [UInt8](bytes.data), path: path, alphabet: alphabet, length: length
          ).scores)
        return
      }
      let array = try NumpyArray(bytes, path: path, letters: alphabet.count, length: length)
      let isSmall = array.count <= mostAtOnce
      // Reading a large file from its storage is worth all processors for a moment.
      let pool = ThreadPool(threads: isSmall ? 1 : ThreadPool.availableProcessors)
      let range = ScoreRange(array, pool)
      if let index = range.unusable {
        throw CoreError.file(
          path: path, line: nil,
          reason: "the score of '\(RewardTable.word(index, alphabet, length))' (index \(index)) is "
            + "\(array[index].isNaN ? "nan" : "infinite")")
      }
      self =
        isSmall
        ? .values((0..<array.count).map { array[$0] }) : .array(array, range, pool)
    }
  }

  var objects: Int? { power(alphabet.count, length) }

  func reward(_ state: StatePointer) -> Double { rewards.reward(state, shape) }

  func logReward(_ state: StatePointer) -> Double { rewards.logReward(state, shape) }

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
        throw CoreError.state(
          text: word, reason: "sequences have at most \(counted(length, "letter"))")
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

  /// The cells of the sequences that a file lists, one a line.
  static func listed(
    _ bytes: [UInt8], path: String, _ alphabet: [UInt8], _ lengths: ClosedRange<Int>
  ) throws -> [[Int32]] {
    var result: [[Int32]] = []
    var seen: Set<[Int32]> = []
    for (line, row) in try UTF8Text(bytes, path: path).lines where !row.isEmpty {
      let cells = row.compactMap { alphabet.firstIndex(of: $0).map(Int32.init) }
      guard cells.count == row.count, lengths.contains(cells.count) else {
        // What a file says is told only once it has proved to be such a list.
        let shown = result.isEmpty ? "this" : "'\(String(decoding: row, as: UTF8.self))'"
        throw CoreError.file(
          path: path, line: line,
          reason: "\(shown) is no sequence of "
            + (lengths.count == 1 ? "" : "\(lengths.lowerBound) to ")
            + "\(counted(lengths.upperBound, "letter")) "
            + "over \(String(decoding: alphabet, as: UTF8.self))")
      }
      guard seen.insert(cells).inserted else {
        throw CoreError.file(
          path: path, line: line,
          reason: "lists the mode '\(String(decoding: row, as: UTF8.self))' twice")
      }
      result.append(
        cells + [Int32](repeating: Self.empty, count: lengths.upperBound - cells.count))
    }
    guard !result.isEmpty else {
      throw CoreError.file(path: path, line: nil, reason: "lists no mode")
    }
    return result
  }
}

extension EnvironmentKind {
  static let sequence = EnvironmentKind(
    name: "sequence",
    summary: "sequences, built letter by letter",
    parameters: [
      Parameter(
        "mode",
        .enumeration([
          Choice("fill", "write a letter into any empty slot"),
          Choice("append", "add a letter at the end: every word has one parent"),
          Choice("append-prepend", "add a letter at either end"),
        ]), default: "fill", help: "how a sequence grows"),
      Parameter(
        "preset",
        .enumeration(SequencePreset.all.map { Choice($0.name, $0.help) }),
        help: "the constants of a published benchmark"),
      Parameter("length", .integer(1...64), help: "letters in a full sequence"),
      Parameter(
        "min_length", .integer(1...64), default: .described("length"),
        help: "a sequence may end from so many letters on (mode=append, append-prepend)"),
      Parameter("alphabet", .text, help: "the letters, as one word"),
      Parameter("rewards", .path(.read), help: "table of scores: .tsv, .csv, .jsonl or .npy"),
      Parameter("exponent", .number(.positive), default: 1, help: "power of the score"),
      Parameter(
        "max", .either([.number(.positive), .enumeration([Choice("none", "do not scale")])]),
        default: 10, help: "the greatest reward"),
      Parameter("min", .number(.nonNegative), default: 0.001, help: "the least score"),
      Parameter(
        "normalize",
        .enumeration([
          Choice("none", "scores as they are"),
          Choice("minmax", "scores scaled to 0…1 first"),
        ]), default: "none", help: "what happens to the scores first"),
      Parameter(
        "sigmoid", .number(.nonNegative), default: 0,
        help: "then y becomes 1/(1 + exp(−sigmoid·y)); 0 leaves it as it is"),
      Parameter("modes", .path(.read), help: "file with one mode a line"),
      clip,
    ],
    rewardParameters: [
      "rewards", "exponent", "max", "min", "normalize", "sigmoid", "modes", "clip",
    ],
    formulasOver: ["x", "size", "length"],
    details: """
      A reward is the score, normalised, passed through the sigmoid, raised to at least min, taken to \
      the power exponent and scaled so that the greatest is max. The modes are those of the file, else \
      the 0.5 % of sequences with the greatest reward (preset=seh: 0.1 %), ties in index order.

      Columns (.tsv, .csv): an object and a score a line, separated by a tab or a comma. A header may \
      name them object, sequence or x, and score, reward or y; else they are the first two, and a \
      second column with reverse complements is understood.
      JSON Lines (.jsonl): {"object": "ACGT", "score": 1.5}, with the same names.
      NumPy (.npy): little-endian float32 or float64 in C order, of shape (N^length,) or (N, …, N), the \
      first letter the most significant. Large ones stay in the file and are read where they are \
      looked at: do not change it meanwhile.

      tfbind8: 65,536 words of ACGT as SIX6_REF_R1_8mers.txt has them. tfbind10: 4^10 words of ACGT. \
      qm9: 11^5 words of 0…9 and a. seh: 18^6 words of 0…9 and a…h, best as .npy. Words of tfbind10 can be \
      evaluated exactly in either mode; those of seh in neither: 'evaluate samples=1000'.
      """,
    make: { options, read in
      let task = try SequenceTask(options, read)
      switch options.text("mode") {
      case "append": return GrowingSequence(task, ends: 1)
      case "append-prepend": return GrowingSequence(task, ends: 2)
      default: return FillSequence(task)
      }
    })
}
