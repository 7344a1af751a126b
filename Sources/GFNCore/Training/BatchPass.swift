/// A sampled batch and what every estimator says about it: the workspace of one phase, used again from
/// step to step.
final class BatchPass {
  let states: BatchStates
  let forwardPolicy: PolicyPass
  let backwardPolicy: PolicyPass
  let critic: NetworkPass?
  private let criticEncoding: InputEncoding
  var paths = Paths()
  var steps = StepValues()
  var gradients = StepGradients()
  private let rowGradient = Buffer<Float>()

  /// - Parameter critic: which of the two critics this phase trains, if any.
  init(
    _ environment: any Environment, _ state: TrainingState, critic estimator: Estimator?
  ) throws {
    let policy = state.configuration.policy.encoding
    criticEncoding = state.configuration.critic.encoding
    let forward = try state.shape(.forwardPolicy, in: environment)
    let isLearned = state.configuration.backward.kind != .uniform
    let backward = isLearned ? try state.shape(.backwardPolicy, in: environment) : nil
    let value = try estimator.map { try state.shape($0, in: environment) }
    states = BatchStates(
      environment, value == nil ? [policy] : [policy, criticEncoding],
      networks: [forward, backward, value].compactMap(\.self))
    forwardPolicy = PolicyPass(.forward, environment, forward, policy)
    backwardPolicy = PolicyPass(.backward, environment, backward, policy)
    critic = value.map { NetworkPass($0) }
  }

  /// The cells of the trajectories' ends, one after the other.
  var ends: [Int32] {
    (0..<paths.count).flatMap { states.table.state(Int(paths.rows[paths.last($0)])) }
  }

  /// Rewards of the trajectories' ends.
  func rewards() -> [Double] {
    let environment = states.environment
    return states.table.withCells { cells in
      (0..<paths.count).map {
        environment.reward(cells + Int(paths.rows[paths.last($0)]) * environment.stateWidth)
      }
    } ?? []
  }

  /// Evaluates both policies and the critic on all rows (a policy that sampled the batch already is)
  /// and gathers what they say along the paths.
  func gather(_ state: TrainingState, critic estimator: Estimator?, _ pool: ThreadPool) {
    forwardPolicy.evaluate(state.networks[.forwardPolicy], states, pool)
    backwardPolicy.evaluate(state.networks[.backwardPolicy], states, pool)
    if let critic, let estimator, let network = state.networks[estimator] {
      critic.removeAll()
      critic.forward(network, states.features(criticEncoding), upTo: states.count, pool)
    }
    steps.offsets = paths.offsets
    steps.logZ = state.logZ
    let count = paths.entryCount
    steps.logPF.removeAll(keepingCapacity: true)
    steps.logPB.removeAll(keepingCapacity: true)
    steps.value.removeAll(keepingCapacity: true)
    for entry in 0..<count {
      let backward = paths.backward[entry]
      steps.logPF.append(forwardPolicy.logProbability(paths.rows[entry], paths.actions[entry]))
      steps.logPB.append(
        backward < 0 ? 0 : backwardPolicy.logProbability(paths.rows[entry + 1], backward))
      steps.value.append(critic.map { Double($0.outputs[Int(paths.rows[entry])]) } ?? 0)
    }
    let environment = states.environment
    steps.logReward =
      states.table.withCells { cells in
        (0..<paths.count).map { path in
          environment.clippedLogReward(
            cells + Int(paths.rows[paths.last(path)]) * environment.stateWidth)
        }
      } ?? []
  }

  /// The parameter gradient of a policy for the gradients that the objective left.
  func policyGradient(
    _ estimator: Estimator, _ network: Network, into gradient: inout [Float], _ pool: ThreadPool
  ) {
    let isForward = estimator == .forwardPolicy
    let pass = isForward ? forwardPolicy : backwardPolicy
    let actions = pass.actions
    rowGradient.fill(states.count * actions, with: 0)
    if isForward {
      for entry in 0..<paths.entryCount {
        rowGradient[Int(paths.rows[entry]) * actions + Int(paths.actions[entry])] += Float(
          gradients.logPF[entry])
      }
    } else {
      for entry in 0..<paths.entryCount where paths.backward[entry] >= 0 {
        rowGradient[Int(paths.rows[entry + 1]) * actions + Int(paths.backward[entry])] += Float(
          gradients.logPB[entry])
      }
    }
    pass.logitGradient(rowGradient.base)
    pass.backward(network, states, logitGradient: rowGradient.base, into: &gradient, pool)
  }

  /// The parameter gradient of the critic.
  func criticGradient(_ network: Network, into gradient: inout [Float], _ pool: ThreadPool) {
    guard let critic else { return }
    rowGradient.fill(states.count, with: 0)
    for entry in 0..<paths.entryCount {
      rowGradient[Int(paths.rows[entry])] += Float(gradients.value[entry])
    }
    critic.backward(
      network, states.features(criticEncoding), outputGradient: rowGradient.base, into: &gradient,
      pool)
  }
}
