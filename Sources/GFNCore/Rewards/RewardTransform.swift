import GFNParameters
import Glibc

/// From raw scores to rewards: min-max normalise, pass through a logistic function, raise to at least
/// `minimum`, take the power `exponent`, scale so that the greatest is `maximum`.
struct RewardTransform: Sendable, Equatable {
  var normalizes: Bool
  /// The slope k of `σ(k y) = 1/(1 + exp(−k y))`; 0 leaves the logistic function out.
  var sigmoid = 0.0
  var minimum: Double
  var exponent: Double
  var maximum: Double

  /// The transform of scores that lie between these two, both of which occur.
  /// - Throws: `CoreError.option` when the result is no reward.
  func fitted(low: Double, high: Double) throws -> FittedTransform {
    guard !normalizes || high > low else {
      throw CoreError.option(
        name: "normalize", reason: "all scores are \(low), there is nothing to normalise")
    }
    guard !normalizes || (high - low).isFinite else {
      throw CoreError.option(
        name: "normalize", reason: "the scores from \(low) to \(high) lie too far apart")
    }
    var fitted = FittedTransform(transform: self, low: low, high: high, scale: 1)
    // Every step is monotone, so the greatest score has the greatest reward.
    let greatest = fitted(high)
    guard greatest > 0, greatest.isFinite else {
      throw CoreError.option(
        name: "exponent",
        reason:
          "the greatest reward would be \(formatted(greatest)); choose another exponent, or a min > 0"
      )
    }
    fitted.scale = maximum / greatest
    guard fitted.scale.isFinite else {
      throw CoreError.option(
        name: "exponent",
        reason:
          "the greatest reward would be \(formatted(greatest)) before it is scaled; choose a smaller one"
      )
    }
    return fitted
  }

  /// - Throws: `CoreError.option` when the result is no reward.
  func callAsFunction(_ scores: [Double]) throws -> [Double] {
    let fitted = try fitted(
      low: scores.reduce(.infinity, min), high: scores.reduce(-.infinity, max))
    return scores.map { fitted($0) }
  }
}

/// A `RewardTransform` that knows the least and the greatest score of its table.
struct FittedTransform: Sendable {
  let transform: RewardTransform
  let low: Double
  let high: Double
  var scale: Double

  /// The score before it is raised to the minimum.
  func unclamped(_ score: Double) -> Double {
    var value = score
    if transform.normalizes { value = (value - low) / (high - low) }
    if transform.sigmoid != 0 { value = 1 / (1 + exp(-transform.sigmoid * value)) }
    return value
  }

  func callAsFunction(_ score: Double) -> Double {
    power(max(unclamped(score), transform.minimum), transform.exponent) * scale
  }
}
