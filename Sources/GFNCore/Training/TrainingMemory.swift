import GFNParameters

/// What training networks takes of the memory, worked out before it does.
struct TrainingMemory {
  /// Bytes a parameter: Float32s for itself and Adam's two moments, as they are and as they were before the
  /// command, and for its gradient.
  private static let perParameter = 28.0
  /// As much again for the vectors of the trust region.
  private static let perTrusted = 24.0

  private let parameters: Int
  private let bytes: Double

  /// - Parameter shapes: of the estimators that are there.
  init(_ shapes: [Estimator: NetworkShape], _ configuration: Configuration) {
    parameters = shapes.values.reduce(0) { $0 + $1.parameterCount }
    let trusted =
      configuration.objective.kind == .trustRegion
      ? shapes[.forwardPolicy]?.parameterCount ?? 0 : 0
    bytes = Self.perParameter * Double(parameters) + Self.perTrusted * Double(trusted)
  }

  /// - Throws: `CoreError.tooLarge` where they would not fit.
  func check(_ configuration: Configuration, memory: Int = Memory.bytes) throws {
    let most = Memory.trainingShare * Double(memory)
    guard bytes > most else { return }
    let isTabular = configuration.policy.isTabular || configuration.critic.isTabular
    throw CoreError.tooLarge(
      what: "training networks with \(parameters) parameters",
      size: "\(Memory.text(bytes)), and \(Memory.text(most)) of the memory are for that",
      remedy: isTabular
        ? "use networks: policy layers=4 hidden=256; critic layers=2 hidden=256"
        : "set fewer units first: policy hidden=32; critic hidden=32")
  }
}

extension TrainingState {
  /// Bytes of its arrays.
  package var byteCount: Int {
    let parameters = networks.values.reduce(0) { $0 + $1.parameters.count }
    let float = MemoryLayout<Float>.size
    return 3 * float * parameters + (replay?.byteCount ?? 0) + (replayBuffer?.byteCount ?? 0)
      + history.byteCount + discoveries.byteCount
  }
}

extension ReplayBuffer {
  fileprivate var byteCount: Int { 4 * elements.count + 8 * logRewards.count }
}

extension MetricHistory {
  fileprivate var byteCount: Int { 8 * count * (Measure.all.count + 1) }
}
