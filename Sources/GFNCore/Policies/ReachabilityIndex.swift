/// Count and reward sum of the replayed objects that each state can still reach, for any environment
/// whose states can be enumerated: an object counts for all its ancestors.
struct ReachabilityIndex: Sendable {
  private let environment: any Environment
  private var tallies: [ReplayTally]
  /// The ancestors of each object met so far, by terminating index: state indices, ascending, the
  /// object itself the last.
  private var ancestors: [Int: [Int32]] = [:]
  private var kept = 0

  /// Their tallies take 256 MiB, and a state that is kept is a copy.
  static let mostStates = 1 << 24
  /// Ancestors that are kept in all, 128 MiB.
  private static let mostKept = 1 << 25

  /// Nil where there are too many states.
  init?(_ environment: any Environment) {
    guard let states = environment.enumeration?.states, states <= Self.mostStates else {
      return nil
    }
    self.environment = environment
    tallies = [ReplayTally](repeating: ReplayTally(), count: states)
  }

  /// The reward sums of all states.
  var sums: [Double] {
    get { tallies.map(\.sum) }
    set { for (state, sum) in newValue.enumerated() { tallies[state].sum = sum } }
  }

  /// Numbers of objects are below this.
  var objects: Int { environment.enumeration?.terminating ?? 0 }

  /// The number by which an object is remembered.
  func number(of object: StatePointer) -> Int { environment.terminatingIndex(of: object) }

  func object(_ number: Int, into state: MutableStatePointer) {
    environment.terminatingState(at: number, into: state)
  }

  /// Adds an object to its ancestors or takes it away.
  mutating func add(_ object: StatePointer, _ reward: Double, removing: Bool) {
    let number = environment.terminatingIndex(of: object)
    if ancestors[number] == nil {
      let list = Self.ancestors(of: object, in: environment)
      guard kept + list.count <= Self.mostKept else {
        for state in list { tallies[Int(state)].add(reward, removing: removing) }
        return
      }
      kept += list.count
      ancestors[number] = list
    }
    guard let list = ancestors[number] else { return }
    for state in list { tallies[Int(state)].add(reward, removing: removing) }
  }

  /// The state indices from which a state can be reached, itself included, ascending.
  static func ancestors(of object: StatePointer, in environment: any Environment) -> [Int32] {
    let width = environment.stateWidth
    var seen: Set<Int32> = [Int32(environment.index(of: object))]
    var open = Array(UnsafeBufferPointer(start: object, count: width))
    var parent = [Int32](repeating: 0, count: width)
    while !open.isEmpty {
      let state = Array(open.suffix(width))
      open.removeLast(width)
      let mask = environment.backwardMask(state)
      for action in mask.indices where mask[action] {
        for cell in 0..<width { parent[cell] = state[cell] }
        let index = parent.withUnsafeMutableBufferPointer { buffer in
          guard let base = buffer.baseAddress else { return 0 }
          _ = environment.step(base, backward: action)
          return environment.index(of: base)
        }
        if seen.insert(Int32(index)).inserted { open += parent }
      }
    }
    return seen.sorted()
  }

  /// `log π_G(a_t|s_t, x)` along one trajectory.
  ///
  /// Edges are pairs of actions: where several lead to the same child, each has the child's weight,
  /// and the sum that normalises runs over all of them. So π_G of a child is the sum over its edges.
  func logProbabilities(
    _ entries: Range<Int>, _ paths: Paths, _ states: BatchStates, _ cells: StatePointer,
    logPB: [Double], child: MutableStatePointer, into result: UnsafeMutablePointer<Double>
  ) {
    let width = environment.stateWidth
    let exit = environment.exitAction
    let last = entries.upperBound - 1
    let x = cells + Int(paths.rows[last]) * width
    let list =
      ancestors[environment.terminatingIndex(of: x)] ?? Self.ancestors(of: x, in: environment)
    for entry in entries.lowerBound..<last {
      let row = Int(paths.rows[entry])
      let mask = states.forwardMask.base + row * (exit + 1)
      var total = 0.0
      var chosen = 0.0
      for action in 0..<exit where mask[action] {
        child.update(from: cells + row * width, count: width)
        _ = environment.step(child, forward: action)
        let index = environment.index(of: child)
        guard list.holds(Int32(index)) else { continue }
        let mean = tallies[index].mean
        total += mean
        if action == Int(paths.actions[entry]) { chosen = mean }
      }
      result[entry] = chosen > 0 ? logarithm(chosen / total) : logPB[entry]
    }
    result[last] = 0
  }
}

extension [Int32] {
  /// Whether an ascending array has an element.
  fileprivate func holds(_ element: Int32) -> Bool {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < element { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == element
  }
}
