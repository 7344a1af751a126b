import Glibc

/// How well π_F ranks and weighs a held-out set of objects, where P_F(x) has to be estimated:
/// `P_F(x) = E_{τ ~ P_B(·|x)}[P_F(τ) / P_B(τ|x)]`, a mean over K trajectories backward from each object.
package struct HeldOutScore: Sendable, Equatable {
  /// Distinct objects.
  package var count: Int
  /// Of log R(x) and the estimated log P_F(x), over the objects with R > 0; nil where one of them does
  /// not vary.
  package var pearson: Double?
  package var spearman: Double?
  package var pearsonError: Double?
  package var spearmanError: Double?
  /// `½ Σ |P_F/Σ P_F − R/Σ R|` over the set, both renormalised to it.
  package var tv: Double
  /// What the error of the estimates alone makes of it; nil where K is 1.
  package var floor: Double?

  /// - Parameters:
  ///   - logReward: of each object.
  ///   - logRatio: `log P_F(τ) − log P_B(τ|x)`, `[objects, K]`.
  package init(logReward: [Double], logRatio: [Double], repeats: Int) {
    precondition(
      logRatio.count == logReward.count * repeats,
      "\(logRatio.count) for \(logReward.count) × \(repeats)")
    count = logReward.count
    var logLearned: [Double] = []
    var relativeErrors: [Double] = []
    for index in logReward.indices {
      let values = logRatio[(index * repeats)..<((index + 1) * repeats)]
      let sum = logSumExp(values)
      logLearned.append(sum - log(Double(repeats)))
      let shares = SampledMean(values.map { exp($0 - sum) })
      relativeErrors.append(shares.standardError * Double(repeats))
    }
    let positive = logReward.indices.filter { logReward[$0].isFinite }
    let rewards = positive.map { logReward[$0] }
    let learned = positive.map { logLearned[$0] }
    pearson = Correlation.pearson(rewards, learned)
    spearman = Correlation.pearson(Correlation.ranks(rewards), Correlation.ranks(learned))
    pearsonError = pearson.flatMap { Correlation.pearsonError($0, count: rewards.count) }
    spearmanError = spearman.flatMap { Correlation.spearmanError($0, count: rewards.count) }
    let logZ = logSumExp(logReward)
    let logMass = logSumExp(logLearned)
    let shares = logLearned.map { exp($0 - logMass) }
    tv = zip(shares, logReward).reduce(0) { $0 + abs($1.0 - exp($1.1 - logZ)) / 2 }
    floor = repeats > 1 ? Self.floor(shares, relativeErrors) : nil
  }

  /// With relative errors ε_i of the estimates a share moves by `q_i (ε_i − Σ_j q_j ε_j)` to first order,
  /// and the mean of |X| is √(2/π) σ for a normal X.
  private static func floor(_ shares: [Double], _ errors: [Double]) -> Double {
    let common = zip(shares, errors).reduce(0) { $0 + $1.0 * $1.0 * $1.1 * $1.1 }
    let sum = zip(shares, errors).reduce(0) { sum, pair in
      let (share, error) = pair
      return sum + share * max(0, error * error * (1 - 2 * share) + common).squareRoot()
    }
    return sum / (2 * Double.pi).squareRoot()
  }
}

/// Correlations and their standard errors.
enum Correlation {
  /// Nil where one of the two does not vary.
  static func pearson(_ x: [Double], _ y: [Double]) -> Double? {
    precondition(x.count == y.count, "\(x.count) and \(y.count) values")
    guard x.count > 1 else { return nil }
    let n = Double(x.count)
    let meanX = x.reduce(0, +) / n
    let meanY = y.reduce(0, +) / n
    var xx = 0.0
    var yy = 0.0
    var xy = 0.0
    for index in x.indices {
      xx += (x[index] - meanX) * (x[index] - meanX)
      yy += (y[index] - meanY) * (y[index] - meanY)
      xy += (x[index] - meanX) * (y[index] - meanY)
    }
    // Rounding alone makes equal values vary by this much.
    let least = 1e-24 * n
    guard xx > least * max(1, meanX * meanX), yy > least * max(1, meanY * meanY) else {
      return nil
    }
    return min(1, max(-1, xy / (xx * yy).squareRoot()))
  }

  /// Ranks from 1; equal values share the mean of theirs.
  static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for index in order[start..<end] { ranks[index] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }

  /// By Fisher's z, whose standard error is 1/√(n − 3), taken back: `(1 − r²)/√(n − 3)`.
  static func pearsonError(_ r: Double, count: Int) -> Double? {
    count > 3 ? (1 - r * r) / Double(count - 3).squareRoot() : nil
  }

  /// The same with the variance `(1 + r²/2)/(n − 3)` of Bonett & Wright (2000, Psychometrika 65).
  static func spearmanError(_ r: Double, count: Int) -> Double? {
    pearsonError(r, count: count).map { $0 * (1 + r * r / 2).squareRoot() }
  }
}
