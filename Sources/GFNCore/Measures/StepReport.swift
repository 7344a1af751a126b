/// What one training step looked like.
package struct StepReport: Sendable {
  package var step = 0
  package var loss = 0.0
  package var jF: Double?
  package var criticLoss: Double?
  /// As the method reports it; log F as the batch was sampled, NaN where there is none.
  package var logZ = 0.0
  /// Norm of the forward policy's gradient.
  package var gradientNorm = 0.0
  /// Mean entropy of π_F over the steps of the batch, in nats.
  package var entropy = 0.0
  /// Mean number of ordinary actions.
  package var length = 0.0
  package var meanReward = 0.0
  /// Mean of log R(x), unclipped.
  package var meanLogReward = 0.0
  /// Distinct states among the states visited.
  package var distinctStates = 0
  package var visits = 0
  /// Trajectories whose log R was raised to the clip.
  package var clippedRewards = 0
  package var trustRegion: TrustRegionReport?

  package init() {}
}

/// What became of a trust-region step.
package struct TrustRegionReport: Sendable, Equatable {
  package var isAccepted = false
  /// Step lengths that were tried.
  package var trials = 0
  /// The divergence of the accepted step.
  package var divergence = 0.0

  package init(isAccepted: Bool = false, trials: Int = 0, divergence: Double = 0) {
    self.isAccepted = isAccepted
    self.trials = trials
    self.divergence = divergence
  }
}
