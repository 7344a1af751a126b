package import GFNParameters

extension EnvironmentKind {
  /// Makes one with these options.
  /// - Throws: `CoreError`.
  package func make(_ options: Options, _ reader: FileReader) throws -> any Environment {
    try GivenRewards.make(options, reader, self, own: own)
  }

  /// What a change of the reward leaves of earlier options: another source takes the place of the one there
  /// was, with all that belonged to it.
  package func rewardOptions(_ options: Options, changing names: [String]) -> Options {
    guard let source = GivenRewards.sources.first(where: names.contains) else { return options }
    var options = options
    for other in GivenRewards.sources where other != "rewards" || takesTable {
      if other != source { options[other] = nil }
      // Of a table that takes the place of another, the settings stay.
      let kept = names + (GivenRewards.companions[source] ?? [])
      for name in GivenRewards.companions[other] ?? [] where !kept.contains(name) {
        options[name] = nil
      }
    }
    return options
  }
}
