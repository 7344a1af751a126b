import GFNParameters

/// One training step from the inside: what its forward batch was, and what it moved.
package struct StepInside: Sendable {
  /// A step of a trajectory, at the parameters that sampled it; NaN where there is no such quantity.
  package struct Entry: Sendable {
    package var state: [Int32]
    package var action: Int
    package var logPF: Double
    /// 0 at exit.
    package var logPB: Double
    /// r_t = log π_F − log π_B, at exit log π_F − log R + log Z.
    package var reward: Double
    package var value: Double
    /// As the gradient has it, centred where the objective centres.
    package var advantage: Double
    package var logFlow: Double
  }

  package struct Path: Sendable {
    /// Its place in the batch, from 0.
    package var number: Int
    package var entries: [Entry]
  }

  /// Nil where the step was not taken.
  package var report: StepReport?
  /// Why it was not.
  package var failure: CoreError?
  package var paths: [Path] = []
  /// Of the whole batch; 0 where it could not be sampled.
  package var pathCount = 0
  /// As the method reports it; NaN where there is none.
  package var logZBefore = Double.nan
  package var logZAfter = Double.nan
  /// Euclidean norms of the last gradient of each estimator that got as far, and of its change, also where
  /// the change was taken back.
  package var gradientNorms: [Estimator: Double] = [:]
  package var moves: [Estimator: Double] = [:]
  /// What of a failed step is not finite: "log_pf: 3 of 120 steps".
  package var findings: [String] = []
}

extension Trainer {
  /// Takes one step of the method, the very same that `step` takes.
  ///
  /// Where a number is not finite the state stays as it was, and the result says what was found.
  /// - Parameter shown: how many trajectories to tell of; where the step fails, those come first in which
  ///   something is not finite.
  /// - Throws: `CoreError`, but `.nonFinite`.
  package func stepInside(
    _ state: inout TrainingState, batch: Int, shown: Int
  ) throws -> StepInside {
    let before = state
    var inside = StepInside()
    inside.logZBefore = (try? before.reportedLogZ(in: environment, pool)) ?? .nan
    do {
      inside.report = try step(&state, batch: batch)
    } catch let error as CoreError {
      guard case .nonFinite = error else { throw error }
      inside.failure = error
    }
    for (estimator, network) in state.networks {
      guard let slope = slope(estimator) else { continue }
      inside.gradientNorms[estimator] = Vector.norm(slope, pool)
      guard let old = before.networks[estimator], old.shape == network.shape else { continue }
      var change = network.parameters
      Vector.add(-1, old.parameters, to: &change, pool)
      inside.moves[estimator] = Vector.norm(change, pool)
    }
    if let report = inside.report, let policy = phases.first?.trained.first {
      // Of the first of a proximal step's epochs, as training reports it.
      inside.gradientNorms[policy] = report.gradientNorm
    }
    inside.pathCount = forward.steps.count == forward.paths.count ? forward.paths.count : 0
    inside.paths = paths(
      shown: inside.pathCount == 0 ? 0 : shown, logZ: forward.reportedLogZ(state),
      faultyFirst: inside.failure != nil)
    if inside.report != nil { inside.failure = fault(of: state, batch: batch) }
    if let failure = inside.failure {
      inside.findings = findings(failure, state)
      // Nothing moved where the step got no further than the gradients.
      inside.moves = inside.moves.filter { $0.value != 0 }
      state = before
    }
    inside.logZAfter = (try? state.reportedLogZ(in: environment, pool)) ?? .nan
    return inside
  }

  /// What keeps the next batch from being sampled: that is where the step just taken is seen to have failed.
  private func fault(of state: TrainingState, batch: Int) -> CoreError? {
    var stream = state.sampling
    do {
      try sample(state, count: batch, explores: true, from: &stream)
    } catch CoreError.nonFinite(nil, let quantity, let value) {
      return .nonFinite(
        step: state.step, quantity: "\(quantity) after the update", value: value)
    } catch {
      // The next step will say it.
    }
    return nil
  }

  private func paths(shown: Int, logZ: Double, faultyFirst: Bool) -> [StepInside.Path] {
    guard shown > 0, forward.steps.logPF.count == forward.paths.entryCount else { return [] }
    var order = Array(0..<forward.paths.count)
    if faultyFirst {
      order = order.filter { !isFinite(path: $0) } + order.filter(isFinite(path:))
    }
    return order.prefix(shown).map { path(number: $0, logZ: logZ) }
  }

  /// A trajectory of the batch that was evaluated last.
  private func path(number: Int, logZ: Double) -> StepInside.Path {
    let steps = forward.steps
    let gradients = forward.gradients
    let hasRewards = gradients.jF != nil
    let estimator = phases.first { !$0.objective.isBackward }?.stateEstimator
    let entries = forward.paths.entries(number)
    return StepInside.Path(
      number: number,
      entries: entries.map { entry in
        var reward = steps.logPF[entry] - steps.logPB[entry]
        if entry == entries.upperBound - 1 { reward += logZ - steps.logReward[number] }
        let hasValue = steps.value.indices.contains(entry)
        return StepInside.Entry(
          state: forward.states.table.state(Int(forward.paths.rows[entry])),
          action: Int(forward.paths.actions[entry]), logPF: steps.logPF[entry],
          logPB: steps.logPB[entry],
          reward: hasRewards && gradients.rewards.indices.contains(entry)
            ? gradients.rewards[entry] : reward,
          value: estimator == .valueForward && hasValue ? steps.value[entry] : .nan,
          advantage: hasRewards && gradients.advantages.indices.contains(entry)
            ? gradients.advantages[entry] : .nan,
          logFlow: estimator == .stateFlow && hasValue ? steps.value[entry] : .nan)
      })
  }

  private func isFinite(path: Int) -> Bool {
    let steps = forward.steps
    guard steps.logReward[path].isFinite else { return false }
    return steps.entries(path).allSatisfy { entry in
      steps.logPF[entry].isFinite && steps.logPB[entry].isFinite && steps.value[entry].isFinite
        && (forward.gradients.advantages.indices.contains(entry)
          ? forward.gradients.advantages[entry].isFinite : true)
    }
  }

  /// Counts what is not finite in the batch, the gradients and the weights.
  private func findings(_ failure: CoreError, _ state: TrainingState) -> [String] {
    var findings: [String] = []
    if case .nonFinite(_, let quantity, let value) = failure {
      findings.append("\(quantity): \(formatted(value))")
    }
    func count<Values: Collection>(_ name: String, _ values: Values, of what: String)
    where Values.Element: BinaryFloatingPoint {
      let count = values.count { !$0.isFinite }
      if count > 0 { findings.append("\(name): \(count) of \(values.count) \(what)") }
    }
    count("log_pf", forward.steps.logPF, of: "steps")
    count("log_pb", forward.steps.logPB, of: "steps")
    if let estimator = phases.first(where: { !$0.objective.isBackward })?.stateEstimator {
      count(estimator == .stateFlow ? "log_flow" : "v", forward.steps.value, of: "steps")
    }
    count("log_reward", forward.steps.logReward, of: "trajectories")
    if forward.gradients.jF != nil {
      count("r", forward.gradients.rewards, of: "steps")
      count("advantage", forward.gradients.advantages, of: "steps")
    }
    for estimator in Estimator.allCases {
      if let slope = slope(estimator) {
        count("the gradient of \(estimator.rawValue)", slope, of: "components")
        if slope.allSatisfy(\.isFinite), !Vector.norm(slope).isFinite {
          findings.append("the gradient norm of \(estimator.rawValue) overflows")
        }
      }
      if let network = state.networks[estimator] {
        count("the weights of \(estimator.rawValue)", network.parameters, of: "weights")
      }
    }
    return findings
  }
}
