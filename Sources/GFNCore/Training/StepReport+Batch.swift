import Glibc

extension StepReport {
  /// - Parameters:
  ///   - rewards: room for those of the trajectories' ends.
  ///   - isClipped: the objective clips log R.
  mutating func describe(_ pass: BatchPass, _ rewards: inout [Double], isClipped: Bool) {
    loss = pass.gradients.loss
    jF = pass.gradients.jF
    criticLoss = pass.gradients.criticLoss
    distinctStates = pass.visitedCount
    visits = pass.paths.entryCount
    let count = Double(pass.paths.count)
    length = Double(visits) / count - 1
    pass.rewards(into: &rewards)
    meanReward = mean(of: rewards)
    meanLogReward = pass.meanLogReward
    if isClipped, let clip = pass.states.environment.logRewardClip {
      let least = exp(clip)
      clippedRewards = rewards.count { $0 < least }
    }
    let rowVisits = pass.visits()
    entropy = 0
    for row in 0..<distinctStates {
      entropy += Double(rowVisits[row]) * pass.forwardPolicy.entropy(row)
    }
    entropy /= Double(visits)
  }
}

extension BatchPass {
  /// The mean of log R(x) over the trajectories' ends, unclipped.
  fileprivate var meanLogReward: Double {
    let environment = states.environment
    let sum = states.table.withCells { cells in
      var sum = 0.0
      for path in 0..<paths.count {
        sum += environment.logReward(
          cells + Int(paths.rows[paths.last(path)]) * environment.stateWidth)
      }
      return sum
    }
    return (sum ?? 0) / Double(paths.count)
  }

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
