/// All states of an environment with their edges, in topological order, for exact programmes that
/// read every edge several times.
///
/// Edges of state s are `offsets[s] ..< offsets[s + 1]`, in the order of their actions, exit last. The
/// arrays over edges hold parallel edges one by one.
struct StateGraph: Sendable {
  let environment: any Environment
  let states: Int
  let offsets: [Int]
  /// The forward action of each edge.
  let actions: [Int32]
  /// The index of the state that the edge leads to; −1 at exit.
  let children: [Int32]
  /// The backward action that undoes the edge; −1 at exit.
  let inverses: [Int32]
  /// log R(x) of each state as training sees it, clipped; NaN where a state does not terminate.
  let logReward: [Double]

  /// Larger graphs are left to samples: a few arrays over edges are held at a time.
  static let mostStates = 65_536
  private static let mostEdges = 1 << 24

  /// - Throws: `CoreError.tooLarge` beyond `mostStates`; `.conflict` where a reward is zero and not
  ///   clipped, so that J_F is infinite.
  init(_ environment: any Environment) throws {
    guard let count = environment.enumeration?.states, count <= Self.mostStates else {
      throw Self.tooLarge(
        environment.enumeration.map { "\($0.states) states" } ?? "more than 2^63 states")
    }
    var offsets = [0]
    var actions: [Int32] = []
    var children: [Int32] = []
    var inverses: [Int32] = []
    var logReward = [Double](repeating: .nan, count: count)
    offsets.reserveCapacity(count + 1)
    for index in 0..<count {
      let state = environment.state(at: index)
      for (action, isAllowed) in environment.forwardMask(state).enumerated() where isAllowed {
        actions.append(Int32(truncatingIfNeeded: action))
        guard action != environment.exitAction else {
          logReward[index] = state.withUnsafeBufferPointer {
            $0.baseAddress.map(environment.clippedLogReward) ?? .nan
          }
          children.append(-1)
          inverses.append(-1)
          continue
        }
        var child = state
        let inverse = child.withUnsafeMutableBufferPointer {
          $0.baseAddress.map { environment.step($0, forward: action) } ?? -1
        }
        children.append(Int32(truncatingIfNeeded: environment.index(child)))
        inverses.append(Int32(truncatingIfNeeded: inverse))
      }
      offsets.append(actions.count)
      guard actions.count <= Self.mostEdges else {
        throw Self.tooLarge("more than \(Self.mostEdges) edges")
      }
    }
    guard !logReward.contains(-.infinity) else {
      throw CoreError.zeroReward("a reward is 0 and log R is not clipped, so that J_F is infinite")
    }
    self.environment = environment
    states = count
    self.offsets = offsets
    self.actions = actions
    self.children = children
    self.inverses = inverses
    self.logReward = logReward
  }

  static func tooLarge(_ size: String) -> CoreError {
    .tooLarge(
      what: "an exact gradient over all edges", size: size,
      remedy: "choose an environment with at most \(mostStates) states")
  }

  var edgeCount: Int { actions.count }

  func edges(_ state: Int) -> Range<Int> { offsets[state]..<offsets[state + 1] }

  /// log Z* of the clipped rewards.
  var logZ: Double { logSumExp(logReward.lazy.filter { !$0.isNaN }) }
}
