/// What many batches say about one estimator of ∇J_F. Gradients are those of π_F's parameters.
package struct GradientStatistics: Sendable {
  package var estimator: GradientEstimator
  package var batches: Int
  /// The trace of the covariance of one batch's gradient.
  package var variance: Double
  /// The norm of the mean gradient.
  package var norm: Double
  /// `√(variance / batches)`: about what `bias` shows of an estimator that has none.
  package var noise: Double
  /// `‖mean − ∇J_F‖`; nil without the exact gradient, or where the estimator is for something else.
  package var bias: Double?
  /// The cosine of the mean with ∇J_F, and the mean cosine of single batches.
  package var cosine: Double?
  package var batchCosine: Double?
  /// Components along ∇J_F, where it is known and not 0, and along random directions.
  package var projections: [Projection]
  /// The gradient of log Z, whose exact value is J_F.
  package var logZ: Projection

  /// The mean over batches of one component of the gradient.
  package struct Projection: Sendable, Equatable {
    package var mean: Double
    package var standardError: Double
    package var exact: Double

    /// Five standard errors: an unbiased component lies beyond them in one of 1.7 million cases.
    static let level = 5.0
    /// Networks compute in Float32: where nothing varies, this is what is left, relative to the
    /// gradient and to 1.
    private static let rounding = 1e-5

    package var tolerance: Double {
      max(Self.level * standardError, Self.rounding * max(1, abs(exact)))
    }
    /// In multiples of the tolerance.
    var deviation: Double {
      let deviation = abs(mean - exact) / tolerance
      return deviation.isNaN ? .infinity : deviation
    }
  }
}

/// Sums over batches, as they come.
struct GradientSums {
  private(set) var batches = 0
  private var gradient: [Double]
  private var squaredNorm = 0.0
  private var cosine = 0.0
  /// Sums and sums of squares, log Z's last.
  private var components: [(sum: Double, squares: Double)]

  init(parameters: Int, directions: Int) {
    gradient = [Double](repeating: 0, count: parameters)
    components = Array(repeating: (0, 0), count: directions + 1)
  }

  /// - Parameters:
  ///   - scale: of the gradient as it is given.
  ///   - projections: scaled components, log Z's last.
  ///   - along: the scaled component along ∇J_F, where there is such a direction.
  mutating func add(
    _ values: [Float], scale: Double, projections: [Double], along: Double?
  ) {
    precondition(values.count == gradient.count, "\(values.count) of \(gradient.count)")
    batches += 1
    let squared = scale * scale * Vector.dot(values, values)
    squaredNorm += squared
    gradient.withUnsafeMutableBufferPointer { sums in
      values.withUnsafeBufferPointer { values in
        for index in sums.indices { sums[index] += scale * Double(values[index]) }
      }
    }
    for (index, value) in projections.enumerated() {
      components[index].sum += value
      components[index].squares += value * value
    }
    if let along, squared > 0 { cosine += along / squared.squareRoot() }
  }

  /// - Parameters:
  ///   - exact: ∇J_F, where it is known.
  ///   - components: the exact values of the projections, log Z's last.
  func statistics(
    _ estimator: GradientEstimator, exact: [Float]?, components exactComponents: [Double]
  ) -> GradientStatistics {
    let n = Double(batches)
    var meanSquared = 0.0
    var distance = 0.0
    var product = 0.0
    var exactSquared = 0.0
    for (index, sum) in gradient.enumerated() {
      let mean = sum / n
      meanSquared += mean * mean
      guard let exact else { continue }
      let value = Double(exact[index])
      distance += (mean - value) * (mean - value)
      product += mean * value
      exactSquared += value * value
    }
    let variance = max(0, squaredNorm - n * meanSquared) / max(1, n - 1)
    let hasDirection = exact != nil && meanSquared > 0 && exactSquared > 0
    var projections = zip(components, exactComponents).map { component, exact in
      let mean = component.sum / n
      let spread = max(0, component.squares - n * mean * mean) / max(1, n - 1)
      return GradientStatistics.Projection(
        mean: mean, standardError: (spread / n).squareRoot(), exact: exact)
    }
    let logZ =
      projections.popLast()
      ?? GradientStatistics.Projection(mean: .nan, standardError: .nan, exact: .nan)
    return GradientStatistics(
      estimator: estimator, batches: batches, variance: variance,
      norm: meanSquared.squareRoot(), noise: (variance / n).squareRoot(),
      bias: exact == nil || !estimator.estimatesJF ? nil : distance.squareRoot(),
      cosine: hasDirection ? product / (meanSquared * exactSquared).squareRoot() : nil,
      batchCosine: hasDirection ? cosine / n : nil, projections: projections, logZ: logZ)
  }
}
