import GFNParameters

/// Looks whether a formula is a reward: at every object, or where these are too many at those that random
/// walks meet.
struct RewardProbe {
  private let environment: any Environment

  private static let mostTried = 1 << 20
  private static let walks = 4096

  init(_ environment: any Environment) { self.environment = environment }

  /// - Throws: `CoreError.option`, which names the object.
  func check(_ reward: FormulaReward) throws {
    var isPositive = false
    func look(_ state: StatePointer) throws {
      if let fault = reward.fault(state) {
        throw CoreError.option(
          name: "reward", reason: "\(fault), at '\(environment.text(of: state))'")
      }
      isPositive = isPositive || reward.logReward(state) > -.infinity
    }
    try withUnsafeTemporaryAllocation(of: Int32.self, capacity: environment.stateWidth) { buffer in
      guard let state = buffer.baseAddress else { return }
      if let count = environment.enumeration?.terminating, count <= Self.mostTried {
        for number in 0..<count {
          if number % 64 == 0 { try Interruption.check() }
          environment.terminatingState(at: number, into: state)
          try look(state)
        }
        guard isPositive else { throw CoreError.noReward }
      } else {
        try walk(state, look)
      }
    }
  }

  private func walk(_ state: MutableStatePointer, _ look: (StatePointer) throws -> Void) throws {
    var stream = RandomStream(seed: 0, .looking)
    let exit = environment.exitAction
    for walk in 0..<Self.walks {
      if walk % 64 == 0 { try Interruption.check() }
      environment.initialState(into: state)
      while true {
        let mask = Array(UnsafeBufferPointer(start: state, count: environment.stateWidth))
        let allowed = environment.forwardMask(mask)
        if allowed[exit] { try look(state) }
        let actions = (0..<exit).filter { allowed[$0] }
        guard !actions.isEmpty else { break }
        _ = environment.step(state, forward: actions[Int(stream.next() % UInt64(actions.count))])
      }
    }
  }
}
