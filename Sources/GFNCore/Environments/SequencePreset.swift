/// The constants of a published benchmark of sequences (Shen et al. 2023, arXiv:2305.07170; Niu et
/// al. 2024, arXiv:2408.05885): raw scores become rewards by a `RewardTransform`.
struct SequencePreset: Sendable {
  let name: String
  let help: String
  let length: Int
  let alphabet: String
  let transform: RewardTransform
  /// The share of all sequences that are modes.
  let modeShare: Double

  /// The share where no preset is chosen.
  static let usualModeShare = 0.005

  static let all = [
    SequencePreset(
      name: "tfbind8",
      help: "DNA 8-mers over ACGT (SIX6): minmax, min 0.001, exponent 3, max 10",
      length: 8, alphabet: "ACGT",
      transform: RewardTransform(normalizes: true, minimum: 1e-3, exponent: 3, maximum: 10),
      modeShare: usualModeShare),
    SequencePreset(
      name: "tfbind10",
      help: "DNA 10-mers over ACGT (PHO4): sigmoid 3, min 0, exponent 3, max 10",
      length: 10, alphabet: "ACGT",
      transform: RewardTransform(
        normalizes: false, sigmoid: 3, minimum: 0, exponent: 3, maximum: 10),
      modeShare: usualModeShare),
    SequencePreset(
      name: "qm9",
      help: "5 of 11 molecular blocks 0…9 and a (HOMO-LUMO gap): min 0.001, exponent 5, max 10",
      length: 5, alphabet: "0123456789a",
      transform: RewardTransform(normalizes: false, minimum: 1e-3, exponent: 5, maximum: 10),
      modeShare: usualModeShare),
    SequencePreset(
      name: "seh",
      help: "6 of 18 molecular blocks 0…9, a…h (binding to sEH): min 0.001, exponent 6, max 10",
      length: 6, alphabet: "0123456789abcdefgh",
      transform: RewardTransform(normalizes: false, minimum: 1e-3, exponent: 6, maximum: 10),
      modeShare: 0.001),
  ]

  static func named(_ name: String?) -> SequencePreset? { all.first { $0.name == name } }
}
