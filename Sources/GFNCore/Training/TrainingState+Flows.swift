import Glibc

extension TrainingState {
  /// log Z as the method reports it: the parameter; log F(s0); the logarithm of the sum of s0's edge
  /// flows; or the last batch's estimate. NaN where there is none.
  /// - Throws: `CoreError` where the network does not fit the environment.
  package func reportedLogZ(
    in environment: any Environment, _ pool: ThreadPool
  ) throws -> Double {
    switch configuration.objective.kind.logZSource {
    case .parameter: return logZ
    case .stateFlow: return try initialOutputs(.stateFlow, environment, pool).first ?? .nan
    case .edgeFlow:
      let flows = try initialOutputs(.edgeFlow, environment, pool)
      let mask = environment.forwardMask(environment.initialState())
      return logSumExp(zip(flows, mask).lazy.filter(\.1).map(\.0))
    case .batch: return batchLogZ ?? .nan
    case .none: return .nan
    }
  }

  /// Lets what a step's batch says of log Z take effect, where it is a parameter or an estimate.
  mutating func updateLogZ(after batch: BatchPass) {
    switch configuration.objective.kind.logZSource {
    case .parameter:
      logZMoments.update(
        &logZ, gradient: batch.gradients.logZ, rate: configuration.optimizer.logZRate)
    case .batch: batchLogZ = batch.estimatedLogZ
    case .stateFlow, .edgeFlow, .none: break
    }
  }

  /// What an estimator says of s0.
  private func initialOutputs(
    _ estimator: Estimator, _ environment: any Environment, _ pool: ThreadPool
  ) throws -> [Double] {
    guard let network = networks[estimator] else { return [] }
    try MatrixProduct.requireCorrect()
    let encoding = configuration.network(estimator).encoding
    let states = BatchStates(environment, [encoding])
    _ = environment.initialState().withUnsafeBufferPointer { $0.baseAddress.map(states.insert) }
    let pass = NetworkPass(network.shape)
    pass.forward(network, states.features(encoding), upTo: 1, pool)
    return pass.outputs.array(network.shape.outputs).map(Double.init)
  }

  /// Lets the forward policy stay what it was when it becomes, or was, the softmax of edge flows: the
  /// networks have the same shape.
  mutating func handOverPolicy() {
    if configuration.policyEstimator == .edgeFlow {
      let areLoaded = networks[.edgeFlow] != nil && flowsLoadedAt == step
      if !areLoaded, let policy = networks[.forwardPolicy] { replace(.edgeFlow, with: policy) }
      return
    }
    let areTrained = (moments[.edgeFlow]?.steps ?? 0) > 0
    if areTrained || networks[.forwardPolicy] == nil, let flows = networks[.edgeFlow] {
      replace(.forwardPolicy, with: flows)
    }
    if areTrained || flowsLoadedAt != step {
      networks[.edgeFlow] = nil
      moments[.edgeFlow] = nil
    }
  }

  /// Of a file that holds the policy in the other form, takes that.
  mutating func completePolicy(_ loaded: [Estimator]) {
    if loaded.contains(.edgeFlow) { flowsLoadedAt = step }
    let policy = configuration.policyEstimator
    let other: Estimator = policy == .edgeFlow ? .forwardPolicy : .edgeFlow
    if !loaded.contains(policy), loaded.contains(other), let network = networks[other] {
      replace(policy, with: network)
    }
  }
}

extension BatchPass {
  /// log Z as the method reports it, at the parameters that sampled the batch where it is no parameter.
  func reportedLogZ(_ state: TrainingState) -> Double {
    switch state.configuration.objective.kind.logZSource {
    case .parameter: return state.logZ
    case .stateFlow: return steps.value.first ?? .nan
    case .edgeFlow:
      // Every batch begins with s0.
      var greatest = -Double.infinity
      for place in 0..<steps.flows.actionCount {
        greatest = max(greatest, steps.flows.outflow[place])
      }
      var sum = 0.0
      for place in 0..<steps.flows.actionCount {
        sum += exp(steps.flows.outflow[place] - greatest)
      }
      return greatest + log(sum)
    case .batch: return state.batchLogZ ?? .nan
    case .none: return .nan
    }
  }

  /// - Throws: `CoreError.conflict` where log R = −∞ is what a loss is infinite for.
  func refuseZeroRewards(_ kind: ObjectiveSettings.Kind) throws {
    guard steps.logReward.contains(-.infinity) else { return }
    if kind == .detailedBalance || kind == .flowMatching {
      let clipping = states.environment.logRewardClip == nil ? ", with 'reward clip=-12'" : ""
      throw CoreError.conflict(
        reason:
          "objective \(kind.rawValue) takes log R as it is, and an object with R = 0 was sampled",
        remedy:
          "choose objective tb or subtb, which clip log R\(clipping), or a reward above 0 everywhere"
      )
    }
    throw CoreError.zeroReward("an object with R = 0 was sampled, and log R is not clipped")
  }
}

extension CoreError {
  /// What needs a finite log R everywhere has met R = 0.
  static func zeroReward(_ reason: String) -> CoreError {
    .conflict(
      reason: reason,
      remedy: "'reward clip=-12' lets it count as exp(-12) in training, or give a reward above 0 "
        + "everywhere")
  }
}
