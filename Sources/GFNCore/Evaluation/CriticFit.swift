/// Fits a critic on the side, the policy held: what a policy gradient at these parameters would have
/// beside it.
package struct CriticFit {
  private let steps: Int
  private let batch: Int

  package init(steps: Int, batch: Int) {
    self.steps = steps
    self.batch = batch
  }

  /// The state with a critic that has taken `steps` of Adam towards the Monte-Carlo returns of fresh
  /// batches; all else as it is.
  /// - Parameter isCancelled: asked between steps; the result is nil once it is true.
  /// - Throws: `CoreError`.
  package func run(
    _ state: TrainingState, in environment: any Environment, from stream: inout RandomStream,
    _ pool: ThreadPool, isCancelled: () -> Bool = { false }
  ) throws -> TrainingState? {
    guard state.configuration.policyEstimator == .forwardPolicy else {
      throw CoreError.conflict(
        reason: "the policy is a network of edge flows, which has no critic beside it",
        remedy: "leave the policy gradient out, or choose another objective")
    }
    var configuration = state.configuration
    configuration.objective.kind = .policyGradient
    configuration.objective.usesCritic = true
    // Looking samples on policy anyway.
    configuration.exploration = Exploration()
    var fitted = state
    try fitted.configure(configuration, in: environment)
    let pass = try BatchPass(environment, fitted, stateEstimator: .valueForward)
    let rollout = Rollout()
    let objective = PolicyGradient(lambda: 1)
    guard var critic = fitted.networks[.valueForward] else { return fitted }
    var moments = AdamMoments(count: critic.parameters.count)
    var gradient = [Float](repeating: 0, count: critic.parameters.count)
    for _ in 0..<steps {
      if isCancelled() { return nil }
      try rollout.forward(
        count: batch, fitted.networks[.forwardPolicy], pass.states, pass.forwardPolicy,
        exploration: nil, epsilon: 0, &stream, pool, into: &pass.paths)
      pass.backwardPolicy.removeAll()
      try pass.gather(fitted, stateEstimator: .valueForward, pool)
      objective.evaluate(pass.steps, into: &pass.gradients)
      Vector.clear(&gradient, count: gradient.count)
      pass.stateEstimatorGradient(critic, into: &gradient, pool)
      moments.update(
        &critic.parameters, gradient: gradient, scale: 1,
        rate: configuration.optimizer.rate(.valueForward), pool)
      fitted.replace(.valueForward, with: critic)
    }
    return fitted
  }
}
