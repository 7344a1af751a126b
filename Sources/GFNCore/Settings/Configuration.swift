/// Everything that decides how a training state moves, apart from its environment and its seed.
public struct Configuration: Sendable, Equatable {
  public var objective = ObjectiveSettings()
  public var backward = BackwardSettings()
  public var policy = NetworkSettings(layers: 4, hidden: 256)
  public var critic = NetworkSettings(layers: 2, hidden: 256)
  public var optimizer = OptimizerSettings()
  public var exploration = Exploration()

  public init() {}

  /// Critics have a shape of their own; log F and edge flows have the policies'.
  func network(_ estimator: Estimator) -> NetworkSettings {
    estimator.isCritic ? critic : policy
  }
}
