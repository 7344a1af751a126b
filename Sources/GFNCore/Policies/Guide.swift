import Glibc

/// How an environment makes its π_G.
public enum GuideFamily: Sendable, Equatable {
  /// The current π_F, held back from exiting where the reward is at most a threshold (Niu et al. 2024,
  /// appendix); the natural threshold, where there is one.
  case heldBack(threshold: Double?)
  /// The replayed terminating sequences that agree with the partial one (Shen et al. 2023,
  /// arXiv:2305.07170).
  case replay(length: Int, letters: Int)
}

/// A guide with its settings.
enum Guide: Sendable, Equatable {
  case heldBack(threshold: Double, floor: Double)
  case replay

  /// - Throws: `CoreError.conflict` where no guide is known.
  init(_ environment: any Environment, _ settings: BackwardSettings) throws {
    switch environment.guide {
    case .heldBack(let natural)?:
      guard let threshold = settings.threshold ?? natural else {
        throw CoreError.conflict(
          reason: "the guide needs a reward threshold for this reward",
          remedy: "give one: backward guided threshold=0.1")
      }
      self = .heldBack(threshold: threshold, floor: settings.floor)
    case .replay?:
      self = .replay
    case nil:
      throw CoreError.conflict(
        reason: "there is no guide for '\(environment.specification.summary)' yet",
        remedy: "use backward learned, or sequences with mode=fill")
    }
  }
}

/// `log π_G(a_t|s_t)` for π_F with the raw exit logit lowered to at most log `floor` in states whose
/// reward is at or below `threshold`.
struct HeldBackGuide {
  var threshold: Double
  var floor: Double

  /// - Parameter logits: π_F's raw outputs on the rows of `states`, `[rows, actions]`.
  /// - Returns: for every entry of `paths` but the last of each, 0 there.
  func logProbabilities(
    _ paths: Paths, _ states: BatchStates, logits: UnsafePointer<Float>
  ) -> [Double] {
    let environment = states.environment
    let actions = environment.forwardActionCount
    let bound = log(floor)
    var logNormalisers = [Double](repeating: .nan, count: states.count)
    states.table.withCells { cells in
      for row in 0..<states.count {
        let isHeld = environment.reward(cells + row * environment.stateWidth) <= threshold
        let offset = row * actions
        let terms = (0..<actions).lazy.filter { states.forwardMask[offset + $0] }.map { action in
          let logit = Double(logits[offset + action])
          return action == environment.exitAction && isHeld ? min(logit, bound) : logit
        }
        logNormalisers[row] = logSumExp(terms)
      }
    }
    var result = [Double](repeating: 0, count: paths.entryCount)
    for path in 0..<paths.count {
      for entry in paths.entries(path).dropLast() {
        let row = Int(paths.rows[entry])
        let logit = Double(logits[row * actions + Int(paths.actions[entry])])
        result[entry] = logit - logNormalisers[row]
      }
    }
    return result
  }
}
