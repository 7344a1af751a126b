extension Trainer {
  /// A step that a phase is preceded by, on the batch just sampled; what it moved speaks anew after.
  func trainBefore(_ phase: Phase, _ state: inout TrainingState) throws {
    try evaluate(phase, forward, &state)
    _ = try differentiate(forward, phase, state)
    profile.enter(.optimiser)
    for estimator in phase.trained { try update(estimator, &state) }
    forward.backwardPolicy.removeAll()
  }

  /// The epochs after the first of a proximal policy step, on the same batch with the same advantages.
  /// Critic and log Z have moved once, as in the policy gradient.
  func repeatSteps(
    _ surrogate: ClippedSurrogate, epochs: Int, _ state: inout TrainingState
  ) throws {
    for _ in 1..<max(1, epochs) {
      profile.enter(.forward)
      forward.forwardPolicy.removeAll()
      forward.forwardPolicy.evaluate(state.networks[.forwardPolicy], forward.states, pool)
      profile.enter(.loss)
      forward.differentiate(surrogate)
      _ = try differentiate(forward, Phase.policyAlone, state)
      profile.enter(.optimiser)
      for estimator in Phase.policyAlone { try update(estimator, &state) }
    }
  }

  /// Adds trajectories from the buffer to the batch just sampled: stored ones as they are, objects by
  /// paths that π_B finds to them now.
  func addReplayed(_ count: Int, _ state: inout TrainingState) throws {
    profile.enter(.sampling)
    guard let buffer = state.replayBuffer else { return }
    replayDraw.choose(count, from: buffer, &state.backwardSampling)
    switch buffer.kind {
    case .objects:
      replayDraw.objects(buffer, into: &ends)
      var stream = state.backwardSampling
      try rollout.backward(
        from: ends, state.networks[.backwardPolicy], forward.states, forward.backwardPolicy,
        keepsStates: true, &stream, pool, into: &replayDraw.paths)
      state.backwardSampling = stream
      forward.paths.append(replayDraw.paths)
    case .trajectories:
      replayDraw.appendTrajectories(buffer, to: forward.states, &forward.paths)
      try forward.states.checkMemory(trajectories: count)
    case .none: break
    }
    profile.enter(.other)
  }
}
