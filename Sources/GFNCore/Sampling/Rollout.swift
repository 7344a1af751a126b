/// Samples trajectories in lockstep: at each step only the states that no trajectory has seen before go
/// through the policy, as one product a layer.
struct Rollout {
  private var log = EntryLog()
  private var current: [Int32] = []
  private var active: [Int] = []
  private var state: [Int32] = []
  private var weights: [Double] = []
  private let profile: StepProfile

  init(_ profile: StepProfile = StepProfile()) { self.profile = profile }

  /// Samples `count` trajectories from s0 with π_F, or with the behaviour policy that `exploration`
  /// makes of it.
  /// - Throws: `CoreError.nonFinite` where the policy has no distribution, `.tooLarge` where the batch
  ///   outgrows the memory.
  mutating func forward(
    count: Int, _ network: Network?, _ states: BatchStates, _ policy: PolicyPass,
    exploration: Exploration?, epsilon: Double, _ stream: inout RandomStream, _ pool: ThreadPool,
    into paths: inout Paths
  ) throws {
    let environment = states.environment
    let exit = environment.exitAction
    states.removeAll()
    policy.removeAll()
    begin(count, environment)
    let start = environment.initialState()
    let first = start.withUnsafeBufferPointer { $0.baseAddress.map(states.insert) ?? 0 }
    for path in 0..<count { current[path] = Int32(truncatingIfNeeded: first) }
    while !active.isEmpty {
      profile.enter(.rollout)
      policy.evaluate(network, states, pool)
      profile.enter(.sampling)
      var kept = 0
      for path in active {
        let row = Int(current[path])
        let drawn =
          if let exploration {
            exploration.sample(policy, row, epsilon: epsilon, &weights, &stream)
          } else {
            policy.sample(row, &stream)
          }
        guard let action = drawn else {
          throw CoreError.nonFinite(
            step: nil,
            quantity: exploration == nil ? "an output of pf" : "a probability under 'explore'",
            value: .nan)
        }
        guard action != exit else {
          log.append(path: path, row: row, action: exit, backward: -1)
          continue
        }
        let (next, backward) = move(from: row, states) { environment.step($0, forward: action) }
        log.append(path: path, row: row, action: action, backward: backward)
        current[path] = Int32(truncatingIfNeeded: next)
        active[kept] = path
        kept += 1
      }
      active.removeLast(active.count - kept)
      try states.checkMemory(trajectories: count)
    }
    log.sort(into: &paths, count: count, reversed: false)
  }

  /// Samples one trajectory backward from each terminating state with π_B.
  /// - Parameter ends: their cells, one after the other.
  /// - Throws: as `forward`.
  mutating func backward(
    from ends: [Int32], _ network: Network?, _ states: BatchStates, _ policy: PolicyPass,
    _ stream: inout RandomStream, _ pool: ThreadPool, into paths: inout Paths
  ) throws {
    let environment = states.environment
    let count = ends.count / environment.stateWidth
    states.removeAll()
    policy.removeAll()
    begin(count, environment)
    ends.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for path in 0..<count {
        let row = states.insert(base + path * environment.stateWidth)
        current[path] = Int32(truncatingIfNeeded: row)
        log.append(path: path, row: row, action: environment.exitAction, backward: -1)
      }
    }
    while !active.isEmpty {
      profile.enter(.rollout)
      policy.evaluate(network, states, pool)
      profile.enter(.sampling)
      var kept = 0
      for path in active {
        let row = Int(current[path])
        states.table.copy(row, into: &state)
        guard !environment.isInitial(state) else { continue }
        guard let action = policy.sample(row, &stream) else {
          throw CoreError.nonFinite(step: nil, quantity: "an output of pb", value: .nan)
        }
        let (previous, forward) = move(from: row, states) { environment.step($0, backward: action) }
        log.append(path: path, row: previous, action: forward, backward: action)
        current[path] = Int32(truncatingIfNeeded: previous)
        active[kept] = path
        kept += 1
      }
      active.removeLast(active.count - kept)
      try states.checkMemory(trajectories: count)
    }
    log.sort(into: &paths, count: count, reversed: true)
  }

  private mutating func begin(_ count: Int, _ environment: any Environment) {
    log.removeAll()
    current = [Int32](repeating: 0, count: count)
    active = Array(0..<count)
    state = [Int32](repeating: 0, count: environment.stateWidth)
    weights = [Double](repeating: 0, count: environment.forwardActionCount)
  }

  /// The row after a step and the action that undoes it.
  private mutating func move(
    from row: Int, _ states: BatchStates, _ step: (MutableStatePointer) -> Int
  ) -> (row: Int, inverse: Int) {
    state.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return (row, -1) }
      states.table.copy(row, into: base)
      let inverse = step(base)
      return (states.insert(base), inverse)
    }
  }
}
