import Glibc

extension Exploration {
  /// Draws an action from the behaviour policy
  /// `(1 − ε) softmax((log π_F + bias)/temperature) + ε uniform`.
  /// - Returns: nil where the network's outputs are not finite.
  func sample(
    _ pass: PolicyPass, _ row: Int, epsilon: Double,
    _ weights: UnsafeMutablePointer<Double>, _ stream: inout RandomStream
  ) -> Int? {
    let logP = pass.logProbabilities.base + row * pass.actions
    var allowed = 0.0
    var greatest = -Double.infinity
    for action in 0..<pass.actions {
      let biased = Double(logP[action]) + (action == pass.actions - 1 ? exitBias : 0)
      weights[action] = biased / temperature
      allowed += logP[action] > -.infinity ? 1 : 0
      greatest = max(greatest, weights[action])
    }
    guard greatest.isFinite else { return nil }
    var sum = 0.0
    for action in 0..<pass.actions {
      weights[action] = exp(weights[action] - greatest)
      sum += weights[action]
    }
    let u = stream.uniform()
    var cumulative = 0.0
    var last: Int?
    for action in 0..<pass.actions where logP[action] > -.infinity {
      let policy = weights[action] / sum
      cumulative += (1 - epsilon) * policy + epsilon / allowed
      if u < cumulative { return action }
      last = action
    }
    return last
  }
}
