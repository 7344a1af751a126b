/// The log-partition variance, or VarGrad (Richter et al. 2020, arXiv:2010.10436; Zhang et al. 2023,
/// arXiv:2302.05446): trajectory balance with log Z replaced by the batch mean of
/// `log R(x) + log P_B(τ|x) − log P_F(τ)`, so that the loss is the variance of that over the batch. The
/// mean's own gradient vanishes, the residuals summing to 0.
package struct LogPartitionVariance: Objective {
  package init() {}

  package var isBackward: Bool { false }
  package var trainsBackwardPolicy: Bool { true }
  package var stateEstimator: Estimator? { nil }
  package var isOnPolicy: Bool { false }

  package func evaluate(_ steps: StepValues, into gradients: inout StepGradients) {
    gradients.reset(steps.logPF.count)
    let scale = 1 / Double(steps.count)
    var mean = 0.0
    for path in 0..<steps.count { mean += ratio(path, steps) * scale }
    for path in 0..<steps.count {
      let residual = ratio(path, steps) - mean
      let slope = 2 * residual * scale
      gradients.loss += residual * residual * scale
      let entries = steps.entries(path)
      for entry in entries {
        gradients.logPF[entry] = slope
        gradients.logPB[entry] = -slope
      }
      gradients.logPB[entries.upperBound - 1] = 0
    }
  }

  /// `log P_F(τ) − log P_B(τ|x) − log R(x)`.
  private func ratio(_ path: Int, _ steps: StepValues) -> Double {
    var sum = -steps.logReward[path]
    for entry in steps.entries(path) { sum += steps.logPF[entry] - steps.logPB[entry] }
    return sum
  }
}
