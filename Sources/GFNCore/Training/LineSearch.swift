import Glibc

/// The surrogate and the divergence of candidate parameters on a batch sampled with the old ones.
///
/// Sums run in blocks of one size and are added in the blocks' order: they do not depend on the number
/// of threads.
struct LineSearch {
  private static let entryBlock = 512
  private static let rowBlock = 256

  /// The old policy, `[states, actions]`.
  private let oldLogP = Buffer<Float>()
  private let oldP = Buffer<Float>()
  /// `Σ_t A_t` less the entropy bonus, mean over trajectories: the surrogate at the old parameters.
  private(set) var surrogate = 0.0

  /// Keeps what the old policy says about its batch.
  mutating func prepare(_ pass: BatchPass, entropy: Double, _ pool: ThreadPool) {
    let policy = pass.forwardPolicy
    let count = pass.states.count * policy.actions
    oldLogP.reserve(count)
    oldLogP.base.update(from: policy.logProbabilities.base, count: count)
    oldP.reserve(count)
    oldP.base.update(from: policy.probabilities.base, count: count)
    // In the order of `evaluate`: a step too short to change a weight must not look like progress.
    surrogate =
      pass.gradients.advantages.withUnsafeBufferPointer { advantages in
        pool.sum(over: advantages.indices, Self.entryBlock, with: advantages) {
          advantages, range in
          var sum = 0.0
          for entry in range { sum += advantages[entry] }
          return sum
        }
      } / Double(pass.paths.count)
    surrogate -= bonus(pass, entropy, pool)
  }

  /// `c Σ_t H(π(·|s_t))`, mean over trajectories.
  private func bonus(_ pass: BatchPass, _ coefficient: Double, _ pool: ThreadPool) -> Double {
    guard coefficient != 0 else { return 0 }
    let context = (pass.forwardPolicy, pass.visits())
    let sum = pool.sum(over: 0..<pass.states.count, Self.rowBlock, with: context) {
      context, rows in
      let (policy, visits) = context
      var sum = 0.0
      for row in rows { sum += Double(visits[row]) * policy.entropy(row) }
      return sum
    }
    return coefficient * sum / Double(pass.paths.count)
  }

  /// Evaluates the candidate on all states of the batch; the old policy's activations are gone then.
  func evaluate(
    _ candidate: Network, _ pass: BatchPass,
    check: ObjectiveSettings.Check, entropy: Double, _ pool: ThreadPool
  ) -> (surrogate: Double, divergence: Double) {
    let policy = pass.forwardPolicy
    policy.removeAll()
    policy.evaluate(candidate, pass.states, pool)
    let trajectories = Double(pass.paths.count)
    let normaliser = check == .model ? trajectories : Double(pass.paths.entryCount)
    let context = (self, policy, pass.visits(), check)
    let divergence = pool.sum(over: 0..<pass.states.count, Self.rowBlock, with: context) {
      context, rows in
      let (search, policy, visits, check) = context
      return search.divergence(rows, policy, visits, check)
    }
    let surrogate = surrogate(pass, pool) / trajectories - bonus(pass, entropy, pool)
    return (surrogate, divergence / normaliser)
  }

  /// `Σ_t exp(log π − log π_old) A_t`.
  private func surrogate(_ pass: BatchPass, _ pool: ThreadPool) -> Double {
    let actions = pass.forwardPolicy.actions
    let logP = pass.forwardPolicy.logProbabilities.base
    return pass.paths.rows.withUnsafeBufferPointer { rows in
      pass.paths.actions.withUnsafeBufferPointer { taken in
        pass.steps.logPF.withUnsafeBufferPointer { logPF in
          pass.gradients.advantages.withUnsafeBufferPointer { advantages in
            let context = (actions, logP, rows, taken, logPF, advantages)
            return pool.sum(over: rows.indices, Self.entryBlock, with: context) { context, range in
              let (actions, logP, rows, taken, logPF, advantages) = context
              var sum = 0.0
              for entry in range {
                let new = Double(logP[Int(rows[entry]) * actions + Int(taken[entry])])
                sum += exp(new - logPF[entry]) * advantages[entry]
              }
              return sum
            }
          }
        }
      }
    }
  }

  /// Divergences of some rows, each as often as it was visited.
  private func divergence(
    _ rows: Range<Int>, _ policy: PolicyPass, _ visits: UnsafePointer<Int32>,
    _ check: ObjectiveSettings.Check
  ) -> Double {
    let actions = policy.actions
    let newLogP = policy.logProbabilities.base
    let newP = policy.probabilities.base
    let oldLogP = oldLogP.base
    let oldP = oldP.base
    var sum = 0.0
    for row in rows {
      let count = Double(visits[row])
      for index in (row * actions)..<((row + 1) * actions) where oldP[index] > 0 {
        let difference = Double(oldLogP[index]) - Double(newLogP[index])
        switch check {
        case .model: sum += count * Double(oldP[index]) * difference
        case .authors: sum -= count * Double(newP[index]) * difference
        }
      }
    }
    return sum
  }
}
