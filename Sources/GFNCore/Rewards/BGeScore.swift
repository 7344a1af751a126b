import GFNParameters
import Glibc

/// The BGe score of Gaussian Bayesian networks (Geiger & Heckerman 2002; Kuipers, Moffa & Heckerman
/// 2014), a sum over nodes j with their parents Π, l = |Π|:
/// ```
/// ½ (log α_μ − log(N + α_μ)) + lnΓ(½(N + α_w − n + l + 1)) − lnΓ(½(α_w − n + l + 1)) − (N/2) log π
///   + ½ (α_w − n + 2l + 1) log t + ½ (N + α_w − n + l) log|R_ΠΠ|
///   − ½ (N + α_w − n + l + 1) log|R_{Π∪j}|
/// t = α_μ (α_w − n − 1)/(α_μ + 1),   R = t I + Σ (x − x̄)(x − x̄)ᵀ + (N α_μ/(N + α_μ)) x̄ x̄ᵀ
/// ```
/// for N observations x of n variables and the prior mean 0.
struct BGeScore: Sendable {
  let nodes: Int
  private let count: Double
  private let alphaMu: Double
  private let alphaW: Double
  private let t: Double
  /// R, `[nodes, nodes]`.
  private let matrix: [Double]

  /// - Throws: `CoreError.option` where α_w is too small, `.file` where the numbers are too large or the
  ///   columns dependent in floating point.
  init(_ data: Observations, path: String, alphaMu: Double, alphaW: Double?) throws {
    nodes = data.names.count
    let n = data.names.count
    count = Double(data.rowCount)
    self.alphaMu = alphaMu
    self.alphaW = alphaW ?? Double(n + 2)
    guard self.alphaW > Double(n + 1) else {
      throw CoreError.option(
        name: "alpha_w",
        reason: "\(formatted(self.alphaW)) must be greater than \(n + 1), the variables plus 1")
    }
    t = alphaMu * (self.alphaW - Double(n) - 1) / (alphaMu + 1)
    var means = [Double](repeating: 0, count: n)
    for row in 0..<data.rowCount {
      for i in 0..<n { means[i] += data.values[row * n + i] / count }
    }
    var matrix = [Double](repeating: 0, count: n * n)
    let weight = count * alphaMu / (count + alphaMu)
    for i in 0..<n {
      for j in 0...i { matrix[i * n + j] = weight * means[i] * means[j] + (i == j ? t : 0) }
    }
    for row in 0..<data.rowCount {
      for i in 0..<n {
        let difference = data.values[row * n + i] - means[i]
        for j in 0...i {
          matrix[i * n + j] += difference * (data.values[row * n + j] - means[j])
        }
      }
    }
    for i in 0..<n {
      for j in 0..<i { matrix[j * n + i] = matrix[i * n + j] }
    }
    self.matrix = matrix
    guard matrix.allSatisfy(\.isFinite), logDeterminants(of: Array(0..<n)) != nil else {
      throw CoreError.file(
        path: path, line: nil,
        reason: "the columns are too large, or dependent within rounding; standardize=true helps "
          + "with the first, leaving a column out with the second")
    }
  }

  /// What a node with these parents contributes.
  /// - Parameter parents: bit i for node i, without the node itself.
  func local(_ node: Int, parents: UInt64) -> Double {
    let l = Double(parents.nonzeroBitCount)
    let members = (0..<nodes).filter { parents >> UInt64($0) & 1 != 0 } + [node]
    // Every part of a positive definite matrix is one too.
    guard let (parentLog, familyLog) = logDeterminants(of: members) else { return -.infinity }
    let base = alphaW - Double(nodes) + l
    let constants = 0.5 * (log(alphaMu) - log(count + alphaMu)) - 0.5 * count * log(Double.pi)
    let gammas = lgamma(0.5 * (count + base + 1)) - lgamma(0.5 * (base + 1))
    return constants + gammas + 0.5 * (base + l + 1) * log(t)
      + 0.5 * (count + base) * parentLog - 0.5 * (count + base + 1) * familyLog
  }

  /// log|R| over all but the last of these nodes, and over all of them, from one Cholesky factor; nil
  /// where the matrix is not positive definite in floating point.
  private func logDeterminants(of members: [Int]) -> (withoutLast: Double, all: Double)? {
    let n = members.count
    var factor = [Double](repeating: 0, count: n * n)
    var before = 0.0
    var logarithm = 0.0
    for i in 0..<n {
      for j in 0...i {
        var sum = matrix[members[i] * nodes + members[j]]
        for k in 0..<j { sum -= factor[i * n + k] * factor[j * n + k] }
        if i != j {
          factor[i * n + j] = sum / factor[j * n + j]
          continue
        }
        guard sum > 0, sum.isFinite else { return nil }
        factor[i * n + i] = sum.squareRoot()
        before = logarithm
        logarithm += log(sum)
      }
    }
    return (before, logarithm)
  }
}
