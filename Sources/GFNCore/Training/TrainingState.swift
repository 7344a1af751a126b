/// Everything that training changes, as one value: a snapshot is an assignment, and a step on a copy
/// leaves no trace. What is added here gets its line where a checkpoint is coded (`Checkpoint/`).
package struct TrainingState: Sendable {
  package internal(set) var configuration: Configuration
  package internal(set) var networks: [Estimator: Network] = [:]
  package internal(set) var moments: [Estimator: AdamMoments] = [:]
  package internal(set) var logZ: Double
  package internal(set) var logZMoments = ScalarAdam()
  /// The last batch's estimate of log Z, where that is what the objective goes by.
  var batchLogZ: Double?
  /// The step at which a file brought edge flows: until training goes on they are the policy of flow
  /// matching, after that π_F is.
  var flowsLoadedAt: Int?
  /// Steps taken.
  package internal(set) var step = 0
  package internal(set) var seed: UInt64
  package internal(set) var sampling: RandomStream
  package internal(set) var backwardSampling: RandomStream
  package internal(set) var replay: ReplayGuide?
  /// What off-policy objectives train on again.
  package internal(set) var replayBuffer: ReplayBuffer?
  package internal(set) var discoveries: Discoveries
  /// log Z is to start at the first batch's estimate.
  package internal(set) var awaitsLogZ: Bool
  /// The step at which exploration was set: ε decays from there.
  package internal(set) var explorationStart = 0
  /// Parameters came from a file, or were worked out.
  package internal(set) var isLoaded = false
  /// What was measured on the way.
  package internal(set) var history = MetricHistory()
  /// Nothing is lost by starting anew.
  package var isFresh: Bool { step == 0 && !isLoaded }

  /// - Throws: `CoreError` when the configuration does not fit the environment.
  package init(
    _ configuration: Configuration, in environment: any Environment, seed: UInt64
  ) throws {
    try configuration.validate(in: environment)
    self.configuration = configuration
    self.seed = seed
    sampling = RandomStream(seed: seed, .sampling)
    backwardSampling = RandomStream(seed: seed, .backwardSampling)
    discoveries = Discoveries(environment)
    logZ = 0
    awaitsLogZ = false
    startLogZ()
    try createMissing(in: environment)
  }

  /// Takes another configuration: the forward policy and every estimator of the same shape stay, what
  /// is missing is created.
  /// - Parameter restartsLogZ: log Z starts where the configuration says; before training it does anyway.
  /// - Returns: the estimators that were there and had to be created anew.
  @discardableResult
  package mutating func configure(
    _ new: Configuration, in environment: any Environment, restartsLogZ: Bool = false
  ) throws -> [Estimator] {
    try new.validate(in: environment)
    var changed = self
    changed.configuration = new
    let differs = new.objective.logZ != configuration.objective.logZ
    if restartsLogZ || (isFresh && differs) { changed.startLogZ() }
    if new.objective.kind != configuration.objective.kind { changed.batchLogZ = nil }
    if new.policyEstimator != configuration.policyEstimator {
      changed.handOverPolicy()
    }
    if new.exploration != configuration.exploration { changed.explorationStart = step }
    let lost = try changed.createMissing(in: environment)
    self = changed
    return lost
  }

  private mutating func startLogZ() {
    logZMoments = ScalarAdam()
    switch configuration.objective.logZ {
    case .number(let value):
      logZ = value
      awaitsLogZ = false
    case .auto: awaitsLogZ = true
    }
  }

  /// The shape of an estimator under the configuration.
  package func shape(
    _ estimator: Estimator, in environment: any Environment
  ) throws -> NetworkShape {
    let outputs =
      switch estimator {
      case .forwardPolicy, .edgeFlow: environment.forwardActionCount
      case .backwardPolicy: environment.backwardActionCount
      case .valueForward, .valueBackward, .stateFlow: 1
      }
    return try configuration.network(estimator).shape(environment, outputs: outputs)
  }

  @discardableResult
  private mutating func createMissing(in environment: any Environment) throws -> [Estimator] {
    var lost: [Estimator] = []
    let needed = configuration.estimators
    var shapes: [Estimator: NetworkShape] = [:]
    for estimator in Estimator.allCases
    where needed.contains(estimator) || networks[estimator] != nil {
      shapes[estimator] = try shape(estimator, in: environment)
    }
    try TrainingMemory(shapes, configuration).check(configuration)
    for estimator in Estimator.allCases {
      let isNeeded = needed.contains(estimator)
      guard let shape = shapes[estimator] else { continue }
      if let network = networks[estimator] {
        if network.shape == shape { continue }
        lost.append(estimator)
        networks[estimator] = nil
        moments[estimator] = nil
        guard isNeeded else { continue }
      }
      // One stream an estimator: which others exist does not change its start. Edge flows start as
      // the policy, whose place they take.
      let start: Estimator = estimator == .edgeFlow ? .forwardPolicy : estimator
      let number = Estimator.allCases.firstIndex(of: start) ?? 0
      var stream = RandomStream(seed: seed, .initialisation, index: UInt64(number))
      networks[estimator] = Network(shape, from: &stream)
      moments[estimator] = AdamMoments(count: shape.parameterCount)
    }
    if configuration.backward.kind == .guided, replay == nil {
      replay = Self.emptyReplay(environment)
    }
    let settings = configuration.exploration.replay
    if settings.isActive {
      replayBuffer = replayBuffer?.with(settings) ?? ReplayBuffer(settings, environment)
    } else {
      replayBuffer = nil
    }
    return lost
  }

  /// The same parameters with a fresh optimiser, or other parameters of the same shape.
  mutating func replace(_ estimator: Estimator, with network: Network) {
    networks[estimator] = network
    moments[estimator] = AdamMoments(count: network.shape.parameterCount)
  }

  /// Puts a log Z that was worked out in place, with a fresh optimiser.
  mutating func setLogZ(_ value: Double) {
    logZ = value
    logZMoments = ScalarAdam()
    awaitsLogZ = false
    if configuration.objective.kind.logZSource == .batch { batchLogZ = value }
    isLoaded = true
  }

  /// Counts modes and visited states from here on, as another reward makes them others.
  package mutating func forgetDiscoveries(in environment: any Environment) {
    discoveries = Discoveries(environment)
    history = MetricHistory()
    batchLogZ = nil
    if replay != nil { replay = Self.emptyReplay(environment) }
    let settings = configuration.exploration.replay
    if replayBuffer != nil { replayBuffer = ReplayBuffer(settings, environment) }
  }

  static func emptyReplay(_ environment: any Environment) -> ReplayGuide? {
    ReplayGuide(environment)
  }

  /// Restarts the random streams from a seed; the estimators stay.
  package mutating func reseed(_ seed: UInt64) {
    self.seed = seed
    sampling = RandomStream(seed: seed, .sampling)
    backwardSampling = RandomStream(seed: seed, .backwardSampling)
  }

  /// The state with what was measured on the way to it.
  package func with(_ history: MetricHistory) -> TrainingState {
    var state = self
    state.history = history
    state.history.remove(after: step)
    return state
  }
}
