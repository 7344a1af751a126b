import GFNParameters

/// Bit sequences: filled like any sequence, over the letters 0 and 1, with rewards that fall with the
/// Hamming distance to the nearest mode.
extension EnvironmentKind {
  static let bitsequence = EnvironmentKind(
    name: "bitsequence",
    summary: "bits filled in any order, rewarded by the distance to the nearest mode",
    parameters: [
      Parameter("length", .integer(1...64), default: 12, help: "bits in a full sequence"),
      Parameter(
        "modes", .either([.integer(SequenceTask.modeCounts), .path(.read)]), default: 8,
        help: "how many random modes, or a file with one mode a line"),
      Parameter(
        "modes_seed", .integer(0...Int.max), default: 0,
        help: "another number makes other random modes"),
      Parameter(
        "alpha", .number(.positive), default: 1, help: "how fast rewards fall with the distance"),
      clip,
    ],
    rewardParameters: ["modes", "modes_seed", "alpha", "clip"],
    formulasOver: ["x", "size", "length"],
    details: """
      log R(x) = −alpha · the least Hamming distance of x to a mode. States are typed as bits, _ where \
      empty: "01__". The random modes depend on modes_seed alone, not on the seed. Up to length 15 the \
      environment can be evaluated exactly; beyond, by 'evaluate samples=1000'.
      """,
    make: { options, read in
      FillSequence(try SequenceTask(bits: options, read))
    })
}

extension SequenceTask {
  /// How many random modes there may be.
  fileprivate static let modeCounts = 1...100_000

  init(bits options: Options, _ read: FileReader) throws {
    let length = options.integer("length", of: .bitsequence)
    let alphabet = "01"
    let modes: [UInt64]
    let count = options.number("modes") ?? options.text("modes").flatMap(Double.init)
    guard count.map({ Int(exactly: $0).map(Self.modeCounts.contains) ?? false }) ?? true else {
      throw CoreError.option(
        name: "modes", reason: "must be a number from 1 to \(Self.modeCounts.upperBound), or a file"
      )
    }
    if count == nil, let path = options.text("modes") {
      modes = try Self.listed(
        try read(path), path: path, Array(alphabet.utf8), length...length
      ).map { cells in
        cells.withUnsafeBufferPointer { buffer in
          buffer.baseAddress.map { HammingReward.bits($0, length) } ?? 0
        }
      }
    } else {
      modes = try HammingReward.modes(
        count.flatMap { Int(exactly: $0) } ?? 8, length: length,
        seed: UInt64(options.integer("modes_seed", of: .bitsequence)))
    }
    let reward = HammingReward(alpha: options.number("alpha", of: .bitsequence), modes: modes)
    self.init(
      EnvironmentSpecification(kind: "bitsequence", options: options), alphabet: alphabet,
      length: length, .hamming(reward), modes: HammingModes(reward: reward, length: length))
  }
}
