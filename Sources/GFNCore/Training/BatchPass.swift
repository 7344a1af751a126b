/// A sampled batch and what every estimator says about it: the workspace of one phase, used again from
/// step to step.
final class BatchPass {
  let states: BatchStates
  let forwardPolicy: PolicyPass
  let backwardPolicy: PolicyPass
  /// A critic, or log F.
  let stateEstimator: NetworkPass?
  private let stateEncoding: InputEncoding
  var paths = Paths()
  var steps = StepValues()
  var gradients = StepGradients()
  private let rowGradient = Buffer<Float>()
  private let rowVisits = Buffer<Int32>()
  private let parents = ParentEdges()
  /// Distinct states that the trajectories visit; further rows are there for an objective alone.
  var visitedCount: Int { hasParents ? parents.visited : states.count }
  /// The rows behind the visited ones are their parents.
  private var hasParents = false

  /// - Parameter estimator: the state estimator that this phase trains, if any.
  init(
    _ environment: any Environment, _ state: TrainingState, stateEstimator estimator: Estimator?
  ) throws {
    try MatrixProduct.requireCorrect()
    let policy = state.configuration.policy.encoding
    stateEncoding = estimator.map { state.configuration.network($0).encoding } ?? policy
    let forward = try state.shape(state.configuration.policyEstimator, in: environment)
    let isLearned = state.configuration.backward.kind.isLearned
    let backward = isLearned ? try state.shape(.backwardPolicy, in: environment) : nil
    let value = try estimator.map { try state.shape($0, in: environment) }
    states = BatchStates(
      environment, [policy, stateEncoding],
      networks: [forward, backward, value].compactMap(\.self))
    forwardPolicy = PolicyPass(.forward, environment, forward, policy)
    let counts =
      state.configuration.backward.kind == .maximumEntropy ? try PathCounts(environment) : nil
    backwardPolicy = PolicyPass(.backward, environment, backward, policy, counts: counts)
    stateEstimator = value.map { NetworkPass($0) }
  }

  /// The cells of the trajectories' ends, one after the other.
  func ends(into cells: inout [Int32]) {
    let width = states.environment.stateWidth
    cells.resize(paths.count * width, filling: 0)
    cells.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for path in 0..<paths.count {
        states.table.copy(Int(paths.rows[paths.last(path)]), into: base + path * width)
      }
    }
  }

  /// Rewards of the trajectories' ends.
  func rewards(into rewards: inout [Double]) {
    let environment = states.environment
    rewards.resize(paths.count, filling: 0)
    states.table.withCells { cells in
      for path in 0..<paths.count {
        let row = Int(paths.rows[paths.last(path)])
        rewards[path] = environment.reward(cells + row * environment.stateWidth)
      }
    }
  }

  /// How often the paths visit each row.
  func visits() -> UnsafePointer<Int32> {
    rowVisits.fill(states.count, with: 0)
    for row in paths.rows { rowVisits[Int(row)] += 1 }
    return UnsafePointer(rowVisits.base)
  }

  /// Adds the rows that an objective asks for besides those that a sampled batch visits.
  /// - Throws: `CoreError.tooLarge` where they outgrow the memory.
  func extend(_ needs: StepNeeds) throws {
    hasParents = needs.contains(.edgeFlows)
    guard hasParents else { return }
    try parents.insert(into: states, trajectories: paths.count)
  }

  /// Evaluates both policies and the state estimator on all rows (a policy that sampled the batch
  /// already is) and gathers what they say along the paths.
  func gather(
    _ state: TrainingState, stateEstimator estimator: Estimator?, needs: StepNeeds = [],
    _ pool: ThreadPool
  ) throws {
    try know(needs)
    forwardPolicy.evaluate(state.networks[state.configuration.policyEstimator], states, pool)
    backwardPolicy.evaluate(state.networks[.backwardPolicy], states, pool)
    if let stateEstimator, let estimator, let network = state.networks[estimator] {
      stateEstimator.removeAll()
      stateEstimator.forward(network, states.features(stateEncoding), upTo: states.count, pool)
    }
    steps.gather(
      paths, forwardPolicy, backwardPolicy,
      // Where the estimator was not asked for, its outputs are those of another batch.
      values: estimator == nil ? nil : stateEstimator?.outputs.base, needs)
    steps.logZ = state.logZ
    if needs.contains(.edgeFlows), let logits = forwardPolicy.network?.outputs.base {
      parents.gather(states, logits: logits, paths, into: &steps.flows)
    }
    try gatherRewards(needs)
  }

  /// Has a program asked for the rewards that will be read.
  private func know(_ needs: StepNeeds) throws {
    guard let program = states.environment.program else { return }
    let readsAll = !needs.isDisjoint(with: [.stateRewards, .edgeFlows])
    let ends = (0..<paths.count).map { Int(paths.rows[paths.last($0)]) }
    try states.table.withCells { cells in
      try program.know(
        (readsAll ? terminatingRows : ends).map { cells + $0 * states.environment.stateWidth })
    }
  }

  /// The rows of the states where a trajectory may end.
  private var terminatingRows: [Int] {
    let actions = states.environment.forwardActionCount
    return (0..<visitedCount).filter { states.forwardMask[($0 + 1) * actions - 1] }
  }

  /// The same for a guide that reads the rewards of all rows.
  func knowRows() throws {
    guard let program = states.environment.program else { return }
    try states.table.withCells { cells in
      try program.know(terminatingRows.map { cells + $0 * states.environment.stateWidth })
    }
  }

  /// - Throws: `CoreError.reward` where there is none.
  private func gatherRewards(_ needs: StepNeeds) throws {
    let environment = states.environment
    let isClipped = !needs.contains(.unclippedRewards)
    steps.logReward.resize(paths.count, filling: 0)
    try states.table.withCells { cells in
      for path in 0..<paths.count {
        let x = cells + Int(paths.rows[paths.last(path)]) * environment.stateWidth
        let logReward = environment.logReward(x)
        guard !logReward.isNaN else { throw environment.lacksReward(x) }
        steps.logReward[path] =
          isClipped ? max(logReward, environment.logRewardClip ?? -.infinity) : logReward
      }
      guard needs.contains(.stateRewards) else { return }
      steps.stateLogReward.resize(paths.entryCount, filling: 0)
      let exit = environment.exitAction
      for entry in 0..<paths.entryCount {
        let row = Int(paths.rows[entry])
        steps.stateLogReward[entry] =
          states.forwardMask[row * (exit + 1) + exit]
          ? environment.clippedLogReward(cells + row * environment.stateWidth) : -.infinity
      }
    }
  }

  /// The parameter gradient of a policy for the gradients that the objective left.
  func policyGradient(
    _ estimator: Estimator, _ network: Network, into gradient: inout [Float], _ pool: ThreadPool
  ) {
    let isForward = estimator == .forwardPolicy
    let pass = isForward ? forwardPolicy : backwardPolicy
    let actions = pass.actions
    rowGradient.fill(states.count * actions, with: 0)
    let sums = rowGradient.base
    let slopes = isForward ? gradients.logPF : gradients.logPB
    let taken = isForward ? paths.actions : paths.backward
    // A backward action lives in the row of the next entry.
    let offset = isForward ? 0 : 1
    let rows = paths.rows
    for entry in 0..<(rows.count - offset) where taken[entry] >= 0 {
      sums[Int(rows[entry + offset]) * actions + Int(taken[entry])] += Float(slopes[entry])
    }
    if isForward, !gradients.exitLogPF.isEmpty {
      let exit = actions - 1
      for entry in rows.indices where gradients.exitLogPF[entry] != 0 {
        sums[Int(rows[entry]) * actions + exit] += Float(gradients.exitLogPF[entry])
      }
    }
    pass.logitGradient(rowGradient.base, pool)
    if isForward, !gradients.entropy.isEmpty {
      for entry in rows.indices where gradients.entropy[entry] != 0 {
        let row = Int(rows[entry])
        pass.addEntropyGradient(row, gradients.entropy[entry], to: sums + row * actions)
      }
    }
    pass.backward(network, states, logitGradient: rowGradient.base, into: &gradient, pool)
  }

  /// The parameter gradient of the edge flows, straight to the network's outputs.
  func edgeFlowGradient(
    _ network: Network, into gradient: inout [Float], _ pool: ThreadPool
  ) {
    rowGradient.fill(states.count * forwardPolicy.actions, with: 0)
    parents.scatter(gradients.flows, into: rowGradient.base)
    forwardPolicy.backward(
      network, states, logitGradient: rowGradient.base, into: &gradient, pool)
  }

  /// The parameter gradient of the state estimator.
  func stateEstimatorGradient(
    _ network: Network, into gradient: inout [Float], _ pool: ThreadPool
  ) {
    guard let stateEstimator else { return }
    rowGradient.fill(states.count, with: 0)
    let sums = rowGradient.base
    let rows = paths.rows
    let slopes = gradients.value
    for entry in rows.indices { sums[Int(rows[entry])] += Float(slopes[entry]) }
    stateEstimator.backward(
      network, states.features(stateEncoding), outputGradient: rowGradient.base, into: &gradient,
      pool)
  }
}
