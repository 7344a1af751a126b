import Foundation
import GFNParameters
import Testing

@testable import GFNCore

/// A parity case: numbers that the paper's authors' code computed.
struct Fixture {
  let name: String
  let json: Description
  let arrays: SafeTensors
  let environment: any Environment
  let state: TrainingState
  let pool = ThreadPool(threads: 2)

  struct Description: Decodable {
    struct Network: Decodable {
      var hidden: Int
      var layers: Int
    }

    struct Path: Decodable {
      var states: [[Int32]]
      var actions: [Int]
    }

    var kind: String
    var dim: Int?
    var side: Int?
    /// The observations of a Bayesian network.
    var data: [[Double]]?
    var network: Network
    var logZ: Double
    var forwardTrajectories: [Path]
    var backwardTrajectories: [Path]
    var logReward: [Double]
    var scalars: [String: Double]

    enum CodingKeys: String, CodingKey {
      case kind, dim, side, data, network, logZ, scalars
      case forwardTrajectories = "forward_trajectories"
      case backwardTrajectories = "backward_trajectories"
      case logReward = "log_reward"
    }
  }

  static let cases = [
    "hypergrid_2d_h8", "hypergrid_3d_h6", "tfbind8_fill", "tfbind8_append_prepend", "bayesnet_4",
  ]

  /// The table that scripts/fetch-data keeps, if it was fetched.
  static let measurements: String? = {
    let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    return ["data", "../shared/data"].map { "\(root)/\($0)/SIX6_REF_R1_8mers.txt" }
      .first { FileManager.default.fileExists(atPath: $0) }
  }()

  static func bytes(_ name: String) throws -> [UInt8] {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures"))
    return [UInt8](try Data(contentsOf: url))
  }

  init(_ name: String, method: (inout Configuration) -> Void) throws {
    self.name = name
    json = try JSONDecoder().decode(
      Description.self, from: Data(Self.bytes("\(name).json")))
    arrays = try SafeTensors(Self.bytes("\(name).safetensors"), path: name)
    var configuration = Configuration()
    configuration.policy = NetworkSettings(layers: json.network.layers, hidden: json.network.hidden)
    configuration.critic = configuration.policy
    configuration.objective.logZ = .number(json.logZ)
    method(&configuration)
    environment = try Self.environment(name, json)
    var state = try TrainingState(configuration, in: environment, seed: 0)
    let logZ = state.logZ
    _ = try state.load(arrays, path: name, in: environment)
    #expect(state.logZ == logZ)
    self.state = state
  }

  /// The sequence cases share one reward table; the append-prepend case holds it as its target.
  private static func environment(_ name: String, _ json: Description) throws -> any Environment {
    if let data = json.data {
      let header = (data.first ?? []).indices.map { "x\($0)" }
      let lines = [header] + data.map { $0.map { "\($0)" } }
      let table = lines.map { $0.joined(separator: ",") }.joined(separator: "\n")
      return try BayesianNetwork(
        Options([("data", .text("data"))]), FileReader { _ in Array(table.utf8) })
    }
    guard json.kind != "hypergrid" else {
      return try Hypergrid(
        Options([
          ("dim", .number(Double(json.dim ?? 0))), ("side", .number(Double(json.side ?? 0))),
        ]))
    }
    let exact = try SafeTensors(
      try bytes("tfbind8_append_prepend.safetensors"), path: "tfbind8_append_prepend")
    let target = try #require(exact.tensors["exact.target_pmf"]?.values)
    let table = target.enumerated().map { index, p in
      "\(RewardTable.word(index, Array("ACGT".utf8), 8))\t\(Double(p))\n"
    }.joined()
    let options = Options([
      ("length", .number(8)), ("alphabet", .text("ACGT")), ("rewards", .text("table")),
      ("min", .number(0)), ("exponent", .number(1)), ("max", .number(10)),
    ])
    let task = try SequenceTask(options, FileReader { _ in Array(table.utf8) })
    return json.kind == "tfbind8_fill" ? FillSequence(task) : GrowingSequence(task, ends: 2)
  }

  /// Our index of each of the fixture's terminating states, where it lists them in an order of its own.
  var terminatingOrder: [Int]? {
    guard let graphs = arrays.arrays["exact.all_graphs"], graphs.shape.count == 2,
      let bits = graphs.smallIntegers
    else { return nil }
    let width = graphs.shape[1]
    return (0..<graphs.shape[0]).map { row in
      environment.terminatingIndex(Array(bits[(row * width)..<((row + 1) * width)]))
    }
  }

  func trainer() throws -> Trainer { try Trainer(environment, state, pool) }

  func trajectories(backward: Bool) -> Trajectories {
    let paths = backward ? json.backwardTrajectories : json.forwardTrajectories
    return Trajectories(
      isBackward: backward,
      paths.map { Trajectories.Trajectory(states: $0.states, actions: $0.actions) })
  }

  /// `|a − b| ≤ 1e-4·|b| + 2e-5·max|array|` for every element.
  func expect(
    _ values: [Float], match name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try #require(arrays.tensors[name], sourceLocation: sourceLocation).values
    try #require(values.count == expected.count, "\(name)", sourceLocation: sourceLocation)
    ParityTally.note("\(self.name) \(name)", values.map(Double.init), expected.map(Double.init))
    let greatest = expected.reduce(0) { max($0, abs($1)) }
    // Written so that NaN fails.
    let agree = zip(values, expected).allSatisfy {
      abs($0 - $1) <= 1e-4 * abs($1) + 2e-5 * greatest
    }
    #expect(agree, "\(name)", sourceLocation: sourceLocation)
  }

  func expect(
    _ value: Double, matchScalar name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try #require(json.scalars[name], sourceLocation: sourceLocation)
    ParityTally.note("\(self.name) \(name)", [value], [expected])
    #expect(
      abs(value - expected) <= 1.2e-4 * abs(expected), "\(name)", sourceLocation: sourceLocation)
  }

  /// Every gradient of a report under the fixture's names.
  func expect(
    _ report: GradientReport, matchGradients name: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for (estimator, gradient) in report.gradients {
      let shape = try state.shape(estimator, in: environment)
      for (tensor, value) in TrainingState.tensors(estimator.rawValue, gradient, shape) {
        try expect(
          value.values, match: "\(name).grad.\(tensor)", sourceLocation: sourceLocation)
      }
    }
  }

  func expect(
    _ report: GradientReport, matchDetails names: [String], of name: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let details = report.details()
    for detail in names {
      let tensor = try #require(details[detail], sourceLocation: sourceLocation)
      let array = "\(name).\(detail)"
      #expect(
        tensor.shape == arrays.tensors[array]?.shape, "\(array)", sourceLocation: sourceLocation)
      try expect(tensor.values, match: array, sourceLocation: sourceLocation)
    }
  }
}

extension Network {
  /// A vector in the parameters' layout in PyTorch's order: weight `[out, in]`, bias, layer by layer.
  static func pyTorchOrder(_ vector: [Float], _ shape: NetworkShape) -> [Float] {
    shape.linear.indices.flatMap { index in
      let layer = shape.linear[index]
      return weight(index, of: vector, shape) + vector[layer.bias..<(layer.bias + layer.outputs)]
    }
  }

  /// The way back from `pyTorchOrder`.
  static func internalOrder(_ vector: [Float], _ shape: NetworkShape) -> [Float] {
    precondition(vector.count == shape.parameterCount, "\(vector.count) values for \(shape)")
    var network = Network(zero: shape)
    for (index, layer) in shape.linear.enumerated() {
      network.setWeight(index, Array(vector[layer.weight..<layer.bias]))
      network.setBias(index, Array(vector[layer.bias..<(layer.bias + layer.outputs)]))
    }
    return network.parameters
  }
}
