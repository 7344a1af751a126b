/// A training state as a file, from which training goes on bit for bit.
extension TrainingState {
  /// The version of the files that are written, and the latest that is read. It rises with everything that
  /// an earlier program must not overlook.
  static let formatVersion = 2
  private static let formatName = "gfn "

  /// One line a field. Parameters and Adam's moments have the names and the layout of PyTorch modules:
  /// `pf.0.weight`, `adam.first.pf.0.weight`.
  mutating func code(_ coder: inout StateCoder, in environment: any Environment) throws {
    // Not read: it has to agree with the session's before anything else is read.
    coder.visit("configuration")
    try coder.code("seed", &seed)
    try coder.code("step", &step)
    try code(networks: &coder, in: environment)
    try code(moments: &coder)
    try coder.code("log_z", &logZ)
    try coder.code("log_z_moments", &logZMoments)
    try coder.code("awaits_log_z", &awaitsLogZ)
    try coder.code("batch_log_z", &batchLogZ)
    try coder.code("flows_loaded_at", &flowsLoadedAt)
    try coder.code("sampling", &sampling)
    try coder.code("backward_sampling", &backwardSampling)
    try coder.code("replay", &replay) { Self.emptyReplay(environment) }
    let settings = configuration.exploration.replay
    try coder.code("replay_buffer", &replayBuffer) {
      settings.isActive ? ReplayBuffer(settings, environment) : nil
    }
    if coder.isReading, replayBuffer?.fits(environment) == false {
      throw coder.broken("replay_buffer", "holds what is no object or trajectory here")
    }
    try coder.code("discoveries", &discoveries)
    try coder.code("exploration_start", &explorationStart, in: 0...max(step, 0))
    try coder.code("is_loaded", &isLoaded)
    if !coder.lacks("history") { try coder.code("history", &history) }
  }

  private mutating func code(
    networks coder: inout StateCoder, in environment: any Environment
  ) throws {
    coder.visit("networks")
    guard coder.isReading else {
      coder.write(weights())
      return
    }
    for estimator in Estimator.allCases {
      let prefix = estimator.rawValue + "."
      guard coder.file.tensors.keys.contains(where: { $0.hasPrefix(prefix) }) else {
        if networks[estimator] != nil { throw coder.missing("\(prefix)0.weight") }
        continue
      }
      let shape = try shape(estimator, in: environment)
      var network = Network(zero: shape)
      network.parameters = try coder.vector(estimator.rawValue, shape)
      guard network.parameters.allSatisfy(\.isFinite) else {
        throw coder.broken(estimator.rawValue, "holds a number that is not finite")
      }
      networks[estimator] = network
    }
  }

  private mutating func code(moments coder: inout StateCoder) throws {
    coder.visit("moments")
    for estimator in Estimator.allCases {
      guard let shape = networks[estimator]?.shape else { continue }
      var some = moments[estimator] ?? AdamMoments(count: shape.parameterCount)
      let name = estimator.rawValue
      try coder.code("adam.steps.\(name)", &some.steps)
      if coder.isReading {
        some.first = try coder.vector("adam.first.\(name)", shape)
        some.second = try coder.vector("adam.second.\(name)", shape)
      } else {
        coder.write(Self.tensors("adam.first.\(name)", some.first, shape))
        coder.write(Self.tensors("adam.second.\(name)", some.second, shape))
      }
      moments[estimator] = some
    }
  }

  /// Everything that resuming needs, and what a reader wants to know.
  /// - Parameter configuration: the statements that rebuild it.
  package func checkpoint(
    environment: any Environment, configuration: String
  ) throws -> SafeTensors {
    var metadata = [
      "format": Self.formatName + String(Self.formatVersion),
      "environment": environment.specification.text,
      "configuration": configuration,
    ]
    metadata.merge(setting(in: environment)) { $1 }
    var coder = StateCoder(writing: SafeTensors(metadata: metadata))
    var copy = self
    try copy.code(&coder, in: environment)
    return coder.file
  }

  /// Takes the place of the state that a checkpoint was made of.
  /// - Parameters:
  ///   - configuration: has to be the checkpoint's.
  ///   - seed: has to be the checkpoint's, where it is given.
  ///   - accept: is told what of `optimizer` and `explore` is another here, which then holds from here on;
  ///     nil where that is refused too.
  /// - Throws: `CoreError.mismatch` where the environment, the configuration or the seed is another;
  ///   `.file`, `.shape` where the file is broken, holds no training state or is of a later format.
  package init(
    resuming file: SafeTensors, path: String, _ configuration: Configuration,
    in environment: any Environment, seed: UInt64? = nil,
    acceptingChanges accept: (([SettingDifference]) -> Void)? = nil
  ) throws {
    try Self.checkFormat(of: file, path: path)
    var coder = StateCoder(reading: file, path: path)
    guard let text = file.metadata["seed"], let kept = UInt64(text) else {
      throw coder.missing("seed")
    }
    self = try TrainingState(configuration, in: environment, seed: kept)
    var differences = try differences(from: file, path: path, in: environment)
    if let seed, seed != kept {
      differences.append(SettingDifference(key: "seed", file: text, session: String(seed)))
    }
    let changes = accept == nil ? [] : differences.filter { Self.mayChange($0.key) }
    differences.removeAll { changes.contains($0) }
    guard differences.isEmpty else {
      let statements = (file.metadata["configuration"] ?? "").split(separator: "\n")
      throw CoreError.mismatch(
        path: path, differences: differences, statements: statements.joined(separator: "; "))
    }
    let replaysOthers = changes.contains { Self.isReplay($0.key) }
    let emptyBuffer = replayBuffer
    if replaysOthers { coder.omit("replay_buffer") }
    try code(&coder, in: environment)
    if replaysOthers { replayBuffer = emptyBuffer }
    if !changes.isEmpty { accept?(changes) }
  }

  /// A file without a format, or with one that is not of this program, shows by what it holds whether it
  /// can be read.
  private static func checkFormat(of file: SafeTensors, path: String) throws {
    guard let format = file.metadata["format"], format.hasPrefix(formatName) else { return }
    let version = Int(format.dropFirst(formatName.count)) ?? 0
    guard (1...formatVersion).contains(version) else {
      throw CoreError.file(
        path: path, line: nil,
        reason: "is of the format '\(format)', and this program reads formats up to "
          + "'\(formatName)\(formatVersion)'; use a newer program, or take its weights alone with "
          + "'load FILE'")
    }
  }
}

extension StateCoder {
  /// A vector in a network's layout, out of its named tensors. Values may be anything: Adam's moments
  /// overflow before the weights do.
  fileprivate func vector(_ prefix: String, _ shape: NetworkShape) throws -> [Float] {
    var network = Network(zero: shape)
    for (index, layer) in shape.linear.enumerated() {
      network.setWeight(
        index, try values("\(prefix).\(index).weight", [layer.outputs, layer.inputs]))
      network.setBias(index, try values("\(prefix).\(index).bias", [layer.outputs]))
    }
    return network.parameters
  }

  private func values(_ name: String, _ shape: [Int]) throws -> [Float] {
    guard let tensor = file.tensors[name] else { throw missing(name) }
    guard tensor.shape == shape else {
      throw CoreError.shape(tensor: name, expected: shape, found: tensor.shape)
    }
    return tensor.values
  }
}
