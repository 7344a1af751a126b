import GFNCore
import GFNLanguage
import GFNParameters
import OrderedCollections

/// What finite samples say of a policy, as fields of `evaluate`.
struct SampledMeasures {
  private let session: Session
  private let arguments: Arguments
  private let environment: any Environment
  private let sampler: TrajectorySampler
  private let target: TargetDistribution?

  /// - Parameter target: nil where it cannot be enumerated.
  init(_ session: Session, _ arguments: Arguments, _ target: TargetDistribution?) throws {
    self.session = session
    self.arguments = arguments
    self.target = target
    let (environment, state) = try session.experiment(arguments)
    self.environment = environment
    sampler = try session.core(arguments) {
      try TrajectorySampler(environment, state, session.workbench.pool)
    }
  }

  func fields() throws -> OrderedDictionary<String, Value> {
    // Read first: a file that is none is found before anything takes time.
    let file = try heldOutFile()
    var stream = session.workbench.nextLook()
    let count = arguments.integer(orDefault: "samples")
    let sample = try finished(
      session.core(arguments) {
        try sampler.forward(count, from: &stream) { session.interruption.isRequested }
      })
    var fields: OrderedDictionary<String, Value> = ["samples": .number(Double(sample.count))]
    add("elbo", sample.bound, of: sample.count, to: &fields)
    if let backward = try targetSample(count, file, from: &stream) {
      add("eubo", backward.bound, of: backward.count, to: &fields)
    }
    addRewards(sample, to: &fields)
    addTop(sample, to: &fields)
    try addHeldOut(file, from: &stream, to: &fields)
    return fields
  }

  private func finished<Result>(_ result: Result?) throws -> Result {
    guard let result else {
      throw arguments.error("interrupted", "the evaluation was interrupted")
    }
    return result
  }

  private func add(
    _ name: String, _ mean: SampledMean, of count: Int,
    to fields: inout OrderedDictionary<String, Value>
  ) {
    fields[name] = mean.mean.ifDefined
    // A single value says nothing of its error.
    if mean.mean.isFinite, count > 1 { fields["\(name)_se"] = mean.standardError.ifDefined }
  }

  private func add(
    _ name: String, _ estimate: TopObjects.Estimate?,
    to fields: inout OrderedDictionary<String, Value>
  ) {
    guard let estimate, !estimate.value.isNaN else { return }
    fields[name] = .number(estimate.value)
    fields["\(name)_se"] = estimate.standardError.map { .number($0) }
  }

  private func addRewards(
    _ sample: TrajectorySample, to fields: inout OrderedDictionary<String, Value>
  ) {
    let objects = (0..<sample.count).map(sample.object)
    if !environment.rewardIsExponential {
      let rewards = SampledMean(objects.map { environment.reward($0) })
      add("mean_reward", rewards, of: sample.count, to: &fields)
    }
    add("mean_log_reward", SampledMean(sample.logReward), of: sample.count, to: &fields)
    guard let target else { return }
    let indices = objects.map { environment.terminatingIndex($0) }
    let sampled = SampledDistance(indices: indices, target: target)
    fields["tv_sampled"] = .number(sampled.tv)
    fields["tv_noise_floor"] = .number(sampled.noiseFloor)
    fields["accuracy"] = target.accuracy(of: indices).ifDefined
  }

  private func addTop(
    _ sample: TrajectorySample, to fields: inout OrderedDictionary<String, Value>
  ) {
    let top = TopObjects(sample, k: arguments.integer(orDefault: "k"))
    fields["top_k"] = .number(Double(top.count))
    if !environment.rewardIsExponential { add("top_k_reward", top.reward, to: &fields) }
    add("top_k_log_reward", top.logReward, to: &fields)
    add("top_k_diversity", top.diversity, to: &fields)
  }

  // MARK: - Objects that were not sampled

  /// The objects of heldout=FILE, their cells one after the other.
  private func heldOutFile() throws -> [Int32]? {
    guard arguments.integer("heldout") == nil, let path = arguments.path("heldout") else {
      return nil
    }
    let bytes = try session.files.read(path, at: arguments.span(of: "heldout"))
    do {
      return try ObjectList.read(bytes, path: path, in: environment)
    } catch let error as CoreError {
      throw arguments.error(error.code, error.description, at: "heldout")
    }
  }

  /// Trajectories backward from draws of P*, or from a file's objects where there are no such draws.
  private func targetSample(
    _ count: Int, _ file: [Int32]?, from stream: inout RandomStream
  ) throws -> TrajectorySample? {
    let ends = target.map { ObjectDraws.target(count, $0, in: environment, from: &stream) } ?? file
    return try ends.map { try backward($0, from: &stream) }
  }

  private func backward(
    _ ends: [Int32], from stream: inout RandomStream
  ) throws -> TrajectorySample {
    try finished(
      session.core(arguments) {
        try sampler.backward(from: ends, from: &stream) { session.interruption.isRequested }
      })
  }

  private func addHeldOut(
    _ file: [Int32]?, from stream: inout RandomStream,
    to fields: inout OrderedDictionary<String, Value>
  ) throws {
    let count = arguments.integer(orDefault: "heldout")
    let drawn =
      file ?? (count > 0 ? ObjectDraws.uniform(count, in: environment, from: &stream) : nil)
    guard let drawn else {
      if arguments.has("heldout"), count > 0 {
        throw arguments.error(
          "option", "the objects of this environment cannot be drawn uniformly",
          fix: "give a file with one a line: heldout=FILE", at: "heldout")
      }
      return
    }
    let repeats = arguments.integer(orDefault: "backward")
    let width = environment.stateWidth
    var seen: Set<[Int32]> = []
    var ends: [Int32] = []
    for start in stride(from: 0, to: drawn.count, by: width) {
      let object = Array(drawn[start..<(start + width)])
      guard seen.insert(object).inserted else { continue }
      for _ in 0..<repeats { ends += object }
    }
    let sample = try backward(ends, from: &stream)
    let logReward = stride(from: 0, to: sample.count, by: repeats).map { sample.logReward[$0] }
    let score = HeldOutScore(
      logReward: logReward, logRatio: sample.logRatio, repeats: repeats)
    fields["heldout"] = .number(Double(score.count))
    fields["spearman"] = score.spearman.map { .number($0) }
    fields["spearman_se"] = score.spearmanError.map { .number($0) }
    fields["pearson"] = score.pearson.map { .number($0) }
    fields["pearson_se"] = score.pearsonError.map { .number($0) }
    fields["tv_heldout"] = score.tv.ifDefined
    fields["tv_heldout_floor"] = score.floor?.ifDefined
  }
}
