import Glibc

/// A guide with its settings.
enum Guide: Sendable, Equatable {
  case heldBack(threshold: Double, floor: Double)
  case replay

  /// - Throws: `CoreError.conflict` where no guide is known.
  init(_ environment: any Environment, _ settings: BackwardSettings) throws {
    switch environment.guide {
    case .heldBack(let natural, let floor)?:
      guard let threshold = settings.threshold ?? natural else {
        throw CoreError.conflict(
          reason: "the guide needs a reward threshold for this reward",
          remedy: "give one: backward guided threshold=0.1")
      }
      self = .heldBack(threshold: threshold, floor: settings.floor ?? floor)
    case .replay?, .blocks?:
      self = .replay
    case .reachability?:
      let states = environment.enumeration?.states
      guard let states, states <= ReachabilityIndex.mostStates else {
        throw CoreError.tooLarge(
          what: "the guide of '\(environment.specification.summary)'",
          size: states.map { "the tallies of \($0) states" } ?? "more than 2^63 tallies",
          remedy: "use backward learned, or a smaller environment (at most 2^24 states)")
      }
      self = .replay
    case nil:
      throw CoreError.conflict(
        reason: "there is no guide for '\(environment.specification.summary)' yet",
        remedy: "use backward learned")
    }
  }
}

/// `log π_G(a_t|s_t)` for π_F with the raw exit logit lowered to at most log `floor` in states whose
/// reward, or log R where R is an exponential, is at or below `threshold`.
struct HeldBackGuide {
  var threshold: Double
  var floor: Double

  /// Rows in one block of work.
  private static let blockSize = 256

  /// - Parameters:
  ///   - logits: π_F's raw outputs on the rows of `states`, `[rows, actions]`.
  ///   - normalisers: workspace.
  ///   - result: for every entry of `paths`.
  func logProbabilities(
    _ paths: Paths, _ states: BatchStates, logits: UnsafePointer<Float>,
    _ normalisers: Buffer<Double>, _ pool: ThreadPool, into result: inout [Double]
  ) {
    let actions = states.environment.forwardActionCount
    normalisers.reserve(states.count)
    states.table.withCells { cells in
      let context = (self, 0..<states.count, cells, states, logits, normalisers.base)
      pool.run(blocks: blockCount(0..<states.count, Self.blockSize), with: context) {
        let (guide, rows, cells, states, logits, normalisers) = $0
        for row in block($1, of: rows, Self.blockSize) {
          normalisers[row] = guide.logNormaliser(row, cells, states, logits)
        }
      }
    }
    result.resize(paths.entryCount, filling: 0)
    for path in 0..<paths.count {
      let entries = paths.entries(path)
      for entry in entries.dropLast() {
        let row = Int(paths.rows[entry])
        let logit = Double(logits[row * actions + Int(paths.actions[entry])])
        result[entry] = logit - normalisers[row]
      }
    }
    states.table.withCells { cells in
      for path in 0..<paths.count {
        let row = Int(paths.rows[paths.last(path)])
        let logit = exitLogit(row, cells, states, logits + row * actions)
        result[paths.last(path)] = logit - normalisers[row]
      }
    }
  }

  /// A row's exit logit, held back.
  private func exitLogit(
    _ row: Int, _ cells: StatePointer, _ states: BatchStates, _ logits: UnsafePointer<Float>
  ) -> Double {
    let environment = states.environment
    let isHeld = environment.isHeldBack(cells + row * environment.stateWidth, at: threshold)
    let logit = Double(logits[environment.exitAction])
    return isHeld ? min(logit, log(floor)) : logit
  }

  /// The logarithm of Σ exp over a row's allowed actions.
  private func logNormaliser(
    _ row: Int, _ cells: StatePointer, _ states: BatchStates, _ logits: UnsafePointer<Float>
  ) -> Double {
    let environment = states.environment
    let exit = environment.exitAction
    let logits = logits + row * (exit + 1)
    let mask = states.forwardMask.base + row * (exit + 1)
    let exitLogit = exitLogit(row, cells, states, logits)
    var greatest = mask[exit] ? exitLogit : -.infinity
    for action in 0..<exit where mask[action] { greatest = max(greatest, Double(logits[action])) }
    guard greatest.isFinite else { return greatest }
    var sum = mask[exit] ? exp(exitLogit - greatest) : 0
    for action in 0..<exit where mask[action] { sum += exp(Double(logits[action]) - greatest) }
    return greatest + log(sum)
  }
}
