package import GFNCore

/// The state that commands train, as one copy-on-write value: an environment, a training state in it,
/// and what is configured while there is no environment yet.
public struct Workbench: Sendable {
  /// Moves whenever the state changes.
  public private(set) var revision: UInt64 = 0
  package private(set) var environment: (any Environment)?
  package private(set) var training: TrainingState?
  public private(set) var seed: UInt64
  package private(set) var configuration = Configuration()
  /// What the environment set, because nothing else was chosen.
  package private(set) var suggestion: SuggestedSettings?
  /// Trajectories that `trajectories load` made the current batch, by whether they are backward.
  package var batches: [Bool: Trajectories] = [:]
  /// How often `sample`, `trace` and the like have drawn since the seed was set.
  private var looks: UInt64 = 0
  /// Moves whenever the looks start anew, and whenever the environment changes.
  private var lookEpoch = 0
  private var environmentEpoch = 0
  /// Shared by everything that computes.
  package let pool: ThreadPool

  public init(seed: UInt64, threads: Int? = nil) {
    self.seed = seed
    pool = ThreadPool(threads: threads ?? ThreadPool.availableProcessors)
  }

  /// Notes a change.
  mutating func touch() { revision &+= 1 }

  /// A stream for looking, which never changes later training: one a look, so that the next one draws
  /// the same however much this one draws.
  mutating func nextLook() -> RandomStream {
    looks += 1
    return RandomStream(seed: seed, .looking, index: looks)
  }

  /// What `undo` leaves as it is: the looks taken, and the loaded batch where it still fits.
  mutating func keepLooks(of other: Workbench) {
    // Without the statement that started them anew, the later looks follow the earlier ones.
    looks = lookEpoch == other.lookEpoch ? other.looks : looks + other.looks
    if environmentEpoch == other.environmentEpoch { batches = other.batches }
  }

  /// Starts anew in an environment.
  /// What the last environment suggested is taken back first, and what this one suggests holds where
  /// nothing else was chosen.
  mutating func enter(_ environment: any Environment) throws {
    var configuration = configuration
    suggestion?.withdraw(from: &configuration)
    let suggestion = environment.suggested.flatMap { $0.isOpen(in: configuration) ? $0 : nil }
    suggestion?.apply(to: &configuration)
    let training = try TrainingState(configuration, in: environment, seed: seed)
    self.configuration = configuration
    self.suggestion = suggestion
    self.environment = environment
    self.training = training
    batches = [:]
    environmentEpoch += 1
    touch()
  }

  /// The same states and actions under another reward: what was learned stays.
  mutating func replaceReward(_ environment: any Environment) throws {
    if let old = self.environment as? ExplicitGraph, let new = environment as? ExplicitGraph,
      !new.hasShape(of: old)
    {
      throw CoreError.conflict(
        reason: "other nodes, edges or places to end are another graph",
        remedy: "give the same nodes rewards as before, or start anew with 'env graph'")
    }
    try configuration.validate(in: environment)
    self.environment = environment
    training?.forgetDiscoveries(in: environment)
    touch()
  }

  /// Takes another configuration.
  /// - Returns: the estimators that had to be created anew.
  @discardableResult
  mutating func configure(
    restartsLogZ: Bool = false, _ change: (inout Configuration) -> Void
  ) throws -> [Estimator] {
    var changed = configuration
    change(&changed)
    var lost: [Estimator] = []
    if let environment, var training {
      lost = try training.configure(
        changed, in: environment, restartsLogZ: restartsLogZ)
      self.training = training
    }
    configuration = changed
    touch()
    return lost
  }

  /// Restarts all streams; before the first step the estimators too.
  mutating func reseed(_ seed: UInt64) throws {
    self.seed = seed
    looks = 0
    lookEpoch += 1
    if let environment, let training, training.isFresh {
      self.training = try TrainingState(
        training.configuration, in: environment, seed: seed)
    } else {
      training?.reseed(seed)
    }
    touch()
  }

  /// Re-initialises estimators, optimisers and streams from the seed.
  mutating func reset() throws {
    looks = 0
    lookEpoch += 1
    if let environment {
      training = try TrainingState(configuration, in: environment, seed: seed)
    }
    batches = [:]
    touch()
  }

  /// Puts a trained state in place.
  mutating func update(_ training: TrainingState) {
    self.training = training
    touch()
  }

  /// Puts a state in place whose configuration may be another one.
  mutating func replace(_ training: TrainingState) {
    configuration = training.configuration
    update(training)
  }

  /// Goes on with a state that a checkpoint kept, under its seed.
  mutating func resume(_ training: TrainingState) {
    if training.seed != seed {
      seed = training.seed
      looks = 0
      lookEpoch += 1
    }
    update(training)
  }

  /// The configuration alone, for statements that only shape it.
  var withoutEnvironment: Workbench {
    var other = self
    other.environment = nil
    other.training = nil
    return other
  }

  /// The statements that rebuild this configuration.
  public var script: String {
    // The networks first: another shape may not fit the environment. But where an environment chose
    // the policy, any other policy was chosen after it, and a policy before would keep it from choosing.
    var base = Configuration()
    suggestion?.apply(to: &base)
    let policy = configuration.policyStatements(over: base)
    let lines =
      ["seed \(seed)"] + (suggestion == nil ? policy : []) + configuration.criticStatements
    let place = environment.map { ["env \($0.specification.text)"] } ?? []
    return
      (lines + place + (suggestion == nil ? [] : policy)
      + configuration.statements(over: base))
      .joined(separator: "\n")
  }

  /// The whole state as a file, where there is one.
  package func checkpoint() throws -> SafeTensors? {
    guard let environment, let training else { return nil }
    return try training.checkpoint(environment: environment, configuration: script)
  }
}
