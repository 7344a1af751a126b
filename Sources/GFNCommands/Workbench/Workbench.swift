package import GFNCore
package import GFNLanguage
import GFNParameters

/// The state that commands train, as one copy-on-write value: an environment, a training state in it,
/// and what is configured while there is no environment yet.
package struct Workbench: Bench {
  /// Moves whenever the state changes.
  package private(set) var revision: UInt64 = 0
  /// Environments are shared by all states in them.
  package var byteCount: Int { training?.byteCount ?? 0 }
  package private(set) var environment: (any Environment)?
  package private(set) var training: TrainingState?
  package private(set) var seed: UInt64
  /// The seed that came from outside, as by `--seed`.
  package let givenSeed: UInt64?
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

  /// - Parameters:
  ///   - seed: given from outside; nil for the default one.
  ///   - threads: nil for as many as there are processors.
  package init(seed: UInt64? = nil, threads: Int? = nil) {
    givenSeed = seed
    self.seed = seed ?? 0
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
  package mutating func keep(of other: any Bench) {
    guard let other = other as? Workbench else { return }
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
    self.environment?.program?.close()
    self.environment = environment
    self.training = training
    batches = [:]
    environmentEpoch += 1
    touch()
  }

  /// The same states and actions under another reward: what was learned stays.
  mutating func replaceReward(_ environment: any Environment) throws {
    if let old = self.environment?.base as? ExplicitGraph,
      let new = environment.base as? ExplicitGraph,
      !new.hasShape(of: old)
    {
      throw CoreError.conflict(
        reason: "other nodes, edges or places to end are another graph",
        remedy: "give the same nodes rewards as before, or start anew with 'env graph'")
    }
    try configuration.validate(in: environment)
    self.environment?.program?.close()
    self.environment = environment
    training?.forgetDiscoveries(in: environment)
    touch()
  }

  /// What another configuration took of what had been trained.
  enum Loss: Equatable {
    case nothing
    /// These had another shape; the policy and all else went on.
    case critics([Estimator])
    /// The policy had another shape, and what was counted and measured was that of the old one.
    case everything
  }

  /// Takes another configuration.
  @discardableResult
  mutating func configure(
    restartsLogZ: Bool = false, _ change: (inout Configuration) -> Void
  ) throws -> Loss {
    var changed = configuration
    change(&changed)
    var loss = Loss.nothing
    if let environment, var training {
      let isFresh = training.isFresh
      let lost = try training.configure(changed, in: environment, restartsLogZ: restartsLogZ)
      if !isFresh, !lost.isEmpty {
        loss = lost.allSatisfy(\.isCritic) ? .critics(lost) : .everything
      }
      self.training = training
    }
    configuration = changed
    if loss == .everything { try reset() }
    touch()
    return loss
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
  package var script: String { statements { $0.source } }

  /// The same with a declaration in one line, as files keep it.
  var compactScript: String { statements { $0.line } }

  /// - Parameter declaration: how a declared environment is written.
  private func statements(_ declaration: (EnvironmentDeclaration) -> String) -> String {
    // The networks first: another shape may not fit the environment. But where an environment chose
    // the policy, any other policy was chosen after it, and a policy before would keep it from choosing.
    var base = Configuration()
    suggestion?.apply(to: &base)
    let policy = configuration.policyStatements(over: base)
    let lines =
      ["seed \(seed)"] + (suggestion == nil ? policy : []) + configuration.criticStatements
    let specification = environment?.specification
    let place = [
      specification?.declaration.map { declaration($0) }, specification.map { "env \($0.text)" },
    ].compactMap(\.self)
    return
      (lines + place + (suggestion == nil ? [] : policy)
      + configuration.statements(over: base))
      .joined(separator: "\n")
  }

  /// The whole state as a file, where there is one.
  package func checkpoint() throws -> SafeTensors? {
    guard let environment, let training else { return nil }
    return try training.checkpoint(
      environment: environment, configuration: compactScript)
  }
}
