import GFNParameters
import Testing

@testable import GFNCore

@Suite struct IdentityTests {
  private let pool = ThreadPool(threads: 2)

  private func state(
    _ environment: any Environment, _ method: String = "RL-U", tabular: Bool = false
  ) throws -> TrainingState {
    var configuration = Small.configuration(method, layers: 1, hidden: 8)
    configuration.policy.isTabular = tabular
    configuration.objective.logZ = .number(0.7)
    return try TrainingState(configuration, in: environment, seed: 4)
  }

  private func identities(
    _ environment: any Environment, _ state: TrainingState
  ) throws -> (Identities, GraphPass) {
    let graph = try StateGraph(environment)
    let pass = try GraphPass(graph, state, pool)
    return (Identities(graph, try pass.policy()), pass)
  }

  /// Two states: at the first stop or go on, each with probability p; at the second stop.
  @Test func valuesAndGradientOfTwoStatesHaveTheirClosedForm() throws {
    let grid = try Small.grid(dim: 1, side: 2)
    var state = try state(grid, tabular: true)
    var network = Network(zero: try state.shape(.forwardPolicy, in: grid))
    network.parameters[0] = 1
    state.replace(.forwardPolicy, with: network)
    let (found, _) = try identities(grid, state)
    let go = Double.e / (Double.e + 1)
    let stop = 1 - go
    let logR = [logarithm(grid.reward([0])), logarithm(grid.reward([1]))]
    let costOfStop = logarithm(stop) - logR[0] + 0.7
    let costOfGo = logarithm(go) + 0.7 - logR[1]
    let jF = stop * costOfStop + go * costOfGo
    #expect(abs(found.values.jF - jF) < 1e-6)
    #expect(abs(found.values.value[1] - (0.7 - logR[1])) < 1e-12)
    #expect(abs(found.values.visiting[1] - go) < 1e-7)
    let gradient = found.values.gradient(found.graph, found.policy)
    #expect(abs(gradient[0] - go * (costOfGo - jF)) < 1e-6)
    #expect(abs(gradient[1] - stop * (costOfStop - jF)) < 1e-6)
    #expect(gradient[2] == 0)
  }

  @Test(arguments: [true, false])
  func theExactGradientAgreesWithFiniteDifferences(_ tabular: Bool) throws {
    for environment in try Small.all() {
      for method in ["RL-U", "RL-B"] {
        let start = try state(environment, method, tabular: tabular)
        let exact = try ExactReference(environment, start, pool)
        var stream = RandomStream(seed: 8, .looking)
        let direction = exact.gradient.map { _ in Float(stream.uniform() - 0.5) }
        func jF(_ step: Float) throws -> Double {
          var moved = start
          var network = try #require(start.networks[.forwardPolicy])
          for index in direction.indices { network.parameters[index] += step * direction[index] }
          moved.replace(.forwardPolicy, with: network)
          return try identities(environment, moved).0.values.jF
        }
        let h: Float = 5e-3
        let difference = (try jF(h) - jF(-h)) / Double(2 * h)
        let slope = Vector.dot(exact.gradient, direction)
        #expect(
          abs(slope - difference) < 2e-3 * max(1, abs(difference)), "\(slope) \(difference)")
      }
    }
  }

  @Test(arguments: ["TB-U", "TB-B", "RL-U", "RL-B"])
  func identitiesHoldOnEveryEnvironment(_ method: String) throws {
    for environment in try Small.all() {
      let state = try state(environment, method)
      let verification = try Verification(environment, state, pool)
      for identity in Identity.allCases {
        var stream = RandomStream(seed: 3, .looking)
        let checks = try #require(
          try verification.check(identity, over: 30, batch: 16, from: &stream))
        #expect(checks.count >= 1 && checks.contains { $0.holds == true })
        #expect(checks.allSatisfy { $0.holds != false }, "\(method) \(checks)")
      }
    }
  }

  @Test func identitiesHoldAtBalanceWhereTheGradientVanishes() throws {
    for environment in try Small.all() {
      let state = try Small.balanced(environment, Small.configuration("RL-U"))
      let verification = try Verification(environment, state, pool)
      var stream = RandomStream(seed: 3, .looking)
      for identity in Identity.allCases {
        let checks = try #require(
          try verification.check(identity, over: 20, batch: 16, from: &stream))
        #expect(checks.allSatisfy { $0.holds != false }, "\(checks)")
      }
    }
  }

  @Test func clippedRewardsCountOnBothSides() throws {
    // Half of the rewards lie below e^0.5.
    let grid = try Small.grid(side: 4, [("clip", .number(-1)), ("r0", .number(0.001))])
    let state = try state(grid)
    let verification = try Verification(grid, state, pool)
    var stream = RandomStream(seed: 3, .looking)
    for identity in [Identity.gradient, .kl, .difference, .balance] {
      let checks = try #require(
        try verification.check(identity, over: 2, batch: 2, from: &stream))
      #expect(checks.allSatisfy { $0.holds == true }, "\(checks)")
    }
    #expect(try StateGraph(grid).logZ > TargetDistribution(grid).logZ + 0.5)
  }

  /// What `solve` finds is the policy of which the identity speaks, within its Float32 table.
  @Test func theSolvedPolicyIsBalanced() throws {
    for environment in try Small.all() {
      for method in ["RL-U", "RL-B"] {
        let start = try state(environment, method)
        let flow = try BalancedFlow(environment, start, pool, clipsRewards: true)
        let (found, _) = try identities(environment, try flow.solution(of: start))
        let (balanced, logFlow) = found.policy.balanced(on: found.graph)
        #expect(zip(logFlow, flow.logFlow).allSatisfy { abs($0 - $1) < 1e-4 })
        #expect(abs(found.values.jF) < 1e-4)
        #expect(zip(found.values.value, logFlow).allSatisfy { abs($0 + $1 - logFlow[0]) < 1e-4 })
        #expect(zip(balanced.logPF, found.policy.logPF).allSatisfy { abs($0 - $1) < 1e-4 })
      }
    }
  }

  /// Every verdict can be that the identity fails.
  @Test func wrongValuesMakeEveryIdentityFail() throws {
    let grid = try Small.grid()
    let (right, pass) = try identities(grid, try state(grid))
    var values = right.values
    values.value[5] += 1e-3
    let inside = Identities(right.graph, right.policy, values)
    #expect(inside.gradient(pass.parameterGradients)[0].holds == false)
    let other = right.policy.perturbed(on: right.graph, size: 0.5, from: &Self.stream)
    #expect(right.difference(other)[0].holds == true)
    #expect(inside.difference(other)[0].holds == false)
    values = right.values
    values.value[0] += 1e-3
    let first = Identities(right.graph, right.policy, values)
    #expect(first.kl()[0].holds == false)
    #expect(first.gradient(pass.parameterGradients)[1].holds == false)
    values = right.values
    values.terminating[3] *= 0.999
    #expect(
      Identities(right.graph, right.policy, values).gradient(pass.parameterGradients)[2].holds
        == false)
    let (balanced, logFlow) = right.policy.balanced(on: right.graph)
    #expect(Identities(right.graph, balanced).balance(logFlow).allSatisfy { $0.holds == true })
    #expect(right.balance(logFlow).allSatisfy { $0.holds == false })
    #expect(IdentityCheck(.kl, "", 1, 2, .atLeast).holds == false)
    #expect(IdentityCheck(.kl, "", 2, 1, .atLeast).holds == true)
    #expect(IdentityCheck(.kl, "", .nan, 1).holds == false)
    #expect(IdentityCheck(.kl, "", 2, 1, .figure).holds == nil)
  }

  private static var stream: RandomStream {
    get { RandomStream(seed: 1, .looking) }
    set {}
  }

  @Test func whatIsTooLargeOrInfiniteIsRefused() throws {
    let large = try Small.grid(dim: 2, side: 300)
    #expect(throws: CoreError.self) { try StateGraph(large) }
    let zero = try Small.grid(side: 4, [("r0", .number(0)), ("clip", .text("none"))])
    do {
      _ = try StateGraph(zero)
      Issue.record("a reward of zero was taken")
    } catch let error as CoreError {
      #expect(error.code == "conflict")
    }
  }

  /// J_F is log Z − ELBO for the log Z that is reported, wherever that comes from.
  @Test func boundsGoByTheReportedLogZ() throws {
    let grid = try Small.grid()
    for method in ["TB-U", "DB-U", "SubTB-B", "FM", "VarGrad-U", "ModDB-U"] {
      var state = try TrainingState(Small.configuration(method), in: grid, seed: 4)
      let trainer = try Trainer(grid, state, pool)
      for _ in 0..<3 { _ = try trainer.step(&state, batch: 16) }
      let bounds = try ExactBounds(grid, state, pool)
      let logZ = try state.reportedLogZ(in: grid, pool)
      #expect(logZ.isNaN == (method == "ModDB-U") && bounds.jF.isNaN == logZ.isNaN)
      if !logZ.isNaN { #expect(abs(bounds.jF - (logZ - bounds.elbo)) < 1e-9, "\(method)") }
    }
  }

  @Test func boundsEncloseLogZAndMeetAtBalance() throws {
    for environment in try Small.all() {
      let logZ = try TargetDistribution(environment).logZ
      for method in ["TB-U", "TB-B"] {
        let bounds = try ExactBounds(environment, try state(environment, method), pool)
        #expect(bounds.elbo < logZ && logZ < bounds.eubo)
        #expect(abs(bounds.jF - (0.7 - bounds.elbo)) < 1e-12)
      }
      let balanced = try ExactBounds(
        environment, try Small.balanced(environment, Small.configuration()), pool)
      #expect(abs(balanced.elbo - logZ) < 1e-5 && abs(balanced.eubo - logZ) < 1e-5)
    }
  }
}

extension Double {
  fileprivate static var e: Double { 2.718281828459045 }
}
