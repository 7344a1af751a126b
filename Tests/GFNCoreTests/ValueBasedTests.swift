import Foundation
import Testing

@testable import GFNCore

/// The objectives that balance flows: their formulas, their gradients and their optimum.
@Suite struct ValueBasedTests {
  typealias Weighting = SubTrajectoryBalance.Weighting
  let pool = ThreadPool(threads: 1)

  /// Trajectories of one, three and two entries with arbitrary numbers.
  private func steps() -> StepValues {
    var steps = StepValues()
    steps.offsets = [0, 1, 4, 6]
    steps.logPF = [-0.3, -1.2, -0.4, -0.9, -0.8, -0.1]
    steps.logPB = [0, -0.7, -0.2, 0, -0.6, 0]
    steps.value = [0.2, -0.4, 1.1, 0.3, 0.7, -1.3]
    steps.exitLogPF = [-0.3, -2.0, -1.5, -0.9, -1.7, -0.1]
    steps.stateLogReward = [0.5, 0.4, -0.6, -1.5, 0.9, 0.8]
    steps.logReward = [0.5, -1.5, 0.8]
    return steps
  }

  private func gradients(_ objective: any Objective, _ steps: StepValues) -> StepGradients {
    var gradients = StepGradients()
    objective.evaluate(steps, into: &gradients)
    return gradients
  }

  private static let objectives: [any Objective] =
    [DetailedBalance(), LogPartitionVariance(), ModifiedDetailedBalance()]
    + Weighting.allCases.map { SubTrajectoryBalance(lambda: 0.7, weighting: $0) }

  @Test func detailedBalanceIsItsFormula() {
    let found = gradients(DetailedBalance(), steps())
    let residuals = [
      0.2 - 0.3 - 0.5, -0.4 - 1.2 - 1.1 + 0.7, 1.1 - 0.4 - 0.3 + 0.2, 0.3 - 0.9 + 1.5,
      0.7 - 0.8 + 1.3 + 0.6, -1.3 - 0.1 - 0.8,
    ]
    #expect(abs(found.loss - residuals.reduce(0) { $0 + $1 * $1 } / 3) < 1e-12)
    for (slope, residual) in zip(found.logPF, residuals) {
      #expect(abs(slope - 2 * residual / 3) < 1e-12)
    }
  }

  @Test func modifiedDetailedBalanceIsItsFormula() {
    let residuals = [
      0.4 - 1.2 - 1.5 + 0.6 + 0.7 + 2.0, -0.6 - 0.4 - 0.9 + 1.5 + 0.2 + 1.5,
      0.9 - 0.8 - 0.1 - 0.8 + 0.6 + 1.7,
    ]
    let found = gradients(ModifiedDetailedBalance(), steps()).loss
    #expect(abs(found - residuals.reduce(0) { $0 + $1 * $1 } / 3) < 1e-12)
    var exits = steps()
    exits.offsets = [0, 1]
    exits.logPF = [-0.3]
    #expect(gradients(ModifiedDetailedBalance(), exits).loss == 0)
  }

  @Test func theVarianceIsTrajectoryBalanceAtItsBestLogZ() {
    var values = steps()
    values.logZ = 0
    let estimate = -gradients(TrajectoryBalance(), values).logZ / 2
    values.logZ = estimate
    let balance = gradients(TrajectoryBalance(), values)
    let variance = gradients(LogPartitionVariance(), values)
    #expect(abs(balance.loss - variance.loss) < 1e-12)
    #expect(abs(balance.logZ) < 1e-12)
    #expect(variance.logZ == 0)
    for (a, b) in zip(balance.logPF + balance.logPB, variance.logPF + variance.logPB) {
      #expect(abs(a - b) < 1e-12)
    }
  }

  /// Every sub-trajectory by itself, as the weightings are defined.
  private func bruteForce(
    _ steps: StepValues, _ lambda: Double, _ weighting: Weighting
  ) -> Double {
    var squares: [[(length: Int, square: Double)]] = []
    for path in 0..<steps.count {
      let entries = Array(steps.entries(path))
      let flows = entries.map { steps.value[$0] } + [steps.logReward[path]]
      var list: [(length: Int, square: Double)] = []
      for i in 0..<entries.count {
        for j in (i + 1)...entries.count {
          let sum = entries[i..<j].reduce(0) { $0 + steps.logPF[$1] - steps.logPB[$1] }
          let residual = flows[i] + sum - flows[j]
          list.append((j - i, residual * residual))
        }
      }
      squares.append(list)
    }
    func power(_ length: Int) -> Double {
      (1..<length).reduce(1) { product, _ in product * lambda }
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    switch weighting {
    case .geometricWithin:
      return mean(
        squares.map { list in
          list.reduce(0) { $0 + power($1.length) * $1.square }
            / list.reduce(0) { $0 + power($1.length) }
        })
    case .geometric:
      let longest = squares.joined().map(\.length).max() ?? 0
      let weights = (1...longest).map(power)
      return zip(1...longest, weights).reduce(0) { sum, pair in
        sum + pair.1 * mean(squares.joined().filter { $0.length == pair.0 }.map(\.square))
      } / weights.reduce(0, +)
    case .equal: return mean(squares.joined().map(\.square))
    case .equalWithin: return mean(squares.map { mean($0.map(\.square)) })
    case .trajectories:
      return mean(squares.map { list in list.max { $0.length < $1.length }?.square ?? 0 })
    case .transitions: return mean(squares.joined().filter { $0.length == 1 }.map(\.square))
    }
  }

  @Test(arguments: Weighting.allCases, [0, 0.5, 0.9, 1])
  func weightingsAreTheirDoubleLoops(_ weighting: Weighting, _ lambda: Double) {
    let objective = SubTrajectoryBalance(lambda: lambda, weighting: weighting)
    let found = gradients(objective, steps())
    #expect(abs(found.loss - bruteForce(steps(), lambda, weighting)) < 1e-12)
    // A long trajectory, for the running sums.
    var stream = RandomStream(seed: 3, .looking)
    var long = StepValues()
    long.offsets = [0, 40, 47]
    long.logPF = (0..<47).map { _ in -stream.uniform() }
    long.logPB = (0..<47).map { $0 == 39 || $0 == 46 ? 0 : -stream.uniform() }
    long.value = (0..<47).map { _ in 100 * stream.uniform() }
    long.logReward = [1, -2]
    let expected = bruteForce(long, lambda, weighting)
    #expect(abs(gradients(objective, long).loss - expected) < 1e-12 * max(expected, 1))
  }

  @Test func gradientsAgreeWithFiniteDifferences() {
    let h = 1e-6
    for objective in Self.objectives {
      let found = gradients(objective, steps())
      func slope(_ place: WritableKeyPath<StepValues, [Double]>, _ entry: Int) -> Double {
        var above = steps()
        var below = steps()
        above[keyPath: place][entry] += h
        below[keyPath: place][entry] -= h
        return (gradients(objective, above).loss - gradients(objective, below).loss) / (2 * h)
      }
      for entry in 0..<6 {
        #expect(abs(slope(\.logPF, entry) - found.logPF[entry]) < 1e-6, "\(objective)")
        #expect(abs(slope(\.value, entry) - found.value[entry]) < 1e-6, "\(objective)")
        if objective.needs.contains(.exits) {
          #expect(abs(slope(\.exitLogPF, entry) - found.exitLogPF[entry]) < 1e-6)
        }
      }
      for entry in [1, 2, 4] {
        #expect(abs(slope(\.logPB, entry) - found.logPB[entry]) < 1e-6, "\(objective)")
      }
    }
  }

  /// Three states in a row and a parallel edge into the last.
  private func flows() -> StepValues {
    var steps = StepValues()
    steps.offsets = [0, 2, 5]
    steps.logPF = [0, 0, 0, 0, 0]
    steps.logReward = [0.4, -0.3]
    steps.flows.offsets = [0, 0, 1, 3]
    steps.flows.inflow = [0.8, -0.2, 0.1]
    steps.flows.actionCount = 3
    let none = -Double.infinity
    steps.flows.outflow = [0.8, none, none, -0.2, 0.1, 0.6, none, none, -0.5]
    steps.flows.logReward = [none, 0.4, -0.3]
    steps.flows.visits = [2, 2, 1]
    steps.flows.ends = [0, 1, 1]
    return steps
  }

  @Test func flowMatchingIsItsFormula() {
    func total(_ terms: [Double]) -> Double { log(terms.reduce(1e-6) { $0 + exp($1) }) }
    let first = total([0.8]) - total([-0.2, 0.1, 0.4])
    let second = total([-0.2, 0.1]) - total([-0.3])
    let ends = ((0.6 - 0.4) * (0.6 - 0.4) + (-0.5 + 0.3) * (-0.5 + 0.3)) / 2
    let found = gradients(FlowMatching(), flows())
    #expect(abs(found.loss - ((2 * first * first + second * second) / 3 + ends)) < 1e-12)
    let h = 1e-6
    func slope(_ place: WritableKeyPath<StepValues, [Double]>, _ index: Int) -> Double {
      var above = flows()
      var below = flows()
      above[keyPath: place][index] += h
      below[keyPath: place][index] -= h
      return (gradients(FlowMatching(), above).loss - gradients(FlowMatching(), below).loss)
        / (2 * h)
    }
    for index in 0..<3 {
      #expect(abs(slope(\.flows.inflow, index) - found.flows.inflow[index]) < 1e-6)
    }
    for index in 0..<9 where flows().flows.outflow[index].isFinite {
      #expect(abs(slope(\.flows.outflow, index) - found.flows.outflow[index]) < 1e-6)
    }
    for index in [1, 2, 6, 7] { #expect(found.flows.outflow[index] == 0) }
  }

  /// Exact tables of π_F, log F(s) and log F(s → s').
  private func balanced(_ environment: any Environment, _ method: String) throws -> TrainingState {
    let tb = try Small.balanced(environment, Small.configuration("TB-U"))
    let distribution = try #require(try ExactEvaluation(environment, pool).distribution(tb))
    let policy = try #require(tb.networks[.forwardPolicy])
    var configuration = Small.configuration(method)
    configuration.policy.isTabular = true
    var state = try TrainingState(configuration, in: environment, seed: 0)
    var stateFlow = Network(zero: try state.shape(.stateFlow, in: environment))
    var edgeFlow = policy
    for (index, visiting) in distribution.visiting.enumerated() {
      let logFlow = Float(tb.logZ + logarithm(visiting))
      stateFlow.parameters[index] = logFlow
      for action in 0..<environment.forwardActionCount {
        edgeFlow.parameters[index * environment.forwardActionCount + action] += logFlow
      }
    }
    state.replace(.forwardPolicy, with: policy)
    state.replace(.stateFlow, with: stateFlow)
    state.replace(.edgeFlow, with: edgeFlow)
    return state
  }

  @Test(arguments: ["DB-U", "SubTB-U", "VarGrad-U", "ModDB-U", "FM"])
  func lossesVanishOnExactFlows(_ method: String) throws {
    for environment in try Small.all()
    where method != "ModDB-U" || environment.everyStateTerminates {
      var state = try balanced(environment, method)
      let target = try TargetDistribution(environment)
      for weighting in method == "SubTB-U" ? Weighting.allCases : [.geometricWithin] {
        var configuration = state.configuration
        configuration.objective.weighting = weighting
        try state.configure(configuration, in: environment)
        let trainer = try Trainer(environment, state, pool)
        var stream = RandomStream(seed: 4, .looking)
        let batch = try trainer.trajectories(state, count: 64, isBackward: false, from: &stream)
        let report = try trainer.gradient(state, on: batch)
        #expect(report.outputs.loss < 1e-9, "\(method) \(weighting) \(report.outputs.loss)")
        for estimator in report.gradients.keys { #expect(report.norm(estimator) < 1e-3) }
      }
      var trained = state
      let step = try Trainer(environment, state, pool).step(&trained, batch: 16)
      let reported = try state.reportedLogZ(in: environment, pool)
      switch method {
      case "ModDB-U": #expect(step.logZ.isNaN && reported.isNaN)
      case "VarGrad-U":
        #expect(abs(step.logZ - target.logZ) < 1e-5 && reported.isNaN)
        #expect(try trained.reportedLogZ(in: environment, pool) == step.logZ)
      default:
        #expect(abs(step.logZ - target.logZ) < 1e-5)
        #expect(abs(reported - target.logZ) < 1e-5)
      }
    }
  }

  /// Means over transitions and states, not over trajectories: these come slower than the others.
  @Test(arguments: ["FM", "ModDB-B", "ModDB-U"])
  func slowerMethodsApproachTheTargetOnAGridToo(_ method: String) throws {
    let grid = try Small.grid(side: 6)
    var state = try TrainingState(
      Small.configuration(method, layers: 2, hidden: 32), in: grid, seed: 0)
    let trainer = try Trainer(grid, state, pool)
    for _ in 0..<800 { _ = try trainer.step(&state, batch: 64) }
    let learned = try #require(
      try ExactEvaluation(grid, pool).terminatingProbabilities(state))
    let target = try TargetDistribution(grid)
    #expect(DistributionPair(learned: learned, target: target).tv < 0.1)
    let logZ = try state.reportedLogZ(in: grid, pool)
    #expect(method == "FM" ? abs(logZ - target.logZ) < 0.2 : logZ.isNaN)
  }

  @Test func onlyVisitedStatesAreCounted() throws {
    let grid = try Small.grid(side: 8)
    var state = try TrainingState(Small.configuration("FM"), in: grid, seed: 0)
    let trainer = try Trainer(grid, state, pool)
    var further = 0
    for _ in 0..<5 {
      let report = try trainer.step(&state, batch: 4)
      #expect(report.distinctStates == Set(trainer.forward.paths.rows).count)
      further += trainer.forward.states.count - report.distinctStates
    }
    #expect(further > 0)
    #expect(state.discoveries.statesVisited < 64)
  }
}
