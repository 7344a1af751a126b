import Glibc

/// A policy's probabilities on the rows of a batch: a masked softmax over a network's outputs, or
/// uniform over the allowed actions.
final class PolicyPass: RowFinisher {
  enum Direction {
    case forward
    case backward
  }

  let direction: Direction
  let actions: Int
  /// Nil for a policy that is not learned.
  let network: NetworkPass?
  /// What a backward policy that is not learned weighs parents by; nil for all alike.
  private let counts: PathCounts?
  private let encoding: InputEncoding
  private(set) var rows = 0
  /// Which actions are allowed, `[rows, actions]`: the batch's own, as long as it does not grow.
  private var mask: UnsafePointer<Bool>?
  /// `[rows, actions]`; −∞ and 0 where masked.
  let logProbabilities = Buffer<Float>()
  let probabilities = Buffer<Float>()

  /// - Parameters:
  ///   - shape: nil for a policy that is not learned.
  ///   - counts: its weights of parents; nil for the uniform policy.
  init(
    _ direction: Direction, _ environment: any Environment, _ shape: NetworkShape?,
    _ encoding: InputEncoding, counts: PathCounts? = nil
  ) {
    self.direction = direction
    self.counts = counts
    self.encoding = encoding
    actions =
      direction == .forward ? environment.forwardActionCount : environment.backwardActionCount
    network = shape.map { NetworkPass($0) }
  }

  func removeAll() {
    rows = 0
    network?.removeAll()
  }

  /// Evaluates the rows of `states` that are not evaluated yet.
  func evaluate(_ parameters: Network?, _ states: BatchStates, _ pool: ThreadPool) {
    let count = states.count
    guard count > rows else { return }
    logProbabilities.reserve(count * actions, keeping: rows * actions)
    probabilities.reserve(count * actions, keeping: rows * actions)
    mask = UnsafePointer(
      direction == .forward ? states.forwardMask.base : states.backwardMask.base)
    if let network, let parameters {
      network.forward(
        parameters, states.features(encoding), upTo: count, pool, finisher: self)
    } else if let counts {
      counts.evaluate(
        rows..<count, states, logProbabilities.base, probabilities.base, pool)
    } else {
      let context = (self, rows..<count)
      pool.run(blocks: blockCount(rows..<count, Self.blockSize), with: context) {
        let (policy, rows) = $0
        for row in block($1, of: rows, Self.blockSize) { policy.spread(row) }
      }
    }
    rows = count
  }

  /// Rows in one block of work that needs no product.
  private static let blockSize = 256

  func finish(_ rows: Range<Int>) {
    guard let logits = network?.outputs.base, let mask else { return }
    for row in rows { softmax(row, logits + row * actions, mask + row * actions) }
  }

  private func softmax(
    _ row: Int, _ logits: UnsafePointer<Float>, _ mask: UnsafePointer<Bool>
  ) {
    let logP = logProbabilities.base + row * actions
    let p = probabilities.base + row * actions
    var greatest = -Float.infinity
    for action in 0..<actions where mask[action] { greatest = max(greatest, logits[action]) }
    var sum = 0.0
    for action in 0..<actions {
      let value = mask[action] ? expf(logits[action] - greatest) : 0
      p[action] = value
      sum += Double(value)
    }
    let logSum = Float(log(sum))
    let scale = Float(1 / sum)
    for action in 0..<actions {
      logP[action] = mask[action] ? logits[action] - greatest - logSum : -.infinity
      p[action] *= scale
    }
  }

  /// The uniform distribution over the allowed actions of a row.
  private func spread(_ row: Int) {
    guard let mask = mask.map({ $0 + row * actions }) else { return }
    let logP = logProbabilities.base + row * actions
    let p = probabilities.base + row * actions
    var count = 0
    for action in 0..<actions { count += mask[action] ? 1 : 0 }
    // Of one action log 1 is 0, not −0.
    let logShare = 0 - Float(log(Double(count)))
    let share = Float(1 / Double(count))
    for action in 0..<actions {
      logP[action] = mask[action] ? logShare : -.infinity
      p[action] = mask[action] ? share : 0
    }
  }

  func logProbability(_ row: Int32, _ action: Int32) -> Double {
    Double(logProbabilities[Int(row) * actions + Int(action)])
  }

  /// Turns ∂loss/∂log π in place into ∂loss/∂logits: `g_a − π_a Σ g`.
  /// - Parameter gradient: `[rows, actions]`, zero where masked.
  func logitGradient(_ gradient: UnsafeMutablePointer<Float>, _ pool: ThreadPool) {
    let context = (actions, 0..<rows, gradient, probabilities.base)
    pool.run(blocks: blockCount(0..<rows, Self.blockSize), with: context) { context, number in
      let (actions, rows, gradient, probabilities) = context
      for row in block(number, of: rows, Self.blockSize) {
        let g = gradient + row * actions
        let p = probabilities + row * actions
        var sum: Float = 0
        for action in 0..<actions { sum += g[action] }
        guard sum != 0 else { continue }
        for action in 0..<actions { g[action] -= p[action] * sum }
      }
    }
  }

  /// Adds the parameters' gradient for ∂loss/∂logits to `gradient`.
  func backward(
    _ parameters: Network, _ states: BatchStates, logitGradient: UnsafePointer<Float>,
    into gradient: inout [Float], _ pool: ThreadPool
  ) {
    network?.backward(
      parameters, states.features(encoding), outputGradient: logitGradient, into: &gradient, pool)
  }

  /// The directional derivative of the logits, `[rows, actions]`.
  func jacobianVectorProduct(
    _ states: BatchStates, direction: [Float],
    into result: UnsafeMutablePointer<Float>, _ pool: ThreadPool
  ) {
    network?.jacobianVectorProduct(
      states.features(encoding), direction: direction, into: result, pool)
  }

  /// Entropy of a row's distribution in nats.
  func entropy(_ row: Int) -> Double {
    var sum = 0.0
    for action in (row * actions)..<((row + 1) * actions) where probabilities[action] > 0 {
      sum -= Double(probabilities[action]) * Double(logProbabilities[action])
    }
    return sum
  }

  /// Adds `slope · ∂H/∂logits` of a row, `∂H/∂l_a = −π_a (log π_a + H)`, to `gradient`.
  func addEntropyGradient(
    _ row: Int, _ slope: Double, to gradient: UnsafeMutablePointer<Float>
  ) {
    let entropy = entropy(row)
    for action in 0..<actions {
      let p = Double(probabilities[row * actions + action])
      guard p > 0 else { continue }
      let logP = Double(logProbabilities[row * actions + action])
      gradient[action] -= Float(slope * p * (logP + entropy))
    }
  }

  /// Draws an action by inverting the distribution function.
  /// - Returns: nil where the network's outputs are not finite, so that there is no distribution.
  func sample(_ row: Int, _ stream: inout RandomStream) -> Int? {
    let p = probabilities.base + row * actions
    let u = stream.uniform()
    var sum = 0.0
    var last: Int?
    for action in 0..<actions where p[action] > 0 {
      sum += Double(p[action])
      if u < sum { return action }
      last = action
    }
    return last
  }
}
