package import GFNLanguage

extension CommandSpec {
  /// The commands that need the core, in the order of `help`.
  package static let science: [CommandSpec] = [
    env, reward, method, objective, backward, policy, critic, optimizer, explore, seed, reset, show,
    train, step, sample, trace, inspect, top, modes, edges, plot, evaluate, verify, solve, gradient,
    compare, save, load, logMetrics, trajectories,
  ]
}
