import GFNParameters

/// An objective's loss and parameter gradients on one batch.
package struct GradientReport: Sendable {
  /// Each in its network's layout.
  package var gradients: [Estimator: [Float]] = [:]
  package var steps = StepValues()
  package var outputs = StepGradients()
  package var isBackward = false
  /// Distinct states among those that the trajectories visit.
  package var distinctStates = 0

  package func norm(_ estimator: Estimator) -> Double {
    gradients[estimator].map { Vector.norm($0) } ?? 0
  }

  /// Per-step quantities as `[trajectory, step]`, zero where a trajectory has ended; backward
  /// trajectories start at x.
  package func details() -> [String: SafeTensors.Tensor] {
    var columns: [(String, (Int) -> Double)] = [
      ("log_pf", { steps.logPF[$0] }), ("log_pb", { steps.logPB[$0] }),
      ("rewards", { outputs.rewards[$0] }), ("advantages", { outputs.advantages[$0] }),
      ("value_targets", { outputs.valueTargets[$0] }),
      ("values", { steps.value[isBackward ? $0 + 1 : $0] }),
    ]
    if isBackward {
      columns[0] = ("log_guide", { steps.logGuide[$0] })
    }
    let lists = (0..<steps.count).map { path in
      isBackward ? Array(steps.entries(path).dropLast().reversed()) : Array(steps.entries(path))
    }
    let width = lists.map(\.count).max() ?? 0
    return Dictionary(
      uniqueKeysWithValues: columns.map { name, value in
        (
          name,
          SafeTensors.Tensor(
            shape: [lists.count, width],
            values: lists.flatMap { entries in
              entries.map { Float(value($0)) }
                + [Float](repeating: 0, count: width - entries.count)
            })
        )
      })
  }
}

extension Trainer {
  /// The method trains on backward trajectories too.
  package var hasBackwardPhase: Bool { backward != nil }

  /// Samples trajectories with π_F, or from their ends backward with π_B, without changing the state.
  /// - Throws: `CoreError.conflict` when they are to be backward and the method has no such phase.
  package func trajectories(
    _ state: TrainingState, count: Int, isBackward: Bool, from stream: inout RandomStream
  ) throws -> Trajectories {
    if isBackward, backward == nil { throw Self.noBackwardPhase }
    try sample(state, count: count, explores: false, from: &stream)
    guard isBackward, let backward else { return forward.trajectories() }
    try sampleBackward(state, from: &stream)
    return backward.trajectories(isBackward: true)
  }

  private static var noBackwardPhase: CoreError {
    .conflict(
      reason: "the current method has no backward step",
      remedy: "choose method RL-B or RL-G, or direction=forward")
  }

  /// The current objective's loss and gradients on given trajectories; nothing changes.
  /// - Throws: `CoreError.conflict` when the method has no phase in that direction, `.state` when the
  ///   trajectories are not possible, `.nonFinite`.
  package func gradient(_ state: TrainingState, on batch: Trajectories) throws -> GradientReport {
    let pass = batch.isBackward ? backward : forward
    guard let pass,
      let phase = phases.first(where: { $0.objective.isBackward == batch.isBackward })
    else {
      throw Self.noBackwardPhase
    }
    try pass.load(batch)
    var state = state
    if batch.isBackward {
      var ends: [Int32] = []
      var rewards: [Double] = []
      pass.ends(into: &ends)
      pass.rewards(into: &rewards)
      state.replay?.insert(ends, rewards: rewards)
    }
    var report = GradientReport()
    try evaluate(phase, pass, &state)
    _ = try differentiate(pass, phase, state)
    for estimator in phase.trained { report.gradients[estimator] = slope(estimator) }
    report.steps = pass.steps
    report.outputs = pass.gradients
    report.isBackward = batch.isBackward
    report.distinctStates = pass.visitedCount
    return report
  }
}

extension BatchPass {
  /// The batch as states and actions.
  func trajectories(isBackward: Bool = false) -> Trajectories {
    Trajectories(
      isBackward: isBackward,
      (0..<paths.count).untilGivenUp.map { path in
        let entries = paths.entries(path)
        let cells = entries.map { states.table.state(Int(paths.rows[$0])) }
        return isBackward
          ? Trajectories.Trajectory(
            states: cells.reversed(),
            actions: entries.dropLast().reversed().map { Int(paths.backward[$0]) })
          : Trajectories.Trajectory(
            states: cells, actions: entries.map { Int(paths.actions[$0]) })
      })
  }
}
