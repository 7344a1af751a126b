import Glibc

/// The exact terminating distribution of π_F by dynamic programming over all states in topological
/// order: `u(s0) = 1`, `u(s') = Σ u(s) π_F(a|s)` over the edges (s, a) that lead to s',
/// `P_F(x) = u(x) π_F(exit|x)`. The sum is over actions, so parallel edges count as they should.
public final class ExactEvaluation {
  private let environment: any Environment
  private let pool: ThreadPool
  /// The dense arithmetic of the evaluations so far.
  public private(set) var work = DenseWork()
  private var programmeSeconds = 0.0
  private var edges = 0.0
  /// The rate of the dynamic programme alone over the evaluations so far.
  public var edgesPerSecond: Double { edges / programmeSeconds }
  /// States that go through the network at a time.
  private static let chunk = 8192

  public init(_ environment: any Environment, _ pool: ThreadPool) {
    self.environment = environment
    self.pool = pool
  }

  /// - Parameter isCancelled: asked between chunks; the result is nil once it is true.
  /// - Returns: P_F over the terminating states in terminating-index order.
  /// - Throws: `CoreError.tooLarge` where the states cannot be enumerated, `.nonFinite` where there is
  ///   no policy.
  public func terminatingProbabilities(
    _ state: TrainingState, isCancelled: () -> Bool = { false }
  ) throws -> [Double]? {
    try distribution(state, isCancelled: isCancelled)?.terminating
  }

  /// The same, with the probability u(s) that a trajectory visits each state, in index order.
  public func distribution(
    _ state: TrainingState, isCancelled: () -> Bool = { false }
  ) throws -> (terminating: [Double], visiting: [Double])? {
    let enumeration = try environment.enumerable()
    let encoding = state.configuration.policy.encoding
    guard let network = state.networks[.forwardPolicy] else { return nil }
    let pass = NetworkPass(network.shape)
    let features = FeatureRows(encoding, environment)
    let actions = environment.forwardActionCount
    let width = environment.stateWidth
    let chunk = min(Self.chunk, enumeration.states)
    features.reserve(chunk, keeping: 0)
    let cells = Buffer<Int32>(capacity: chunk * width)
    let mask = Buffer<Bool>(capacity: chunk * actions)
    let probabilities = Buffer<Double>(capacity: chunk * actions)
    let finisher = Finisher { range in
      for row in range {
        Self.softmax(
          pass.outputs.base + row * actions, mask.base + row * actions,
          into: probabilities.base + row * actions, actions)
      }
    }
    var flow = [Double](repeating: 0, count: enumeration.states)
    var result = [Double](repeating: 0, count: enumeration.terminating)
    var next = [Int32](repeating: 0, count: width)
    flow[0] = 1
    for start in stride(from: 0, to: enumeration.states, by: Self.chunk) {
      if isCancelled() { return nil }
      let count = min(Self.chunk, enumeration.states - start)
      pool.run(blocks: (count + 255) / 256) { block in
        for row in (block * 256)..<min((block + 1) * 256, count) {
          environment.state(at: start + row, into: cells.base + row * width)
          features.encode(row, cells.base + row * width, environment)
          environment.forwardMask(cells.base + row * width, into: mask.base + row * actions)
        }
      }
      pass.removeAll()
      pass.forward(network, features, upTo: count, pool, finisher: finisher)
      let begun = ContinuousClock().now
      for row in 0..<count where flow[start + row] > 0 {
        guard !probabilities[row * actions].isNaN else {
          throw CoreError.nonFinite(step: nil, quantity: "an output of pf", value: .nan)
        }
        push(
          flow[start + row], cells.base + row * width, probabilities.base + row * actions,
          &next, &flow, &result)
      }
      let taken = begun.duration(to: ContinuousClock().now).components
      programmeSeconds += Double(taken.seconds) + Double(taken.attoseconds) / 1e18
      for index in 0..<(count * actions) where mask[index] { edges += 1 }
    }
    work = work + pass.work
    return (result, flow)
  }

  /// Hands a state's flow on to its children, and to its end where it may exit.
  private func push(
    _ inflow: Double, _ state: StatePointer, _ probabilities: UnsafePointer<Double>,
    _ next: inout [Int32], _ flow: inout [Double], _ result: inout [Double]
  ) {
    let exit = environment.exitAction
    next.withUnsafeMutableBufferPointer { buffer in
      guard let cells = buffer.baseAddress else { return }
      for action in 0..<exit where probabilities[action] > 0 {
        cells.update(from: state, count: environment.stateWidth)
        _ = environment.step(cells, forward: action)
        flow[environment.index(of: cells)] += inflow * probabilities[action]
      }
    }
    if probabilities[exit] > 0 {
      result[environment.terminatingIndex(of: state)] += inflow * probabilities[exit]
    }
  }

  private static func softmax(
    _ logits: UnsafePointer<Float>, _ mask: UnsafePointer<Bool>,
    into result: UnsafeMutablePointer<Double>, _ actions: Int
  ) {
    var greatest = -Float.infinity
    for action in 0..<actions where mask[action] { greatest = max(greatest, logits[action]) }
    var sum = 0.0
    for action in 0..<actions {
      result[action] = mask[action] ? exp(Double(logits[action] - greatest)) : 0
      sum += result[action]
    }
    for action in 0..<actions { result[action] /= sum }
  }
}

private final class Finisher: RowFinisher {
  private let body: (Range<Int>) -> Void

  init(_ body: @escaping (Range<Int>) -> Void) { self.body = body }

  func finish(_ rows: Range<Int>) { body(rows) }
}
