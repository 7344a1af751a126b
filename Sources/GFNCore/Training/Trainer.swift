import GFNParameters
import Glibc

/// Takes training steps: the workspaces, and nothing that a step leaves behind. All that lasts is in the
/// `TrainingState` it is given.
package final class Trainer {
  package let environment: any Environment
  let pool: ThreadPool
  let phases: [Phase]
  let forward: BatchPass
  let backward: BatchPass?
  private let guide: Guide?
  /// Where the time of the steps so far went.
  package let profile = StepProfile()
  let rollout: Rollout
  /// Of the replayed part of a batch.
  var replayDraw = ReplayDraw()
  /// Of the forward batch: the cells of its trajectories' ends, and their rewards.
  var ends: [Int32] = []
  private var rewards: [Double] = []
  private let normalisers = Buffer<Double>()
  private let replayWork = ReplayWork()
  private var slopes: [Estimator: [Float]] = [:]
  var trustRegion = TrustRegion()

  /// - Throws: `CoreError` when the state's configuration does not fit the environment.
  package init(_ environment: any Environment, _ state: TrainingState, _ pool: ThreadPool) throws {
    self.environment = environment
    self.pool = pool
    rollout = Rollout(profile)
    try state.configuration.validate(in: environment)
    phases = state.configuration.phases
    forward = try BatchPass(
      environment, state,
      stateEstimator: phases.first { !$0.objective.isBackward }?.stateEstimator)
    backward = try phases.first(where: \.objective.isBackward).map {
      try BatchPass(environment, state, stateEstimator: $0.stateEstimator)
    }
    guide =
      state.configuration.backward.kind == .guided
      ? try Guide(environment, state.configuration.backward) : nil
  }

  /// No state is held back by the guide, as far as all of them can be looked at.
  package var guideNeverHolds: Bool {
    guard case .heldBack(let threshold, _)? = guide, environment.knowsRewards,
      let count = environment.enumeration?.terminating, count <= Self.mostLookedAt
    else { return false }
    return !(0..<count).contains { index in
      environment.terminatingState(at: index).withUnsafeBufferPointer { cells in
        cells.baseAddress.map { environment.isHeldBack($0, at: threshold) } ?? false
      }
    }
  }

  private static let mostLookedAt = 1 << 20

  /// One step of the method: every phase's rollout, objective and update.
  /// - Throws: `CoreError.nonFinite`; the state is then in the middle of a step (`TrainingRun` goes back).
  package func step(_ state: inout TrainingState, batch: Int) throws -> StepReport {
    do {
      return try takeStep(&state, batch: batch)
    } catch CoreError.nonFinite(nil, let quantity, let value) {
      // These weights give no policy: the update before this step is to blame.
      throw CoreError.nonFinite(step: max(state.step, 1), quantity: quantity, value: value)
    }
  }

  private func takeStep(_ state: inout TrainingState, batch: Int) throws -> StepReport {
    if state.configuration.objective.kind == .logPartitionVariance, batch < 2 {
      throw CoreError.option(name: "batch", reason: "a variance needs 2 trajectories at least")
    }
    var report = StepReport()
    profile.begin()
    for phase in phases {
      if phase.objective.isBackward {
        try backwardPhase(phase, &state)
      } else {
        try forwardPhase(phase, &state, batch, &report)
        if state.replay != nil {
          forward.ends(into: &ends)
          state.replay?.insert(ends, rewards: rewards)
        }
      }
    }
    profile.enter(.other)
    try Interruption.check()
    state.step += 1
    report.step = state.step
    report.logZ = forward.reportedLogZ(state)
    return report
  }

  private func forwardPhase(
    _ phase: Phase, _ state: inout TrainingState, _ batch: Int, _ report: inout StepReport
  ) throws {
    profile.enter(.sampling)
    var stream = state.sampling
    let replayed = state.replayBuffer?.share(of: batch) ?? 0
    try sample(state, count: batch - replayed, explores: true, from: &stream)
    state.sampling = stream
    profile.enter(.other)
    state.discoveries.record(forward.states, forward.paths)
    if replayed > 0 { try addReplayed(replayed, &state) }
    for phase in phase.before { try trainBefore(phase, &state) }
    try evaluate(phase, forward, &state)
    profile.enter(.other)
    if !phase.objective.needs.isDisjoint(with: [.stateRewards, .edgeFlows]) {
      state.discoveries.recordStateRewards(forward.states, forward.paths)
    }
    report.describe(
      forward, &rewards, isClipped: !phase.objective.needs.contains(.unclippedRewards))
    report.gradientNorm = try differentiate(forward, phase, state)
    for estimator in phase.trained {
      profile.enter(.optimiser)
      if phase.rule == .trustRegion, estimator == .forwardPolicy {
        profile.enter(.trustRegion)
        report.trustRegion = try trustRegion.update(
          &state, forward, gradient: slopes[estimator] ?? [], pool)
      } else {
        try update(estimator, &state)
      }
    }
    if case .proximal(let surrogate, let epochs) = phase.rule {
      try repeatSteps(surrogate, epochs: epochs, &state)
    }
    state.replayBuffer?.insert(
      forward.paths, forward.states, logRewards: forward.steps.logReward, count: batch - replayed)
    state.updateLogZ(after: forward)
  }

  private func backwardPhase(_ phase: Phase, _ state: inout TrainingState) throws {
    guard let backward else { return }
    profile.enter(.sampling)
    var stream = state.backwardSampling
    try sampleBackward(state, from: &stream)
    state.backwardSampling = stream
    try evaluate(phase, backward, &state)
    if case .heldBack? = guide {
      profile.enter(.other)
      state.discoveries.recordGuide(backward.states, backward.paths)
    }
    _ = try differentiate(backward, phase, state)
    profile.enter(.optimiser)
    for estimator in phase.trained { try update(estimator, &state) }
  }

  /// Samples `forward` from s0, with π_F or with the behaviour policy.
  func sample(
    _ state: TrainingState, count: Int, explores: Bool, from stream: inout RandomStream
  ) throws {
    let exploration = state.configuration.exploration
    try rollout.forward(
      count: count, state.networks[state.configuration.policyEstimator], forward.states,
      forward.forwardPolicy,
      exploration: explores && exploration.isActive ? exploration : nil,
      epsilon: exploration.epsilon(atStep: state.step - state.explorationStart), &stream, pool,
      into: &forward.paths)
    forward.backwardPolicy.removeAll()
  }

  /// Samples `backward` from the ends of `forward`.
  func sampleBackward(_ state: TrainingState, from stream: inout RandomStream) throws {
    guard let backward else { return }
    forward.ends(into: &ends)
    try rollout.backward(
      from: ends, state.networks[.backwardPolicy], backward.states,
      backward.backwardPolicy, &stream, pool, into: &backward.paths)
    backward.forwardPolicy.removeAll()
  }

  /// Lets the estimators and then the objective speak about a sampled batch.
  /// - Throws: `CoreError.tooLarge`.
  func evaluate(_ phase: Phase, _ pass: BatchPass, _ state: inout TrainingState) throws {
    profile.enter(.forward)
    try pass.extend(phase.objective.needs)
    try pass.gather(
      state, stateEstimator: phase.stateEstimator, needs: phase.objective.needs, pool)
    profile.enter(.loss)
    if phase.objective.isBackward {
      if case .heldBack? = guide { try pass.knowRows() }
      setGuide(pass, state)
    } else if state.awaitsLogZ, state.configuration.objective.kind.logZSource == .parameter {
      state.logZ = pass.estimatedLogZ
      state.awaitsLogZ = false
      pass.steps.logZ = state.logZ
    }
    phase.objective.evaluate(pass.steps, into: &pass.gradients)
  }

  func slope(_ estimator: Estimator) -> [Float]? { slopes[estimator] }

  /// Sets log g(a_t|s_t) along backward trajectories: π_F's for RL-B, the guide's for RL-G.
  private func setGuide(_ pass: BatchPass, _ state: TrainingState) {
    switch guide {
    case .heldBack(let threshold, let floor)?:
      guard let logits = pass.forwardPolicy.network?.outputs.base else { break }
      HeldBackGuide(threshold: threshold, floor: floor).logProbabilities(
        pass.paths, pass.states, logits: logits, normalisers, pool, into: &pass.steps.logGuide)
      return
    case .replay?:
      guard let replay = state.replay else { break }
      replay.logProbabilities(
        pass.paths, pass.states, logPB: pass.steps.logPB, replayWork, pool,
        into: &pass.steps.logGuide)
      return
    case nil: break
    }
    pass.steps.guideByForwardPolicy()
  }

  /// Fills `slopes` for the estimators of a phase.
  /// - Returns: the norm of the first one's gradient.
  func differentiate(
    _ pass: BatchPass, _ phase: Phase, _ state: TrainingState
  ) throws -> Double {
    try differentiate(pass, phase.trained, state)
  }

  func differentiate(
    _ pass: BatchPass, _ trained: [Estimator], _ state: TrainingState
  ) throws -> Double {
    try Interruption.check()
    guard pass.gradients.loss.isFinite else {
      try pass.refuseZeroRewards(state.configuration.objective.kind)
      throw CoreError.nonFinite(
        step: state.step + 1, quantity: "the loss", value: pass.gradients.loss)
    }
    var first: Double?
    profile.enter(.backward)
    for estimator in trained {
      guard let network = state.networks[estimator] else { continue }
      if slopes[estimator]?.count != network.parameters.count {
        slopes[estimator] = [Float](repeating: 0, count: network.parameters.count)
      }
      var gradient = slopes.removeValue(forKey: estimator) ?? []
      gradient.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
      if estimator == .edgeFlow {
        pass.edgeFlowGradient(network, into: &gradient, pool)
      } else if estimator.isOfStates {
        pass.stateEstimatorGradient(network, into: &gradient, pool)
      } else {
        pass.policyGradient(estimator, network, into: &gradient, pool)
      }
      try Interruption.check()
      let norm = Vector.norm(gradient, pool)
      slopes[estimator] = gradient
      guard norm.isFinite else {
        throw CoreError.nonFinite(
          step: state.step + 1, quantity: "the gradient norm of \(estimator.rawValue)", value: norm)
      }
      first = first ?? norm
    }
    return first ?? 0
  }

  func update(_ estimator: Estimator, _ state: inout TrainingState) throws {
    guard let gradient = slopes[estimator] else { return }
    let optimizer = state.configuration.optimizer
    var scale = 1.0
    if let clip = optimizer.clip {
      let norm = Vector.norm(gradient, pool)
      scale = norm > clip ? clip / norm : 1
    }
    guard var network = state.networks.removeValue(forKey: estimator),
      var moments = state.moments.removeValue(forKey: estimator)
    else { return }
    moments.update(
      &network.parameters, gradient: gradient, scale: scale, rate: optimizer.rate(estimator), pool)
    state.networks[estimator] = network
    state.moments[estimator] = moments
    let size = Vector.norm(network.parameters, pool)
    guard size.isFinite else {
      throw CoreError.nonFinite(
        step: state.step + 1, quantity: "a weight of \(estimator.rawValue)", value: size)
    }
  }
}
