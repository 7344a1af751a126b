import ArgumentParser
import CAllocations
import GFNCore
import GFNParameters

/// An environment to train on, and for how long until trajectories are those of a trained policy.
struct BenchEnvironment {
  var name: String
  var kind: String
  var options: Options
  var warmUp: Int

  static func grid(_ dim: Int, _ side: Int, warmUp: Int) -> BenchEnvironment {
    BenchEnvironment(
      name: dim == 2 ? "\(side)x\(side)" : "\(side)^\(dim)", kind: "hypergrid",
      options: Options([
        ("dim", .number(Double(dim))), ("side", .number(Double(side))), ("r0", .number(0.01)),
      ]), warmUp: warmUp)
  }

  static func sequence(_ mode: String, warmUp: Int = 50) -> BenchEnvironment {
    BenchEnvironment(
      name: "tfbind8 \(mode)", kind: "sequence",
      options: Options([
        ("mode", .text(mode)), ("length", .number(8)), ("alphabet", .text("ACGT")),
        ("rewards", .text("table")),
      ]), warmUp: warmUp)
  }

  /// The same states with the same reward everywhere.
  func flat() throws -> any Environment {
    var flat = self
    flat.options["r0"] = .number(1)
    flat.options["r1"] = .number(0)
    flat.options["r2"] = .number(0)
    return try flat.make()
  }

  func make() throws -> any Environment {
    guard let kind = EnvironmentKind.named(kind) else { throw ValidationError("no \(kind)") }
    return try kind.make(options, FileReader { _ in Self.table })
  }

  /// All words of eight letters with scores of no meaning: rewards change no cost.
  private static let table: [UInt8] = {
    var text: [UInt8] = []
    let letters = Array("ACGT".utf8)
    for word in 0..<(1 << 16) {
      for slot in 0..<8 { text.append(letters[word >> (2 * (7 - slot)) & 3]) }
      let score = Double(word &* 40503 & 0xFFFF) / 0x1p16
      text += Array("\t\(score)\n".utf8)
    }
    return text
  }()
}

/// What a series of training steps cost.
struct Measurement {
  var name: String
  var milliseconds: Double
  var distinct: Double
  var backwardDistinct: Double
  var visits: Double
  var length: Double
  var work: DenseWork
  var parts: [(StepProfile.Part, Double)]
  /// A step, without and within oneDNN.
  var allocations: Double
  var productAllocations: Double
  var peakMemory: Double

  func efficiency(_ ceiling: Ceiling) -> Double { ceiling.seconds(work) * 1e3 / milliseconds }
}

extension Bench {
  private static let seed: UInt64 = 1

  private var environments: [BenchEnvironment] {
    isQuick
      ? [.grid(2, 64, warmUp: 100), .sequence("fill")]
      : [
        .grid(2, 64, warmUp: 300), .grid(2, 256, warmUp: 150), .grid(3, 64, warmUp: 200),
        .grid(4, 32, warmUp: 150), .sequence("fill"), .sequence("append-prepend"),
      ]
  }

  /// Steps of every method on every environment, each from the same trained forward policy.
  func training(_ output: Output) throws {
    for item in environments {
      let methods = ["TB-U", "RL-U", "RL-G", "RL-T", "RL-T/4"].filter {
        isWanted("\(item.name) \($0)") && !($0 == "RL-G" && item.name.hasSuffix("append-prepend"))
      }
      guard !methods.isEmpty else { continue }
      let environment = try item.make()
      let trained = try trained(item, environment)
      let ceiling = Ceiling.measured(pool)
      var measured: [String: Measurement] = [:]
      for method in methods {
        var state = trained
        try state.configure(Self.configuration(method), in: environment)
        let measurement = try measure("\(item.name) \(method)", environment, &state, batch: 128)
        output.training(measurement, ceiling)
        measured[method] = measurement
      }
      for (method, other) in [
        ("RL-U", "TB-U"), ("RL-G", "RL-U"), ("RL-T", "RL-U"), ("RL-T/4", "RL-U"),
      ] {
        guard let first = measured[method], let second = measured[other] else { continue }
        output.ratio(item.name, method, other, first, second)
      }
    }
  }

  static func configuration(_ method: String) throws -> Configuration {
    var configuration = Configuration()
    let parts = method.split(separator: "/")
    if parts.count == 2, let divisor = Double(parts[1]) {
      configuration.objective.fisher = 1 / divisor
    }
    if let name = parts.first.flatMap({ MethodName.named(String($0)) }) {
      configuration.objective.kind = name.objective
      configuration.backward.kind = name.backward
    }
    return configuration
  }

  /// A forward policy with trajectories as long as those of a trained one.
  ///
  /// On a large grid training alone would take long to find the far corners. So the first steps are on a
  /// reward that is the same everywhere, with a behaviour policy that rarely exits.
  func trained(
    _ item: BenchEnvironment, _ environment: any Environment
  ) throws -> TrainingState {
    var configuration = try Self.configuration("TB-U")
    var state: TrainingState
    if item.kind == "hypergrid", item.warmUp > 0 {
      configuration.exploration.exitBias = -4
      configuration.exploration.epsilon = 0.05
      configuration.exploration.decay = 1
      let flat = try item.flat()
      state = try TrainingState(configuration, in: flat, seed: Self.seed)
      try train(&state, flat, steps: 2 * item.warmUp)
      configuration.exploration = Exploration()
      try state.configure(configuration, in: flat)
      try train(&state, flat, steps: item.warmUp)
    } else {
      state = try TrainingState(configuration, in: environment, seed: Self.seed)
    }
    try train(&state, environment, steps: item.warmUp)
    return state
  }

  private func train(
    _ state: inout TrainingState, _ environment: any Environment, steps: Int
  ) throws {
    let trainer = try Trainer(environment, state, pool)
    for _ in 0..<steps { _ = try trainer.step(&state, batch: 128) }
  }

  /// Medians over steps after some that warm the workspaces.
  func measure(
    _ name: String, _ environment: any Environment, _ state: inout TrainingState, batch: Int,
    warm: Int = 55
  ) throws -> Measurement {
    Machine.forgetPeakMemory()
    let trainer = try Trainer(environment, state, pool)
    var spent = 0.0
    for step in 0..<(isQuick ? 10 : warm) where step < 3 || spent < 3 {
      spent += try Machine.seconds { _ = try trainer.step(&state, batch: batch) }
    }
    var times: [Double] = []
    var sums = (distinct: 0.0, backward: 0.0, visits: 0.0, length: 0.0)
    var allocations = 0
    var productAllocations = 0
    times.reserveCapacity(100)
    let work = trainer.work
    let parts = StepProfile.Part.allCases.map { trainer.profile.seconds($0) }
    let most = isQuick ? 10 : 40
    while times.count < most, times.count < 5 || times.reduce(0, +) < 3 {
      var report = StepReport()
      allocations -= gfn_allocations()
      productAllocations -= gfn_allocations_of_products()
      times.append(try Machine.seconds { report = try trainer.step(&state, batch: batch) })
      allocations += gfn_allocations()
      productAllocations += gfn_allocations_of_products()
      sums.distinct += Double(report.distinctStates)
      sums.backward += Double(trainer.backwardDistinctStates)
      sums.visits += Double(report.visits)
      sums.length += report.length
    }
    let count = Double(times.count)
    return Measurement(
      name: name, milliseconds: 1e3 * median(times), distinct: sums.distinct / count,
      backwardDistinct: sums.backward / count, visits: sums.visits / count,
      length: sums.length / count, work: trainer.work.since(work).scaled(by: 1 / count),
      parts: zip(StepProfile.Part.allCases, parts).map {
        ($0, 1e3 * (trainer.profile.seconds($0) - $1) / count)
      },
      allocations: Double(allocations - productAllocations) / count,
      productAllocations: Double(productAllocations) / count, peakMemory: Machine.peakMemory)
  }
}
