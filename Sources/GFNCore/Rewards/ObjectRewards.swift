import GFNParameters
import Glibc

/// R(x) and log R(x) of few objects, by terminating index.
struct ObjectRewards: Sendable {
  let values: [Double]
  let logarithms: [Double]

  /// The most objects whose rewards are worked out beforehand.
  static let most = 1 << 20

  init(_ values: [Double]) {
    self.values = values
    logarithms = values.map { log($0) }
  }

  /// Rewards by a formula, or the environment's own function where there is none.
  /// - Parameters:
  ///   - quantities: what the formula sees of an object.
  ///   - text: the object as it is typed, for errors.
  /// - Throws: `CoreError.option` where the formula is no reward, what the formula throws.
  init(
    count: Int, _ formula: RewardFormula?, plain: (Int) -> Double,
    quantities: (Int) -> [String: RewardFormula.Quantity], text: (Int) -> String
  ) throws {
    guard let formula else {
      self.init((0..<count).map(plain))
      return
    }
    let values = try (0..<count).map { index in
      let value = try formula.evaluate(quantities(index))
      guard value.isFinite, value >= 0 else {
        throw CoreError.option(
          name: "reward",
          reason: "the formula is \(formatted(value)) at \(text(index)); a reward is finite and ≥ 0"
        )
      }
      return value
    }
    guard values.contains(where: { $0 > 0 }) else {
      throw CoreError.option(
        name: "reward", reason: "the formula is 0 everywhere; it must be positive somewhere")
    }
    self.init(values)
  }
}
