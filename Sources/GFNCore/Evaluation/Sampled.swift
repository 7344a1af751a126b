import Glibc

/// A sample mean with its standard error.
package struct SampledMean: Sendable, Equatable {
  package var mean: Double
  package var standardError: Double

  package init(_ values: [Double]) {
    let n = Double(values.count)
    let mean = GFNCore.mean(of: values)
    // The square of a large difference is beyond floating point.
    let greatest = values.reduce(0) { max($0, abs($1 - mean)) }
    let scale = greatest > 0x1p500 && greatest.isFinite ? greatest : 1
    let squares = values.reduce(0) { $0 + (($1 - mean) / scale) * (($1 - mean) / scale) }
    self.mean = mean
    standardError = scale * (squares / max(1, n - 1) / n).squareRoot()
  }
}

/// How far a finite sample is from the target distribution.
package struct SampledDistance: Sendable, Equatable {
  /// `½ Σ |count/N − P*|`, and what a perfect sampler would show at the same N.
  package var tv = 0.0
  package var noiseFloor = 0.0

  /// - Parameter indices: terminating indices of the samples.
  package init(indices: [Int], target: TargetDistribution) {
    let n = Double(indices.count)
    var counts: [Int: Int] = [:]
    for index in indices { counts[index, default: 0] += 1 }
    // States that were not sampled contribute their whole probability.
    var seen = 0.0
    for (index, count) in counts.sorted(by: { $0.key < $1.key }) {
      let p = target.probabilities[index]
      seen += p
      tv += abs(Double(count) / n - p) / 2
    }
    tv += max(0, 1 - seen) / 2
    noiseFloor =
      target.probabilities.reduce(0) { $0 + Self.meanAbsoluteDeviation(n, $1) } / (2 * n)
  }

  /// `E|X − np|` for a binomial X (de Moivre): `2 k C(n, k) p^k (1 − p)^(n − k + 1)`, `k = ⌊np⌋ + 1`.
  static func meanAbsoluteDeviation(_ n: Double, _ p: Double) -> Double {
    guard p > 0, p < 1 else { return 0 }
    let k = (n * p).rounded(.down) + 1
    guard k <= n else { return 2 * n * p * (1 - p) }
    let logBinomial = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return 2 * exp(log(k) + logBinomial + k * log(p) + (n - k + 1) * log1p(-p))
  }
}
