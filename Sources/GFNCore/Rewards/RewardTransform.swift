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
  /// What the greatest reward becomes; nil where rewards are not scaled.
  var maximum: Double?

  init(
    normalizes: Bool, sigmoid: Double = 0, minimum: Double, exponent: Double, maximum: Double?
  ) {
    self.normalizes = normalizes
    self.sigmoid = sigmoid
    self.minimum = minimum
    self.exponent = exponent
    self.maximum = maximum
  }

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
    fitted.scale = maximum.map { $0 / greatest } ?? 1
    guard fitted.scale.isFinite else {
      throw CoreError.option(
        name: "exponent",
        reason:
          "the greatest reward would be \(formatted(greatest)) before it is scaled; choose a smaller one"
      )
    }
    return fitted
  }

  /// The reward of a score without a look at others: neither normalised nor scaled.
  func plain(_ score: Double) -> Double {
    FittedTransform(transform: self, low: 0, high: 1, scale: 1)(score)
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

  /// How the scores became rewards, where they are others: for people.
  var note: String? {
    let rewards = (self(low), self(high))
    guard rewards != (low, high) else { return nil }
    var settings: [String] = []
    if transform.normalizes { settings.append("normalize=minmax") }
    if transform.sigmoid != 0 { settings.append("sigmoid=\(formatted(transform.sigmoid))") }
    if transform.minimum > unclamped(low) {
      settings.append("min=\(formatted(transform.minimum))")
    }
    if transform.exponent != 1 { settings.append("exponent=\(formatted(transform.exponent))") }
    if let maximum = transform.maximum { settings.append("max=\(formatted(maximum))") }
    // Four digits say enough.
    func short(_ value: Double) -> String {
      guard value != 0, value.isFinite else { return formatted(value) }
      let digits = 3 - Int(log10(abs(value)).rounded(.down))
      let scale = pow(10.0, Double(min(max(digits, -300), 300)))
      return formatted((value * scale).rounded() / scale)
    }
    return
      "scores \(short(low))…\(short(high)) became rewards \(short(rewards.0))…\(short(rewards.1)): "
      + settings.joined(separator: ", ")
  }
}
