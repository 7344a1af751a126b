/// What training has come across since `env` or `reset`.
package struct Discoveries: Sendable {
  /// Distinct states visited, terminating or not.
  package var statesVisited: Int { states.count }
  package private(set) var modes: Set<Int> = []
  package private(set) var regions: Set<Int> = []
  /// Rewards of sampled x that were asked for.
  package private(set) var evaluations = 0
  /// Rewards that a guide or an objective asked for beside those of the sampled x.
  package private(set) var guideEvaluations = 0
  /// Distinct states whose reward was asked for, by whichever.
  package var distinctRewards: Int { rewarded.count }
  var byteCount: Int { states.byteCount + rewarded.byteCount }
  private var states: VisitedStates
  private var rewarded: VisitedStates

  init(_ environment: any Environment) {
    states = VisitedStates(environment)
    rewarded = states
  }

  /// Notes the states of a batch and the ends of its trajectories.
  mutating func record(_ batch: BatchStates, _ paths: Paths) {
    let environment = batch.environment
    let width = environment.stateWidth
    batch.table.withCells { cells in
      for row in 0..<batch.count { states.insert(cells + row * width, environment) }
      for path in 0..<paths.count {
        let x = cells + Int(paths.rows[paths.last(path)]) * width
        rewarded.insert(x, environment)
        if let mode = environment.modes?.mode(of: x) { modes.insert(mode) }
        if let region = environment.regions?.mode(of: x) { regions.insert(region) }
      }
    }
    evaluations += paths.count
  }

  /// Notes that a guide read the rewards of all states of a batch that was sampled backward. The ends of
  /// its trajectories were paid for when they were sampled; their rows lie together behind that of s0.
  mutating func recordGuide(_ batch: BatchStates, _ paths: Paths) {
    let environment = batch.environment
    let width = environment.stateWidth
    var lastEnd = 0
    var startIsEnd = false
    for path in 0..<paths.count {
      let row = Int(paths.rows[paths.last(path)])
      lastEnd = max(lastEnd, row)
      if row == 0 { startIsEnd = true }
    }
    guideEvaluations += batch.count - lastEnd - (startIsEnd ? 1 : 0)
    batch.table.withCells { cells in
      for row in 0..<batch.count { rewarded.insert(cells + row * width, environment) }
    }
  }

  /// Notes that an objective read the rewards of all states along trajectories where they could have
  /// ended, each as often as it was visited; those of their ends were counted when they were sampled.
  mutating func recordStateRewards(_ batch: BatchStates, _ paths: Paths) {
    let environment = batch.environment
    let width = environment.stateWidth
    let actions = environment.forwardActionCount
    batch.table.withCells { cells in
      for path in 0..<paths.count {
        for entry in paths.entries(path).dropLast() {
          let row = Int(paths.rows[entry])
          guard batch.forwardMask[row * actions + actions - 1] else { continue }
          guideEvaluations += 1
          rewarded.insert(cells + row * width, environment)
        }
      }
    }
  }
}

extension Discoveries: Checkpointed {
  mutating func code(_ coder: inout StateCoder) throws {
    try coder.code("modes", &modes)
    try coder.code("regions", &regions)
    try coder.code("evaluations", &evaluations)
    try coder.code("guide_evaluations", &guideEvaluations)
    try coder.code("states", &states)
    try coder.code("rewarded", &rewarded)
  }
}

/// A growing set of states: a bit for each where they can be enumerated, else a table.
private struct VisitedStates: Sendable {
  private(set) var count = 0
  private var bits: [UInt64] = []
  private var table: StateTable?

  /// Beyond this many states, bits would take more than 8 MiB.
  private static let mostBits = 1 << 26

  var byteCount: Int { 8 * bits.count + (table?.byteCount ?? 0) }

  init(_ environment: any Environment) {
    if let states = environment.enumeration?.states, states <= Self.mostBits {
      bits = [UInt64](repeating: 0, count: (states + 63) / 64)
    } else {
      table = StateTable(width: environment.packedWidth)
    }
  }

  mutating func insert(_ state: StatePointer, _ environment: any Environment) {
    if table == nil {
      let index = environment.index(of: state)
      let bit: UInt64 = 1 << UInt64(index & 63)
      guard bits[index >> 6] & bit == 0 else { return }
      bits[index >> 6] |= bit
      count += 1
      return
    }
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: environment.packedWidth) { packed in
      guard let packed = packed.baseAddress else { return }
      environment.pack(state, into: packed)
      if table?.insert(packed).isNew == true { count += 1 }
    }
  }
}

extension VisitedStates: Checkpointed {
  mutating func code(_ coder: inout StateCoder) throws {
    try coder.code("count", &count)
    // One or the other, as the environment has it.
    coder.visit("table")
    coder.visit("bits")
    if var table {
      try coder.code("table", &table)
      self.table = table
    } else {
      try coder.code("bits", bits: &bits, count: bits.count)
    }
    let found = table?.count ?? bits.reduce(0) { $0 + $1.nonzeroBitCount }
    guard count == found else { throw coder.broken("count", "is \(count), but \(found) are there") }
  }
}
