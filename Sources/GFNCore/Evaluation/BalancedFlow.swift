import Glibc

/// The flow that balances π_B exactly, by dynamic programming from the last states to s0:
/// `F(s) = R(s) [s terminates] + Σ_a F(s') π_B(b|s')` over the edges (a, b) from s to s'. The sum is
/// over actions, so parallel edges count as they should. With π_F(a|s) = F(s') π_B(b|s') / F(s) every
/// trajectory has P_F(τ) = P_B(τ|x) R(x)/Z*, and Z* = F(s0) (Bengio et al. 2023, arXiv:2111.09266).
package struct BalancedFlow: Sendable {
  /// log F(s) by state index; −∞ where no reward can be reached.
  package let logFlow: [Double]
  private let environment: any Environment
  private let backward: BackwardTable
  private let clipsRewards: Bool

  /// The most states that are taken on.
  package static let mostStates = 1 << 20

  /// log Z*.
  package var logZ: Double { logFlow[0] }

  /// - Parameters:
  ///   - state: its π_B is the one that is balanced.
  ///   - clipsRewards: log R is clipped from below as in training.
  ///   - isCancelled: is asked between chunks of states.
  /// - Throws: `CoreError.tooLarge` beyond `mostStates`, `.nonFinite` where π_B is none, `.conflict`
  ///   where every reward is 0, and `CancellationError`.
  package init(
    _ environment: any Environment, _ state: TrainingState, _ pool: ThreadPool,
    clipsRewards: Bool = false, isCancelled: () -> Bool = { false }
  ) throws {
    try MatrixProduct.requireCorrect()
    guard let states = environment.enumeration?.states, states <= Self.mostStates else {
      throw CoreError.tooLarge(
        what: "an exact policy of \(environment.specification.kind)",
        size: environment.enumeration.map { "a table of \($0.states) states" }
          ?? "a table of more than 2^63 states",
        remedy: "choose a smaller environment (at most 2^20 states), or train")
    }
    if let objects = environment.enumeration?.terminating { try environment.knowAll(objects) }
    self.environment = environment
    self.clipsRewards = clipsRewards
    backward = try BackwardTable(
      environment, state, states: states, pool, isCancelled: isCancelled)
    let row = FlowRow(environment, clipsRewards: clipsRewards)
    var flow = [Double](repeating: -.infinity, count: states)
    for index in (0..<states).reversed() {
      if index % 4096 == 0, isCancelled() { throw CancellationError() }
      flow[index] = row.evaluate(index, flow, backward)
    }
    guard flow[0].isFinite else {
      throw CoreError.conflict(
        reason: "every reward is zero", remedy: "give a reward that is positive somewhere")
    }
    logFlow = flow
  }

  /// Stands for the logarithm of no flow: `exp` makes it 0 in double precision too, and a policy
  /// that is trained on from there stays finite.
  private static let logNothing = -1000.0

  /// A training state with the balanced policy as a table.
  ///
  /// π_B stays what it was, as a table where it was a network; log Z, and a state flow, edge flow
  /// or tabular critic where there is one, become exact: `V(s) = log Z* − log F(s)`. Optimisers of
  /// what was replaced start afresh.
  /// - Parameter state: the one whose π_B was balanced.
  /// - Throws: `CoreError.tooLarge` where the tables do not fit.
  package func solution(of state: TrainingState) throws -> TrainingState {
    var configuration = state.configuration
    configuration.policy.isTabular = true
    var solved = state
    try solved.configure(configuration, in: environment)
    let actions = environment.forwardActionCount
    var policy = [Float](repeating: 0, count: logFlow.count * actions)
    let row = FlowRow(environment, clipsRewards: clipsRewards)
    for (index, total) in logFlow.enumerated() where total.isFinite {
      _ = row.evaluate(index, logFlow, backward)
      for action in 0..<actions where row.mask[action] {
        policy[index * actions + action] = Self.finite(row.logFlows[action] - total)
      }
    }
    let flows = logFlow.map(Self.finite)
    if solved.networks[.edgeFlow] != nil {
      // What flows along an edge is π_F's share of what flows through the state.
      let values = policy.indices.map {
        max(flows[$0 / actions] + policy[$0], Float(Self.logNothing))
      }
      try solved.setTable(.edgeFlow, values, in: environment)
    }
    try solved.setTable(.forwardPolicy, policy, in: environment)
    if let logits = backward.logits {
      try solved.setTable(.backwardPolicy, logits, in: environment)
    }
    if solved.networks[.stateFlow] != nil {
      try solved.setTable(.stateFlow, flows, in: environment)
    }
    if solved.networks[.valueForward] != nil, configuration.critic.isTabular {
      let values = logFlow.map { $0.isFinite ? Float(logZ - $0) : 0 }
      try solved.setTable(.valueForward, values, in: environment)
    }
    solved.setLogZ(logZ)
    return solved
  }

  private static func finite(_ logarithm: Double) -> Float { Float(max(logarithm, logNothing)) }
}

/// The flows along the edges of one state after the other.
private final class FlowRow {
  /// Of each action, −∞ where masked.
  let logFlows: Buffer<Double>
  let mask: Buffer<Bool>
  private let environment: any Environment
  private let clipsRewards: Bool
  private let cells: Buffer<Int32>
  private let child: Buffer<Int32>

  init(_ environment: any Environment, clipsRewards: Bool) {
    self.environment = environment
    self.clipsRewards = clipsRewards
    logFlows = Buffer(capacity: environment.forwardActionCount)
    mask = Buffer(capacity: environment.forwardActionCount)
    cells = Buffer(capacity: environment.stateWidth)
    child = Buffer(capacity: environment.stateWidth)
  }

  /// - Parameter flow: log F of all states, right for those behind this one.
  /// - Returns: log F of the state.
  func evaluate(_ index: Int, _ flow: [Double], _ backward: BackwardTable) -> Double {
    let exit = environment.exitAction
    environment.state(at: index, into: cells.base)
    environment.forwardMask(cells.base, into: mask.base)
    for action in 0...exit {
      logFlows[action] = mask[action] ? logFlow(action, flow, backward) : -.infinity
    }
    return logSumExp(UnsafeBufferPointer(start: logFlows.base, count: exit + 1))
  }

  private func logFlow(_ action: Int, _ flow: [Double], _ backward: BackwardTable) -> Double {
    guard action != environment.exitAction else {
      return clipsRewards
        ? environment.clippedLogReward(cells.base) : environment.logReward(cells.base)
    }
    child.base.update(from: cells.base, count: environment.stateWidth)
    let inverse = environment.step(child.base, forward: action)
    let index = environment.index(of: child.base)
    return flow[index] + backward.logProbability(index, inverse, to: cells.base)
  }
}

extension TrainingState {
  /// Makes an estimator the table of these values, `[states, outputs]`.
  fileprivate mutating func setTable(
    _ estimator: Estimator, _ values: [Float], in environment: any Environment
  ) throws {
    let shape = try shape(estimator, in: environment)
    var network = Network(zero: shape)
    precondition(
      values.count == shape.inputs * shape.outputs, "\(values.count) values for \(shape)")
    // The bias, which all rows share, stays 0.
    network.parameters.replaceSubrange(0..<values.count, with: values)
    replace(estimator, with: network)
  }
}
