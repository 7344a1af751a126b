/// Everything that decides how a training state moves, apart from its environment and its seed.
package struct Configuration: Sendable, Equatable {
  package var objective = ObjectiveSettings()
  package var backward = BackwardSettings()
  package var policy = NetworkSettings(layers: 4, hidden: 256)
  package var critic = NetworkSettings(layers: 2, hidden: 256)
  package var optimizer = OptimizerSettings()
  package var exploration = Exploration()

  package init() {}

  /// Critics have a shape of their own; log F and edge flows have the policies'.
  func network(_ estimator: Estimator) -> NetworkSettings {
    estimator.isCritic ? critic : policy
  }
}
