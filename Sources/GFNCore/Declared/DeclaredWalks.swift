import GFNParameters

/// Random walks through a declared environment that is too large to be listed: forward to an end and
/// back, looking for what would be found wrong in a list.
struct DeclaredWalks {
  let shape: DeclaredShape
  let name: String
  let reward: FormulaReward?

  static let count = 10_000
  private static let interval = 64

  /// What the walks met.
  struct Findings {
    /// A walk could end elsewhere than with every cell set.
    var exitsEarly = false
    var hasReward = false
  }

  /// - Throws: `CoreError.declaration`.
  func run() throws -> Findings {
    var findings = Findings()
    var stream = RandomStream(seed: 0, .looking)
    let exit = shape.actions.count
    try withUnsafeTemporaryAllocation(of: Int32.self, capacity: shape.width) { buffer in
      try withUnsafeTemporaryAllocation(of: Bool.self, capacity: exit + 1) { mask in
        guard let state = buffer.baseAddress, let mask = mask.baseAddress else { return }
        for walk in 0..<Self.count {
          if walk % Self.interval == 0 { try Interruption.check() }
          var path: [String] = []
          for cell in 0..<shape.width { state[cell] = shape.start[cell] }
          while true {
            shape.forwardMask(state, into: mask)
            if mask[exit] { try look(state, path, &findings) }
            let allowed = (0..<exit).filter { mask[$0] }
            guard !allowed.isEmpty || mask[exit] else {
              throw refuse(
                "\(DeclaredText.state(state, shape)) is a dead end: no action is possible there, and it is "
                  + "no end", path, "allow 'exit' there, or another action")
            }
            // Ends come by themselves now and then, so that walks of all lengths are met.
            if allowed.isEmpty || mask[exit] && stream.next() % 32 == 0 { break }
            let action = allowed[Int(stream.next() % UInt64(allowed.count))]
            _ = shape.apply(action, to: state)
            path.append(shape.actions[action].name)
          }
          try back(state, mask, path, &stream)
        }
      }
    }
    return findings
  }

  private func look(
    _ state: StatePointer, _ path: [String], _ findings: inout Findings
  ) throws {
    if (0..<shape.width).contains(where: { state[$0] < 0 }) { findings.exitsEarly = true }
    guard let reward else { return }
    if let fault = reward.fault(state) {
      throw refuse(
        "at \(DeclaredText.state(state, shape)) \(fault)", path, "correct 'reward' there")
    }
    if reward.logReward(state) > -.infinity { findings.hasReward = true }
  }

  /// Undoes random actions until s0.
  private func back(
    _ state: MutableStatePointer, _ mask: UnsafeMutablePointer<Bool>, _ path: [String],
    _ stream: inout RandomStream
  ) throws {
    while !isStart(state) {
      shape.backwardMask(state, into: mask)
      let allowed = shape.actions.indices.filter { mask[$0] }
      guard !allowed.isEmpty else {
        throw refuse(
          "undoing actions leads to \(DeclaredText.state(state, shape)), which no path from s0 reaches",
          path, "let the conditions of actions (when) hold only where paths go")
      }
      _ = shape.undo(allowed[Int(stream.next() % UInt64(allowed.count))], in: state)
    }
    shape.backwardMask(state, into: mask)
    if let action = shape.actions.indices.first(where: { mask[$0] }) {
      throw refuse(
        "in s0 '\(shape.actions[action].name)' can be undone, which leads out of the graph", [],
        "start at the lowest values, or add a condition to the action")
    }
  }

  private func isStart(_ state: StatePointer) -> Bool {
    for cell in 0..<shape.width where state[cell] != shape.start[cell] { return false }
    return true
  }

  private func refuse(_ reason: String, _ path: [String], _ remedy: String) -> CoreError {
    .declaration(name: name, reason: reason + DeclaredText.path(path), remedy: remedy)
  }
}
