/// Rewards that a person gave an environment instead of its own.
protocol StateReward: Sendable {
  /// R is the exponential of what was given.
  var isLogarithm: Bool { get }
  func reward(_ state: StatePointer) -> Double
  func logReward(_ state: StatePointer) -> Double
}
