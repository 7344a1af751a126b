import GFNParameters

extension TrainingState {
  /// What `load` took from a file.
  package struct Loaded: Sendable, Equatable {
    package var estimators: [Estimator] = []
    package var hasLogZ = false
    /// The types of those that were no Float32, by the names of their tensors.
    package var converted: [String: RawTensor.ElementType] = [:]
    /// Tensors under other names.
    package var ignored = 0
  }

  /// The parameters under the names of PyTorch modules (`pf.0.weight`, …, `logZ`).
  package func weights() -> [String: SafeTensors.Tensor] {
    var tensors: [String: SafeTensors.Tensor] = [
      "logZ": SafeTensors.Tensor(shape: [1], values: [Float(logZ)])
    ]
    for (estimator, network) in networks {
      tensors.merge(Self.tensors(estimator.rawValue, network.parameters, network.shape)) { $1 }
    }
    return tensors
  }

  /// A vector in a network's layout as named tensors.
  package static func tensors(
    _ prefix: String, _ vector: [Float], _ shape: NetworkShape
  ) -> [String: SafeTensors.Tensor] {
    var tensors: [String: SafeTensors.Tensor] = [:]
    for (index, layer) in shape.linear.enumerated() {
      tensors["\(prefix).\(index).weight"] = SafeTensors.Tensor(
        shape: [layer.outputs, layer.inputs], values: Network.weight(index, of: vector, shape))
      tensors["\(prefix).\(index).bias"] = SafeTensors.Tensor(
        shape: [layer.outputs],
        values: Array(vector[layer.bias..<(layer.bias + layer.outputs)]))
    }
    return tensors
  }

  /// Takes every estimator that a file holds, `logZ` included, also those that the objective does not
  /// use yet. The layers may be numbered with gaps, as a `nn.Sequential` numbers them.
  /// - Throws: `CoreError.shape` or `.file`; nothing has changed then.
  package mutating func load(
    _ file: SafeTensors, path: String, in environment: any Environment
  ) throws -> Loaded {
    var result = self
    var loaded = Loaded()
    var file = file
    loaded.converted = try file.convert(
      where: { name in
        name == "logZ" || Estimator.allCases.contains { name.hasPrefix($0.rawValue + ".") }
      }, path: path)
    var used: Set<String> = []
    for estimator in Estimator.allCases {
      guard let read = try network(estimator, from: file, path: path, in: environment) else {
        continue
      }
      result.replace(estimator, with: read.network)
      loaded.estimators.append(estimator)
      used.formUnion(read.names)
    }
    if let logZ = try Self.logZ(of: file, path: path) {
      result.logZ = logZ
      result.logZMoments = ScalarAdam()
      result.awaitsLogZ = false
      loaded.hasLogZ = true
      used.insert("logZ")
    }
    guard !used.isEmpty else {
      throw CoreError.file(
        path: path, line: nil,
        reason: "holds no estimator; names are "
          + Estimator.allCases.map(\.rawValue).joined(separator: ", ") + " and logZ")
    }
    result.completePolicy(loaded.estimators)
    // It was the estimate of other parameters.
    result.batchLogZ = nil
    loaded.ignored = file.tensors.count - used.count
    result.isLoaded = true
    self = result
    return loaded
  }

  /// An estimator with the names of its tensors; nil where the file has none of it.
  private func network(
    _ estimator: Estimator, from file: SafeTensors, path: String, in environment: any Environment
  ) throws -> (network: Network, names: Set<String>)? {
    let prefix = estimator.rawValue + "."
    if let other = file.arrays.first(where: { $0.key.hasPrefix(prefix) }) {
      throw CoreError.file(
        path: path, line: nil,
        reason:
          "holds '\(other.key)' as \(other.value.type.rawValue); parameters are floating-point numbers"
      )
    }
    let names = file.tensors.keys.filter { $0.hasPrefix(prefix) }
    guard !names.isEmpty else { return nil }
    let layers = try Self.layers(of: names, prefix: prefix, path: path)
    var network = Network(zero: try shape(estimator, in: environment))
    let linear = network.shape.linear
    guard layers.count == linear.count else {
      throw CoreError.file(
        path: path, line: nil,
        reason:
          "'\(estimator.rawValue)' has \(counted(layers.count, "linear layer")), the configured "
          + "network has \(linear.count); set policy or critic layers= to fit")
    }
    var used: Set<String> = []
    for (index, number) in layers.enumerated() {
      let layer = linear[index]
      let weight = "\(prefix)\(number).weight"
      let bias = "\(prefix)\(number).bias"
      network.setWeight(
        index, try file.values(weight, shape: [layer.outputs, layer.inputs], path: path))
      network.setBias(index, try file.values(bias, shape: [layer.outputs], path: path))
      used.formUnion([weight, bias])
    }
    return (network, used)
  }

  /// The file's log Z, with all its digits where the metadata has them.
  private static func logZ(of file: SafeTensors, path: String) throws -> Double? {
    guard let logZ = file.tensors["logZ"] else { return nil }
    guard logZ.shape == [] || logZ.shape == [1], let value = logZ.values.first else {
      throw CoreError.shape(tensor: "logZ", expected: [1], found: logZ.shape)
    }
    guard value.isFinite else {
      throw CoreError.file(path: path, line: nil, reason: "'logZ' is \(formatted(Double(value)))")
    }
    let exact = file.metadata["log_z"].flatMap(Double.init)
    return exact.flatMap { Float($0) == value ? $0 : nil } ?? Double(value)
  }

  /// The numbers of an estimator's layers, ascending.
  private static func layers(of names: [String], prefix: String, path: String) throws -> [Int] {
    var numbers: Set<Int> = []
    for name in names {
      let parts = name.dropFirst(prefix.count).split(
        separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, let number = Int(parts[0]), parts[1] == "weight" || parts[1] == "bias"
      else {
        throw CoreError.file(
          path: path, line: nil, reason: "'\(name)' is not NAME.LAYER.weight or NAME.LAYER.bias")
      }
      numbers.insert(number)
    }
    return numbers.sorted()
  }
}

extension SafeTensors {
  /// A tensor's values when it is there in that shape and finite.
  package func values(_ name: String, shape: [Int], path: String) throws -> [Float] {
    guard let tensor = tensors[name] else {
      throw CoreError.file(path: path, line: nil, reason: "'\(name)' is missing")
    }
    guard tensor.shape == shape else {
      throw CoreError.shape(tensor: name, expected: shape, found: tensor.shape)
    }
    guard tensor.values.allSatisfy(\.isFinite) else {
      throw CoreError.file(
        path: path, line: nil, reason: "'\(name)' holds a number that is not finite")
    }
    return tensor.values
  }
}
