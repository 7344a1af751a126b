import GFNParameters
import Glibc

/// π_B of all states of an environment that can be enumerated.
struct BackwardTable: Sendable {
  /// The network's outputs, `[states, actions]`; nil where π_B is not learned.
  let logits: [Float]?
  /// Nil where it is not the policy of greatest entropy.
  private let counts: PathCounts?
  /// `log Σ_b exp l(b)` over the allowed actions of each state, where paths are counted log n, which is
  /// the same over its parents; 0 for s0, which has none.
  private let normalisers: [Double]
  private let actions: Int

  /// States that go through the network at a time.
  private static let chunk = 4096
  /// A GiB of them.
  private static let mostLogits = 1 << 28

  /// - Throws: `CoreError.nonFinite` where there is no policy, `CancellationError`.
  init(
    _ environment: any Environment, _ state: TrainingState, states: Int, _ pool: ThreadPool,
    isCancelled: () -> Bool
  ) throws {
    let actions = environment.backwardActionCount
    self.actions = actions
    let kind = state.configuration.backward.kind
    let network = kind.isLearned ? state.networks[.backwardPolicy] : nil
    counts = kind == .maximumEntropy ? try PathCounts(environment) : nil
    guard network == nil || states <= Self.mostLogits / actions else {
      throw CoreError.tooLarge(
        what: "a table of π_B", size: "\(states) × \(actions) numbers",
        remedy: "choose a smaller environment, or 'backward uniform'")
    }
    var logits = [Float](repeating: 0, count: network == nil ? 0 : states * actions)
    var normalisers = [Double](repeating: 0, count: states)
    let pass = network.map { NetworkPass($0.shape) }
    let features = FeatureRows(state.configuration.policy.encoding, environment)
    features.reserve(min(Self.chunk, states), keeping: 0)
    let cells = Buffer<Int32>(capacity: environment.stateWidth)
    let mask = Buffer<Bool>(capacity: actions)
    for start in stride(from: 0, to: states, by: Self.chunk) {
      if isCancelled() { throw CancellationError() }
      let count = min(Self.chunk, states - start)
      if let pass, let network {
        for row in 0..<count {
          environment.state(at: start + row, into: cells.base)
          features.encode(row, cells.base, environment)
        }
        pass.removeRows()
        pass.forward(network, features, upTo: count, pool)
        try Interruption.check()
        for index in 0..<(count * actions) {
          logits[start * actions + index] = pass.outputs[index]
        }
      }
      for index in max(start, 1)..<max(start + count, 1) {
        environment.state(at: index, into: cells.base)
        if let counts {
          normalisers[index] = counts.logCount(cells.base)
          continue
        }
        environment.backwardMask(cells.base, into: mask.base)
        normalisers[index] = try Self.logNormaliser(mask, actions) {
          network == nil ? 0 : Double(logits[index * actions + $0])
        }
      }
    }
    self.logits = network == nil ? nil : logits
    self.normalisers = normalisers
  }

  /// `log Σ_b exp l(b)` over the allowed actions.
  /// - Throws: `CoreError.nonFinite`.
  private static func logNormaliser(
    _ mask: Buffer<Bool>, _ actions: Int, logit: (_ action: Int) -> Double
  ) throws -> Double {
    var greatest = -Double.infinity
    var sum = 0.0
    for action in 0..<actions where mask[action] {
      let logit = logit(action)
      // A running maximum: what was summed so far is scaled to the new one.
      if logit > greatest {
        sum = sum * exp(greatest - logit) + 1
        greatest = logit
      } else {
        sum += exp(logit - greatest)
      }
    }
    let normaliser = greatest + log(sum)
    guard normaliser.isFinite else {
      throw CoreError.nonFinite(step: nil, quantity: "an output of pb", value: .nan)
    }
    return normaliser
  }

  /// log π_B of an allowed action of the state with this index.
  /// - Parameter parent: where it leads.
  func logProbability(_ index: Int, _ action: Int, to parent: StatePointer) -> Double {
    if let counts { return counts.logCount(parent) - normalisers[index] }
    return (logits.map { Double($0[index * actions + action]) } ?? 0) - normalisers[index]
  }
}
