import Glibc

/// Sub-trajectory balance (Madan et al. 2023, arXiv:2209.12782, eqs. 6 and 11).
///
/// A trajectory has the nodes 0…T+1, the last of them sf. With
/// `q_k = Σ_{t<k} (log π_F(a_t|s_t) − log π_B(b_t|s_{t+1})) − log F(s_k)`, log R(x) in place of log F at
/// sf, the residual of the sub-trajectory i → j is `q_j − q_i`, and the loss is a weighted mean of the
/// squares.
package struct SubTrajectoryBalance: Objective {
  package typealias Weighting = ObjectiveSettings.Weighting

  package var lambda: Double
  package var weighting: Weighting

  package init(lambda: Double = 0.9, weighting: Weighting = .geometricWithin) {
    self.lambda = lambda
    self.weighting = weighting
  }

  package var isBackward: Bool { false }
  package var trainsBackwardPolicy: Bool { true }
  package var stateEstimator: Estimator? { .stateFlow }
  package var isOnPolicy: Bool { false }

  package func evaluate(_ steps: StepValues, into gradients: inout StepGradients) {
    gradients.reset(steps.logPF.count)
    let share = 1 / Double(steps.count)
    switch weighting {
    case .geometricWithin: addWithin(PartialEpisodes(lambda: lambda), steps, &gradients)
    case .equalWithin: addWithin(PartialEpisodes(lambda: 1), steps, &gradients)
    case .equal:
      let all = PartialEpisodes(lambda: 1)
      let sum = (0..<steps.count).reduce(0) { $0 + all.weight(steps: steps.entries($1).count) }
      for path in 0..<steps.count { add(all, 1 / sum, path, steps, &gradients) }
    case .transitions:
      let scale = 1 / Double(steps.logPF.count)
      for path in 0..<steps.count {
        add(PartialEpisodes(lambda: 0), scale, path, steps, &gradients)
      }
    case .trajectories:
      for path in 0..<steps.count { addWhole(share, path, steps, &gradients) }
    case .geometric:
      let longest = (0..<steps.count).reduce(0) { max($0, steps.entries($1).count) }
      weighLengths(upTo: longest, steps, &gradients.workspace)
      for path in 0..<steps.count { addByLength(path, steps, &gradients) }
    }
  }

  /// `δ_t = q_{t+1} − q_t` at an entry of a trajectory.
  private func residual(_ entry: Int, _ path: Int, _ steps: StepValues) -> Double {
    let isExit = entry + 1 == steps.entries(path).upperBound
    let next = isExit ? steps.logReward[path] : steps.value[entry + 1]
    return steps.value[entry] + steps.logPF[entry] - steps.logPB[entry] - next
  }

  /// Weights that are normalised within each trajectory.
  private func addWithin(
    _ episodes: PartialEpisodes, _ steps: StepValues, _ gradients: inout StepGradients
  ) {
    for path in 0..<steps.count {
      let weight = episodes.weight(steps: steps.entries(path).count)
      add(episodes, 1 / (Double(steps.count) * weight), path, steps, &gradients)
    }
  }

  private func add(
    _ episodes: PartialEpisodes, _ scale: Double, _ path: Int, _ steps: StepValues,
    _ gradients: inout StepGradients
  ) {
    let entries = steps.entries(path)
    gradients.workspace.resize(steps.logPF.count, filling: 0)
    for entry in entries { gradients.workspace[entry] = residual(entry, path, steps) }
    gradients.loss += episodes.differentiate(
      gradients.workspace, entries, scale: scale, into: &gradients.value)
    spread(entries, &gradients)
  }

  private func addWhole(
    _ scale: Double, _ path: Int, _ steps: StepValues, _ gradients: inout StepGradients
  ) {
    let entries = steps.entries(path)
    var sum = 0.0
    for entry in entries { sum += residual(entry, path, steps) }
    gradients.loss += scale * sum * sum
    gradients.value[entries.lowerBound] = -2 * scale * sum
    spread(entries, &gradients)
  }

  /// What a sub-trajectory of k steps weighs, at k − 1: `λ^{k−1} / (Σ_k λ^{k−1} · how many there are)`.
  private func weighLengths(
    upTo longest: Int, _ steps: StepValues, _ weights: inout [Double]
  ) {
    weights.resize(longest, filling: 0)
    for index in 0..<longest { weights[index] = 0 }
    for path in 0..<steps.count {
      let count = steps.entries(path).count
      for index in 0..<count { weights[index] += Double(count - index) }
    }
    var sum = 0.0
    for index in 0..<longest { sum += pow(lambda, Double(index)) }
    for index in 0..<longest {
      weights[index] = pow(lambda, Double(index)) / (sum * weights[index])
    }
  }

  /// Adds the squares weighted by `weighLengths`, which are the workspace.
  private func addByLength(_ path: Int, _ steps: StepValues, _ gradients: inout StepGradients) {
    let entries = steps.entries(path)
    for first in entries {
      var difference = 0.0
      for last in first..<entries.upperBound {
        difference += residual(last, path, steps)
        let weight = gradients.workspace[last - first]
        gradients.loss += weight * difference * difference
        gradients.value[first] -= 2 * weight * difference
        if last + 1 < entries.upperBound { gradients.value[last + 1] += 2 * weight * difference }
      }
    }
    spread(entries, &gradients)
  }

  /// Hands ∂loss/∂q, which stand in place of ∂loss/∂log F, on to what q is made of.
  private func spread(_ entries: Range<Int>, _ gradients: inout StepGradients) {
    // ∂loss/∂q of all later nodes is the negative of that of the earlier ones.
    var later = 0.0
    for entry in entries {
      let slope = gradients.value[entry]
      later -= slope
      gradients.logPF[entry] = later
      gradients.logPB[entry] = entry + 1 == entries.upperBound ? 0 : -later
      gradients.value[entry] = -slope
    }
  }
}
