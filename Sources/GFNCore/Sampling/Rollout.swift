import GFNParameters

/// Samples trajectories in lockstep: at each step only the states that no trajectory has seen before go
/// through the policy, as one product a layer.
final class Rollout {
  private let profile: StepProfile
  private var log = EntryLog()
  /// The row where each trajectory is, and the trajectories that have not ended.
  private let current = Buffer<Int32>()
  private let active = Buffer<Int32>()
  private let state = Buffer<Int32>()
  private let weights = Buffer<Double>()
  private var moves = Moves()

  init(_ profile: StepProfile = StepProfile()) { self.profile = profile }

  /// Samples `count` trajectories from s0 with π_F, or with the behaviour policy that `exploration`
  /// makes of it.
  /// - Throws: `CoreError.nonFinite` where the policy has no distribution, `.tooLarge` where the batch
  ///   outgrows the memory.
  func forward(
    count: Int, _ network: Network?, _ states: BatchStates, _ policy: PolicyPass,
    exploration: Exploration?, epsilon: Double, _ stream: inout RandomStream, _ pool: ThreadPool,
    into paths: inout Paths
  ) throws {
    let environment = states.environment
    let exit = environment.exitAction
    begin(count, states, policy)
    environment.initialState(into: state.base)
    current.fill(count, with: Int32(truncatingIfNeeded: states.insert(state.base)))
    var remaining = count
    while remaining > 0 {
      try evaluate(network, states, policy, count, pool)
      log.reserve(remaining)
      var kept = 0
      for index in 0..<remaining {
        if index % Self.checkInterval == 0 { try Interruption.check() }
        let path = Int(active[index])
        let row = Int(current[path])
        let drawn =
          if let exploration {
            exploration.sample(policy, row, epsilon: epsilon, weights.base, &stream)
          } else {
            policy.sample(row, &stream)
          }
        guard let action = drawn else {
          throw CoreError.nonFinite(
            step: nil,
            quantity: exploration == nil ? "an output of pf" : CoreError.behaviour,
            value: .nan)
        }
        guard action != exit else {
          log.append(path: path, row: row, action: exit, backward: -1)
          continue
        }
        let move = moves.find(row, action) {
          states.table.copy(row, into: state.base)
          let inverse = environment.step(state.base, forward: action)
          return (states.insert(state.base), inverse)
        }
        log.append(path: path, row: row, action: action, backward: Int(move.inverse))
        current[path] = move.target
        active[kept] = Int32(truncatingIfNeeded: path)
        kept += 1
      }
      remaining = kept
    }
    try states.checkMemory(trajectories: count)
    log.sort(into: &paths, count: count, reversed: false)
  }

  /// Trajectories from one look for interrupts to the next.
  private static let checkInterval = 1 << 16

  /// Samples one trajectory backward from each terminating state with π_B.
  /// - Parameters:
  ///   - ends: their cells, one after the other.
  ///   - keepsStates: the rows that are there stay.
  /// - Throws: as `forward`.
  func backward(
    from ends: [Int32], _ network: Network?, _ states: BatchStates, _ policy: PolicyPass,
    keepsStates: Bool = false, _ stream: inout RandomStream, _ pool: ThreadPool,
    into paths: inout Paths
  ) throws {
    let environment = states.environment
    let width = environment.stateWidth
    let count = ends.count / width
    begin(count, states, policy, keepsStates: keepsStates)
    environment.initialState(into: state.base)
    let first = Int32(truncatingIfNeeded: states.insert(state.base))
    current.reserve(count)
    log.reserve(count)
    var remaining = 0
    ends.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for path in 0..<count {
        let row = states.insert(base + path * width)
        current[path] = Int32(truncatingIfNeeded: row)
        log.append(path: path, row: row, action: environment.exitAction, backward: -1)
        guard current[path] != first else { continue }
        active[remaining] = Int32(truncatingIfNeeded: path)
        remaining += 1
      }
    }
    while remaining > 0 {
      try evaluate(network, states, policy, count, pool)
      log.reserve(remaining)
      var kept = 0
      for index in 0..<remaining {
        if index % Self.checkInterval == 0 { try Interruption.check() }
        let path = Int(active[index])
        let row = Int(current[path])
        guard let action = policy.sample(row, &stream) else {
          throw CoreError.nonFinite(step: nil, quantity: "an output of pb", value: .nan)
        }
        let move = moves.find(row, action) {
          states.table.copy(row, into: state.base)
          let inverse = environment.step(state.base, backward: action)
          return (states.insert(state.base), inverse)
        }
        log.append(path: path, row: Int(move.target), action: Int(move.inverse), backward: action)
        guard move.target != first else { continue }
        current[path] = move.target
        active[kept] = Int32(truncatingIfNeeded: path)
        kept += 1
      }
      remaining = kept
    }
    try states.checkMemory(trajectories: count)
    log.sort(into: &paths, count: count, reversed: true)
  }

  private func begin(
    _ count: Int, _ states: BatchStates, _ policy: PolicyPass, keepsStates: Bool = false
  ) {
    if !keepsStates { states.removeAll() }
    policy.removeAll()
    log.removeAll()
    moves.removeAll(actions: policy.actions)
    state.reserve(states.environment.stateWidth)
    weights.reserve(policy.actions)
    active.reserve(count)
    for path in 0..<count { active[path] = Int32(truncatingIfNeeded: path) }
  }

  private func evaluate(
    _ network: Network?, _ states: BatchStates, _ policy: PolicyPass, _ count: Int,
    _ pool: ThreadPool
  ) throws {
    try states.checkMemory(trajectories: count)
    moves.extend(to: states.count)
    profile.enter(.rollout)
    policy.evaluate(network, states, pool)
    // Before actions are drawn from what was left undone.
    try Interruption.check()
    profile.enter(.sampling)
  }
}

/// Where an action leads from a row, once a trajectory has gone there: `[rows, actions]`.
private struct Moves {
  struct Move {
    /// −1 where nothing went yet.
    var target: Int32
    /// The action that undoes it.
    var inverse: Int32
  }

  private let moves = Buffer<Move>()
  private var rows = 0
  private var actions = 0

  mutating func removeAll(actions: Int) {
    rows = 0
    self.actions = actions
  }

  mutating func extend(to count: Int) {
    moves.reserve(count * actions, keeping: rows * actions)
    let none = Move(target: -1, inverse: -1)
    (moves.base + rows * actions).update(repeating: none, count: (count - rows) * actions)
    rows = count
  }

  /// - Parameter make: takes the step, where it is the first time.
  func find(_ row: Int, _ action: Int, _ make: () -> (row: Int, inverse: Int)) -> Move {
    let index = row * actions + action
    let known = moves[index]
    if known.target >= 0 { return known }
    let made = make()
    let move = Move(
      target: Int32(truncatingIfNeeded: made.row),
      inverse: Int32(truncatingIfNeeded: made.inverse))
    moves[index] = move
    return move
  }
}
