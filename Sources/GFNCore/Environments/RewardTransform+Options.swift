import GFNParameters

extension RewardTransform {
  /// What the options say, else the preset, else what sequences have.
  init(_ options: Options, _ preset: SequencePreset?) {
    let standard = EnvironmentKind.sequence.parameters
    normalizes =
      options.text("normalize").map { $0 == "minmax" } ?? preset?.transform.normalizes ?? false
    sigmoid =
      options.number("sigmoid") ?? preset?.transform.sigmoid ?? standard.defaultNumber("sigmoid")
    minimum =
      options.number("min") ?? preset?.transform.minimum ?? standard.defaultNumber("min")
    exponent =
      options.number("exponent") ?? preset?.transform.exponent
      ?? standard.defaultNumber("exponent")
    maximum =
      options.text("max") == "none"
      ? nil : options.number("max") ?? preset?.transform.maximum ?? standard.defaultNumber("max")
  }

  /// What the options say, else scores as they are.
  init(_ options: Options) {
    normalizes = options.text("normalize") == "minmax"
    sigmoid = options.number("sigmoid") ?? 0
    minimum = options.number("min") ?? -.infinity
    exponent = options.number("exponent") ?? 1
    maximum = options.text("max") == "none" ? nil : options.number("max")
  }
}
