import GFNParameters
import Glibc

/// `P*(x) = R(x)/Z*` over all terminating states, in terminating-index order.
package struct TargetDistribution: Sendable {
  package let rewards: [Double]
  package let probabilities: [Double]
  /// log R where R is an exponential, whose rewards and probabilities may be beyond floating point; else
  /// empty.
  package let logRewards: [Double]
  /// log Z*, from unclipped rewards.
  package let logZ: Double

  /// States that a thread takes at a time.
  static let blockSize = 8192

  /// - Throws: `CoreError.tooLarge` where the terminating states cannot be enumerated.
  package init(
    _ environment: any Environment, _ pool: ThreadPool = .single
  ) throws {
    let count = try environment.listableObjects()
    try environment.knowAll(count)
    let blocks = blockCount(0..<count, Self.blockSize)
    // Log rewards at first.
    var rewards = [Double](repeating: 0, count: count)
    var probabilities = [Double](repeating: 0, count: count)
    var partial = [Double](repeating: 0, count: blocks)
    logZ = rewards.withUnsafeMutableBufferPointer { rewards in
      probabilities.withUnsafeMutableBufferPointer { probabilities in
        partial.withUnsafeMutableBufferPointer { partial in
          Self.fill(rewards, probabilities, partial, environment, pool)
        }
      }
    }
    guard logZ.isFinite else {
      throw CoreError.conflict(
        reason: "every reward is zero", remedy: "give a reward that is positive somewhere")
    }
    var logRewards = [Double](
      repeating: 0, count: environment.rewardIsExponential ? count : 0)
    logRewards.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress, !buffer.isEmpty else { return }
      environment.logRewards(of: 0..<count, into: base)
    }
    self.logRewards = logRewards
    self.rewards = rewards
    self.probabilities = probabilities
  }

  /// - Returns: log Z*. Where it is not finite there is nothing in the arrays.
  private static func fill(
    _ rewards: UnsafeMutableBufferPointer<Double>,
    _ probabilities: UnsafeMutableBufferPointer<Double>,
    _ partial: UnsafeMutableBufferPointer<Double>, _ environment: any Environment,
    _ pool: ThreadPool
  ) -> Double {
    guard let base = rewards.baseAddress else { return -.infinity }
    func range(_ number: Int) -> Range<Int> {
      block(number, of: 0..<rewards.count, Self.blockSize)
    }
    pool.run(blocks: partial.count) { number in
      let range = range(number)
      environment.logRewards(of: range, into: base + range.lowerBound)
      var greatest = -Double.infinity
      for index in range { greatest = max(greatest, rewards[index]) }
      partial[number] = greatest
    }
    let greatest = partial.reduce(-.infinity, max)
    guard greatest.isFinite else { return greatest }
    let isExponential = environment.rewardIsExponential
    pool.run(blocks: partial.count) { number in
      var sum = 0.0
      for index in range(number) { sum += exp(rewards[index] - greatest) }
      partial[number] = sum
    }
    let logZ = greatest + log(partial.reduce(0, +))
    pool.run(blocks: partial.count) { number in
      for index in range(number) {
        probabilities[index] = exp(rewards[index] - logZ)
        // A reward that is a number stays one, though its logarithm is rounded.
        let reward = exp(rewards[index])
        rewards[index] = isExponential ? reward : min(reward, .greatestFiniteMagnitude)
      }
    }
    return logZ
  }

  /// log P*(x), also where P* itself is beyond floating point, if log R is known.
  func logProbability(_ index: Int) -> Double {
    logRewards.isEmpty ? log(probabilities[index]) : logRewards[index] - logZ
  }

  /// The mean-reward accuracy `min(mean R / E_{P*}[R], 1)` of drawn objects. R is proportional to P*,
  /// which does not overflow.
  /// - Parameter indices: their terminating indices.
  package func accuracy(of indices: [Int]) -> Double {
    let drawn = indices.reduce(0) { $0 + probabilities[$1] } / Double(indices.count)
    return min(drawn / probabilities.reduce(0) { $0 + $1 * $1 }, 1)
  }
}

extension Environment {
  /// Has a program asked for all rewards, where they are few.
  func knowAll(_ count: Int) throws {
    guard let program, !knowsRewards else { return }
    guard count <= Self.mostAskedFor else {
      throw CoreError.tooLarge(
        what: "exact evaluation of '\(specification.kind)'",
        size: "\(count) scores of the program",
        remedy: "draw objects: evaluate samples=1000")
    }
    try program.knowAll(count) { terminatingState(at: $0, into: $1) }
  }

  /// So many objects a program is asked for unseen.
  private static var mostAskedFor: Int { 1 << 16 }

  /// The most objects that are listed.
  private static var mostListedObjects: Int { 1 << 24 }

  /// How many objects there are, where they can be listed, be the states too many or not: what follows from
  /// the rewards alone needs no more.
  /// - Throws: `CoreError.tooLarge`, which says how large it would be.
  package func listableObjects() throws -> Int {
    let objects = enumeration?.terminating
    guard let objects, objects <= Self.mostListedObjects else {
      // Where all states are objects, states are what people know.
      _ = try enumerable()
      throw CoreError.tooLarge(
        what: "the target of \(specification.kind)",
        size: objects.map { "a list of \($0) objects" } ?? beyondEnumeration.size,
        remedy: beyondEnumeration.remedy)
    }
    let (bytes, _) = objects.multipliedReportingOverflow(by: rewardIsExponential ? 24 : 16)
    guard Double(bytes) <= Self.shareOfTarget * Double(Memory.bytes) else {
      throw CoreError.tooLarge(
        what: "the target of \(specification.kind)",
        size: "\(objects) objects, \(Memory.text(bytes))", remedy: beyondEnumeration.remedy)
    }
    return objects
  }

  private static var shareOfTarget: Double { 0.5 }

  /// The target can be worked out: its objects can be listed, and their rewards are known.
  package var hasKnownTarget: Bool { knowsRewards && (try? listableObjects()) != nil }

  /// The most states that exact evaluation takes on.
  static var mostEnumeratedStates: Int { 1 << 24 }

  /// - Throws: `CoreError.tooLarge`, which says how large it would be.
  package func enumerable() throws -> Enumeration {
    let what = "exact evaluation of \(specification.kind)"
    let (size, remedy) = beyondEnumeration
    guard let enumeration else {
      throw CoreError.tooLarge(what: what, size: size, remedy: remedy)
    }
    guard enumeration.states <= Self.mostEnumeratedStates else {
      let gibibytes = Double(enumeration.states) * 48 / 0x1p30
      throw CoreError.tooLarge(
        what: what,
        size: "\(enumeration.states) states (\(rounded(gibibytes)) GiB)", remedy: remedy)
    }
    return enumeration
  }
}

private func rounded(_ value: Double) -> String { formatted((value * 10).rounded() / 10) }
