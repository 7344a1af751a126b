import GFNCore
import GFNLanguage
import GFNParameters

extension Session {
  /// One sampled object.
  struct Sample {
    var cells: [Int32]
    /// Ordinary actions of its trajectory.
    var length: Int
  }

  /// Draws objects with π_F from the stream for looking.
  func samples(_ count: Int, _ arguments: Arguments) throws -> [Sample] {
    let (environment, state) = try experiment(arguments)
    return try core(arguments) {
      let trainer = try Trainer(environment, state, workbench.pool)
      var samples: [Sample] = []
      var stream = workbench.nextLook()
      while samples.count < count, !interruption.isRequested {
        let batch = try trainer.trajectories(
          state, count: min(environment.drawnAtOnce, count - samples.count), isBackward: false,
          from: &stream)
        for trajectory in batch.trajectories {
          guard let cells = trajectory.states.last else { continue }
          samples.append(
            Sample(
              cells: cells,
              length: trajectory.states.count - 1))
        }
      }
      return samples
    }
  }

  /// P_F and the probability of visiting each state, exactly.
  func exactDistribution(
    _ arguments: Arguments
  ) throws -> (terminating: [Double], visiting: [Double]) {
    let (environment, state) = try experiment(arguments)
    return try core(arguments) {
      let evaluation = ExactEvaluation(environment, workbench.pool)
      guard
        let result = try evaluation.distribution(
          state, isCancelled: { interruption.isRequested })
      else {
        throw arguments.error("interrupted", "the evaluation was interrupted")
      }
      return result
    }
  }
}
