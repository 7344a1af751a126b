/// Looks at single trajectories and states under the present estimators; nothing changes.
package final class Look {
  private let environment: any Environment
  private let state: TrainingState
  private let pool: ThreadPool
  private let pass: BatchPass
  private let critic: Estimator?
  /// A critic or log F.
  private let stateEstimator: Estimator?
  private let rollout = Rollout()

  package init(_ environment: any Environment, _ state: TrainingState, _ pool: ThreadPool) throws {
    self.environment = environment
    self.state = state
    self.pool = pool
    let hasCritic =
      state.configuration.estimators.contains(.valueForward)
      && state.networks[.valueForward] != nil
    critic = hasCritic ? .valueForward : nil
    let hasFlow =
      state.configuration.objective.kind.logZSource == .stateFlow
      && state.networks[.stateFlow] != nil
    stateEstimator = hasFlow ? .stateFlow : critic
    pass = try BatchPass(environment, state, stateEstimator: stateEstimator)
  }

  /// Which trajectory to trace.
  package enum Path: Sendable {
    /// Sampled with π_F.
    case sampled
    /// Sampled backward with π_B from this terminating state.
    case end([Int32])
    /// These forward actions, exit left out.
    case actions([Int])
  }

  /// One trajectory, state by state.
  package struct Trace: Sendable {
    package struct Step: Sendable {
      package var state: [Int32]
      package var action: Int
      /// π_F of every action, 0 where masked.
      package var probabilities: [Double]
      package var logPF: Double
      /// 0 at exit.
      package var logPB: Double
      package var reward: Double
      /// NaN without a critic.
      package var value: Double
      /// λ-advantage, not centred; NaN without a critic.
      package var advantage: Double
      /// The learned log F(s), NaN where there is none.
      package var logFlow: Double
    }

    package var steps: [Step]
    /// Clipped, as training sees it.
    package var logReward: Double
    /// As the method reports it; NaN where there is none, and then the last reward is too.
    package var logZ: Double
    package var logPF: Double { steps.reduce(0) { $0 + $1.logPF } }
    package var logPB: Double { steps.reduce(0) { $0 + $1.logPB } }
    package var total: Double { steps.reduce(0) { $0 + $1.reward } }
  }

  /// - Throws: `CoreError.state` or `.trajectory` where the actions are not possible.
  package func trace(_ path: Path, from stream: inout RandomStream) throws -> Trace {
    switch path {
    case .sampled:
      try rollout.forward(
        count: 1, state.networks[state.configuration.policyEstimator], pass.states,
        pass.forwardPolicy, exploration: nil, epsilon: 0, &stream, pool, into: &pass.paths)
      pass.backwardPolicy.removeAll()
    case .end(let cells):
      try rollout.backward(
        from: cells, state.networks[.backwardPolicy], pass.states, pass.backwardPolicy, &stream,
        pool, into: &pass.paths)
      pass.forwardPolicy.removeAll()
    case .actions(let actions):
      try pass.load(Trajectories(isBackward: false, [try trajectory(actions)]))
    }
    try pass.gather(state, stateEstimator: stateEstimator, pool)
    let logZ = try state.reportedLogZ(in: environment, pool)
    pass.steps.logZ = logZ
    var gradients = StepGradients()
    let lambda = state.configuration.objective.lambda
    PolicyGradient(lambda: lambda, usesCritic: critic != nil).evaluate(pass.steps, into: &gradients)
    // The objective centres its advantages; undo that, the mean of one trajectory says nothing.
    let last = pass.paths.last(0)
    let offset = gradients.rewards[last] - pass.steps.value[last] - gradients.advantages[last]
    return Trace(
      steps: pass.paths.entries(0).map { entry in
        let row = Int(pass.paths.rows[entry])
        let actions = pass.forwardPolicy.actions
        return Trace.Step(
          state: pass.states.table.state(row), action: Int(pass.paths.actions[entry]),
          probabilities: (0..<actions).map {
            Double(pass.forwardPolicy.probabilities[row * actions + $0])
          },
          logPF: pass.steps.logPF[entry], logPB: pass.steps.logPB[entry],
          reward: gradients.rewards[entry],
          value: critic == nil ? .nan : pass.steps.value[entry],
          advantage: critic == nil ? .nan : gradients.advantages[entry] + offset,
          logFlow: logFlow(row))
      }, logReward: pass.steps.logReward[0], logZ: logZ)
  }

  private func trajectory(_ actions: [Int]) throws -> Trajectories.Trajectory {
    var state = environment.initialState()
    var states = [state]
    for action in actions {
      let mask = environment.forwardMask(state)
      guard mask.indices.contains(action), mask[action], action != environment.exitAction else {
        throw CoreError.state(
          text: environment.text(state), reason: "action \(action) is not allowed there")
      }
      _ = state.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.map { environment.step($0, forward: action) }
      }
      states.append(state)
    }
    guard environment.forwardMask(state)[environment.exitAction] else {
      throw CoreError.state(
        text: environment.text(state), reason: "the path ends where exit is not allowed")
    }
    return Trajectories.Trajectory(states: states, actions: actions + [environment.exitAction])
  }

  /// One state with its edges.
  package struct StateReport: Sendable {
    package struct Edge: Sendable {
      /// The forward action of a child, the backward action of a parent.
      package var action: Int
      /// Nil for exit.
      package var neighbour: [Int32]?
      package var pF: Double
      /// 1 at exit.
      package var pB: Double
    }

    package var children: [Edge]
    package var parents: [Edge]
    /// The critic, NaN without one.
    package var value: Double
    /// The learned log F(s), NaN where there is none.
    package var logFlow: Double
  }

  package func inspect(_ cells: [Int32]) throws -> StateReport {
    pass.states.removeAll()
    pass.forwardPolicy.removeAll()
    pass.backwardPolicy.removeAll()
    let row = insert(cells)
    var children: [(action: Int, row: Int?, inverse: Int)] = []
    for (action, isAllowed) in environment.forwardMask(cells).enumerated() where isAllowed {
      if action == environment.exitAction {
        children.append((action, nil, 0))
      } else {
        let (next, inverse) = move(cells) { environment.step($0, forward: action) }
        children.append((action, insert(next), inverse))
      }
    }
    var parents: [(action: Int, row: Int, inverse: Int)] = []
    for (action, isAllowed) in environment.backwardMask(cells).enumerated() where isAllowed {
      let (previous, inverse) = move(cells) { environment.step($0, backward: action) }
      parents.append((action, insert(previous), inverse))
    }
    pass.paths = Paths()
    try pass.gather(state, stateEstimator: stateEstimator, pool)
    let forward = pass.forwardPolicy
    let backward = pass.backwardPolicy
    return StateReport(
      children: children.map { child in
        StateReport.Edge(
          action: child.action, neighbour: child.row.map(pass.states.table.state),
          pF: Double(forward.probabilities[row * forward.actions + child.action]),
          pB: child.row.map {
            Double(backward.probabilities[$0 * backward.actions + child.inverse])
          } ?? 1)
      },
      parents: parents.map { parent in
        StateReport.Edge(
          action: parent.action, neighbour: pass.states.table.state(parent.row),
          pF: Double(forward.probabilities[parent.row * forward.actions + parent.inverse]),
          pB: Double(backward.probabilities[row * backward.actions + parent.action]))
      },
      value: stateEstimator == critic
        ? pass.stateEstimator.map { Double($0.outputs[row]) } ?? .nan : .nan,
      logFlow: logFlow(row))
  }

  /// What the estimators say of log F at a row.
  private func logFlow(_ row: Int) -> Double {
    switch state.configuration.objective.kind.logZSource {
    case .stateFlow: return pass.stateEstimator.map { Double($0.outputs[row]) } ?? .nan
    case .edgeFlow:
      let actions = pass.forwardPolicy.actions
      guard let logits = pass.forwardPolicy.network?.outputs else { return .nan }
      return logSumExp(
        (row * actions..<(row + 1) * actions).lazy
          .filter { [pass] in pass.states.forwardMask[$0] }.map { Double(logits[$0]) })
    case .parameter, .batch, .none: return .nan
    }
  }

  private func insert(_ cells: [Int32]) -> Int {
    cells.withUnsafeBufferPointer { $0.baseAddress.map(pass.states.insert) ?? 0 }
  }

  private func move(
    _ cells: [Int32], _ step: (MutableStatePointer) -> Int
  ) -> (cells: [Int32], inverse: Int) {
    var cells = cells
    let inverse = cells.withUnsafeMutableBufferPointer { $0.baseAddress.map(step) ?? 0 }
    return (cells, inverse)
  }
}
