import Glibc

/// What one training step looked like.
public struct StepReport: Sendable {
  public var step = 0
  public var loss = 0.0
  public var jF: Double?
  public var criticLoss: Double?
  public var logZ = 0.0
  /// Norm of the forward policy's gradient.
  public var gradientNorm = 0.0
  /// Mean entropy of π_F over the steps of the batch, in nats.
  public var entropy = 0.0
  /// Mean number of ordinary actions.
  public var length = 0.0
  public var meanReward = 0.0
  /// Distinct states among the states visited.
  public var distinctStates = 0
  public var visits = 0
  /// Trajectories whose log R was raised to the clip.
  public var clippedRewards = 0
  public var trustRegion: TrustRegionReport?

  public init() {}

  mutating func describe(_ pass: BatchPass) {
    loss = pass.gradients.loss
    jF = pass.gradients.jF
    criticLoss = pass.gradients.criticLoss
    distinctStates = pass.states.count
    visits = pass.paths.entryCount
    let count = Double(pass.paths.count)
    length = Double(visits) / count - 1
    let rewards = pass.rewards()
    meanReward = rewards.reduce(0, +) / count
    let clip = pass.states.environment.logRewardClip ?? -.infinity
    clippedRewards = rewards.count { log($0) < clip }
    var rowVisits = [Double](repeating: 0, count: distinctStates)
    for row in pass.paths.rows { rowVisits[Int(row)] += 1 }
    entropy = 0
    for row in rowVisits.indices {
      entropy += rowVisits[row] * pass.forwardPolicy.entropy(row)
    }
    entropy /= Double(visits)
  }
}

extension BatchPass {
  /// The mean of log R + log P_B − log P_F over the batch.
  var estimatedLogZ: Double {
    var sum = 0.0
    for path in 0..<steps.count {
      sum += steps.logReward[path]
      for entry in steps.entries(path) { sum += steps.logPB[entry] - steps.logPF[entry] }
    }
    return sum / Double(steps.count)
  }
}
