import Glibc

/// `P*(x) = R(x)/Z*` over all terminating states, in terminating-index order.
public struct TargetDistribution: Sendable {
  public let rewards: [Double]
  public let probabilities: [Double]
  /// log Z*, from unclipped rewards.
  public let logZ: Double

  /// - Throws: `CoreError.tooLarge` where the terminating states cannot be enumerated.
  public init(_ environment: any Environment) throws {
    let count = try environment.enumerable().terminating
    var state = [Int32](repeating: 0, count: environment.stateWidth)
    let logRewards = (0..<count).map { index in
      state.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return -Double.infinity }
        environment.terminatingState(at: index, into: base)
        return environment.logReward(base)
      }
    }
    let logZ = logSumExp(logRewards)
    guard logZ.isFinite else {
      throw CoreError.conflict(
        reason: "every reward is zero", remedy: "give a reward that is positive somewhere")
    }
    self.logZ = logZ
    rewards = logRewards.map { exp($0) }
    probabilities = logRewards.map { exp($0 - logZ) }
  }

  /// `E_{P*}[R]`.
  public var meanReward: Double {
    zip(rewards, probabilities).reduce(0) { $0 + $1.0 * $1.1 }
  }
}

extension Environment {
  /// The most states that exact evaluation takes on.
  static var mostEnumeratedStates: Int { 1 << 24 }

  /// - Throws: `CoreError.tooLarge`, which says how large it would be.
  public func enumerable() throws -> Enumeration {
    let what = "exact evaluation of \(specification.kind)"
    let remedy = "choose a smaller environment (at most 2^24 states), or look at 'sample'"
    guard let enumeration else {
      throw CoreError.tooLarge(what: what, size: "more than 2^63 states", remedy: remedy)
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
