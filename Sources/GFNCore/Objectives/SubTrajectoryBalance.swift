import Glibc

/// Sub-trajectory balance (Madan et al. 2023, arXiv:2209.12782, eqs. 6 and 11).
///
/// A trajectory has the nodes 0…T+1, the last of them sf. With
/// `q_k = Σ_{t<k} (log π_F(a_t|s_t) − log π_B(b_t|s_{t+1})) − log F(s_k)`, log R(x) in place of log F at
/// sf, the residual of the sub-trajectory i → j is `q_j − q_i`, and the loss is a weighted mean of the
/// squares.
public struct SubTrajectoryBalance: Objective {
  /// How much a sub-trajectory of k steps weighs.
  public enum Weighting: String, Sendable, CaseIterable {
    /// `λ^(k−1)`, normalised to 1 within each trajectory; mean over trajectories.
    case geometricWithin = "geometric-within"
    /// `Σ_k λ^(k−1) m_k / Σ_k λ^(k−1)`, m_k the mean over the batch's sub-trajectories of k steps.
    case geometric
    /// The mean over all sub-trajectories of the batch.
    case equal
    /// The mean over those of each trajectory, then over trajectories.
    case equalWithin = "equal-within"
    /// Complete trajectories alone.
    case trajectories = "TB"
    /// Single transitions alone, mean over those of the batch.
    case transitions = "DB"

    var usesLambda: Bool { self == .geometricWithin || self == .geometric }
  }

  public var lambda: Double
  public var weighting: Weighting

  public init(lambda: Double = 0.9, weighting: Weighting = .geometricWithin) {
    self.lambda = lambda
    self.weighting = weighting
  }

  public var isBackward: Bool { false }
  public var trainsBackwardPolicy: Bool { true }
  public var stateEstimator: Estimator? { .stateFlow }
  public var isOnPolicy: Bool { false }

  public func evaluate(_ steps: StepValues, into gradients: inout StepGradients) {
    gradients.reset(steps.logPF.count)
    let share = 1 / Double(steps.count)
    switch weighting {
    case .geometricWithin:
      for path in 0..<steps.count {
        addPowers(lambda, share / weight(lambda, path, steps), path, steps, &gradients)
      }
    case .equalWithin:
      for path in 0..<steps.count {
        addPowers(1, share / weight(1, path, steps), path, steps, &gradients)
      }
    case .equal:
      let sum = (0..<steps.count).reduce(0) { $0 + weight(1, $1, steps) }
      for path in 0..<steps.count { addPowers(1, 1 / sum, path, steps, &gradients) }
    case .transitions:
      let scale = 1 / Double(steps.logPF.count)
      for path in 0..<steps.count { addPowers(0, scale, path, steps, &gradients) }
    case .trajectories:
      for path in 0..<steps.count { addWhole(share, path, steps, &gradients) }
    case .geometric:
      let longest = (0..<steps.count).reduce(0) { max($0, steps.entries($1).count) }
      weighLengths(upTo: longest, steps, &gradients.workspace)
      for path in 0..<steps.count { addByLength(upTo: longest, path, steps, &gradients) }
    }
  }

  /// Nodes of a trajectory of so many entries: its states and sf.
  private func nodes(_ path: Int, _ steps: StepValues) -> Int { steps.entries(path).count + 1 }

  /// `q_{k+1} − q_k` for the node k of a trajectory.
  private func residual(_ k: Int, _ path: Int, _ steps: StepValues) -> Double {
    let entries = steps.entries(path)
    let entry = entries.lowerBound + k
    let next =
      entry + 1 == entries.upperBound ? steps.logReward[path] : steps.value[entry + 1]
    return steps.value[entry] + steps.logPF[entry] - steps.logPB[entry] - next
  }

  /// `Σ_{i<j} λ^{j−i−1}` over a trajectory.
  private func weight(_ lambda: Double, _ path: Int, _ steps: StepValues) -> Double {
    var powers = 0.0
    var sum = 0.0
    for _ in steps.entries(path) {
      powers = lambda * powers + 1
      sum += powers
    }
    return sum
  }

  /// Adds `scale · Σ_{i<j} λ^{j−i−1} (q_j − q_i)²` in O(T). The sums are over differences, not over
  /// powers of q: close to balance those would cancel.
  private func addPowers(
    _ lambda: Double, _ scale: Double, _ path: Int, _ steps: StepValues,
    _ gradients: inout StepGradients
  ) {
    let nodes = nodes(path, steps)
    gradients.workspace.resize(nodes, filling: 0)
    // Over the nodes i before j: Σ λ^{j−i−1} times 1, q_j − q_i and its square.
    var powers = 0.0
    var differences = 0.0
    var squares = 0.0
    gradients.workspace[0] = 0
    for node in 1..<nodes {
      let step = residual(node - 1, path, steps)
      squares = lambda * (squares + 2 * step * differences + step * step * powers) + step * step
      differences = lambda * (differences + step * powers) + step
      powers = lambda * powers + 1
      gradients.loss += scale * squares
      gradients.workspace[node] = 2 * scale * differences
    }
    powers = 0
    differences = 0
    for node in (0..<(nodes - 1)).reversed() {
      let step = residual(node, path, steps)
      differences = lambda * (differences + step * powers) + step
      powers = lambda * powers + 1
      gradients.workspace[node] -= 2 * scale * differences
    }
    spread(0, path, steps, &gradients)
  }

  private func addWhole(
    _ scale: Double, _ path: Int, _ steps: StepValues, _ gradients: inout StepGradients
  ) {
    let nodes = nodes(path, steps)
    gradients.workspace.resize(nodes, filling: 0)
    var sum = 0.0
    for node in 0..<(nodes - 1) {
      sum += residual(node, path, steps)
      gradients.workspace[node] = 0
    }
    gradients.loss += scale * sum * sum
    gradients.workspace[0] = -2 * scale * sum
    gradients.workspace[nodes - 1] = 2 * scale * sum
    spread(0, path, steps, &gradients)
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

  /// Adds the squares weighted by `weighLengths`, which start the workspace.
  private func addByLength(
    upTo longest: Int, _ path: Int, _ steps: StepValues, _ gradients: inout StepGradients
  ) {
    let nodes = nodes(path, steps)
    gradients.workspace.resize(longest + nodes, filling: 0)
    for node in 0..<nodes { gradients.workspace[longest + node] = 0 }
    for first in 0..<(nodes - 1) {
      var difference = 0.0
      for node in (first + 1)..<nodes {
        difference += residual(node - 1, path, steps)
        let weight = gradients.workspace[node - first - 1]
        gradients.loss += weight * difference * difference
        gradients.workspace[longest + node] += 2 * weight * difference
        gradients.workspace[longest + first] -= 2 * weight * difference
      }
    }
    spread(longest, path, steps, &gradients)
  }

  /// Hands ∂loss/∂q, which stand from `offset` on in the workspace, on to what q is made of.
  private func spread(
    _ offset: Int, _ path: Int, _ steps: StepValues, _ gradients: inout StepGradients
  ) {
    let entries = steps.entries(path)
    var later = 0.0
    for entry in entries.reversed() {
      let node = offset + entry - entries.lowerBound
      later += gradients.workspace[node + 1]
      gradients.logPF[entry] = later
      gradients.logPB[entry] = entry + 1 == entries.upperBound ? 0 : -later
      gradients.value[entry] = -gradients.workspace[node]
    }
  }
}
