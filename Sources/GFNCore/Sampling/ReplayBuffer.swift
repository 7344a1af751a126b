/// Terminating states or trajectories of earlier batches with log R(x) as training saw it: a ring in one
/// flat array, so that a snapshot is an assignment and a step that fills it allocates only as it grows.
///
/// Elements are `[count, stride]`: the cells of x, or the ordinary actions from s0 on, −1 behind the last.
package struct ReplayBuffer: Sendable, Equatable {
  package let kind: ReplaySettings.Kind
  package let capacity: Int
  package private(set) var fraction: Double
  package private(set) var priority: ReplaySettings.Priority
  package private(set) var stride: Int
  package private(set) var elements: [Int32] = []
  package private(set) var logRewards: [Double] = []
  /// The place of the oldest element once the ring is full, which is the next to be overwritten.
  package private(set) var oldest = 0

  static let nothing: Int32 = -1

  init(_ settings: ReplaySettings, _ environment: any Environment) {
    kind = settings.kind
    capacity = settings.capacity
    fraction = settings.fraction
    priority = settings.priority
    // Trajectories are mostly shorter than the longest: their stride grows with them.
    stride = settings.kind == .objects ? environment.stateWidth : 1
  }

  package var count: Int { logRewards.count }

  /// The same elements under other settings; nil where they are of another kind or capacity.
  func with(_ settings: ReplaySettings) -> ReplayBuffer? {
    guard settings.kind == kind, settings.capacity == capacity else { return nil }
    var changed = self
    changed.fraction = settings.fraction
    changed.priority = settings.priority
    return changed
  }

  /// How many of a batch are to be replayed: none before there is something, and never all.
  func share(of batch: Int) -> Int {
    count == 0 ? 0 : max(0, min(Int(fraction * Double(batch)), batch - 1))
  }

  /// Puts the first trajectories of a batch in, or their ends.
  /// - Parameter given: of each trajectory.
  mutating func insert(
    _ paths: Paths, _ states: BatchStates, logRewards given: [Double], count: Int
  ) {
    if kind == .trajectories {
      var longest = stride
      for path in 0..<count { longest = max(longest, paths.entries(path).count - 1) }
      widen(to: longest)
    }
    for path in 0..<count {
      let place = makePlace(given[path])
      switch kind {
      case .trajectories:
        let first = paths.offsets[path]
        let length = paths.last(path) - first
        for step in 0..<stride {
          elements[place + step] = step < length ? paths.actions[first + step] : Self.nothing
        }
      case .objects:
        let row = Int(paths.rows[paths.last(path)])
        states.table.withCells { cells in
          for cell in 0..<stride { elements[place + cell] = cells[row * stride + cell] }
        }
      case .none: break
      }
    }
  }

  /// Puts given objects in, where objects are kept.
  /// - Parameters:
  ///   - cells: of the objects, one after the other.
  ///   - given: log R of each, as training sees it.
  mutating func insert(objects cells: [Int32], logRewards given: [Double]) {
    guard kind == .objects, cells.count == given.count * stride else { return }
    for (number, logReward) in given.enumerated() {
      let place = makePlace(logReward)
      for cell in 0..<stride { elements[place + cell] = cells[number * stride + cell] }
    }
  }

  /// Room for one more element, the oldest one's where the ring is full.
  /// - Returns: where it begins.
  private mutating func makePlace(_ logReward: Double) -> Int {
    if logRewards.count < capacity {
      logRewards.append(logReward)
      elements.resize(logRewards.count * stride, filling: Self.nothing)
      return (logRewards.count - 1) * stride
    }
    let place = oldest
    logRewards[place] = logReward
    oldest = place + 1 == capacity ? 0 : place + 1
    return place * stride
  }

  private mutating func widen(to width: Int) {
    guard width > stride else { return }
    var wider = [Int32](repeating: Self.nothing, count: count * width)
    for place in 0..<count {
      for step in 0..<stride { wider[place * width + step] = elements[place * stride + step] }
    }
    elements = wider
    stride = width
  }
}

extension ReplayBuffer: Checkpointed {
  mutating func code(_ coder: inout StateCoder) throws {
    // They are the configuration's.
    for name in ["kind", "capacity", "fraction", "priority"] { coder.visit(name) }
    try coder.code("stride", &stride, in: 1...Int(Int32.max))
    try coder.code("elements", cells: &elements, width: stride)
    try coder.code(
      "log_rewards", &logRewards, count: coder.isReading ? elements.count / stride : nil)
    try coder.code("oldest", &oldest, in: 0...max(count - 1, 0))
  }

  /// Whether all elements are what they should be, when they come from a file.
  func fits(_ environment: any Environment) -> Bool {
    guard count <= capacity, oldest == 0 || count == capacity else { return false }
    let isPossible =
      kind == .objects
      ? stride == environment.stateWidth : stride <= max(1, environment.maximumLength)
    return isPossible && (0..<count).allSatisfy { isElement($0, of: environment) }
  }

  /// An element is a terminating state, or actions that lead to one.
  private func isElement(_ place: Int, of environment: any Environment) -> Bool {
    let numbers = elements[(place * stride)..<((place + 1) * stride)]
    guard kind == .trajectories else {
      let cells = Array(numbers)
      return environment.isState(cells) && environment.forwardMask(cells)[environment.exitAction]
    }
    var state = environment.initialState()
    var hasEnded = false
    for action in numbers {
      if action == Self.nothing {
        hasEnded = true
        continue
      }
      guard !hasEnded, action >= 0, action < environment.exitAction,
        environment.forwardMask(state)[Int(action)]
      else { return false }
      state.withUnsafeMutableBufferPointer { buffer in
        if let base = buffer.baseAddress { _ = environment.step(base, forward: Int(action)) }
      }
    }
    return environment.forwardMask(state)[environment.exitAction]
  }
}
