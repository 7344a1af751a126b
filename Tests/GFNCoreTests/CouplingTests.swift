import Testing

@testable import GFNCore

/// Backward policies beyond the uniform one and the backward policy gradient.
@Suite struct CouplingTests {
  let pool = ThreadPool(threads: 1)

  private func close(_ a: Double, _ b: Double, _ tolerance: Double = 1e-6) -> Bool {
    abs(a - b) < tolerance
  }

  // MARK: - Squared score

  @Test func theSquaredScoreIsItsFormula() {
    var steps = StepValues()
    steps.offsets = [0, 1, 4]
    steps.logPF = [-0.3, -1.2, -0.4, -0.9]
    steps.logPB = [0, -0.7, -0.2, 0]
    steps.logGuide = [-0.1, -0.5, -1.1, -0.3]
    steps.logReward = [0.5, -1.5]
    steps.logZ = 0.8
    var gradients = StepGradients()
    BackwardBalance().evaluate(steps, into: &gradients)
    let first = -0.1 - 0.5 + 0.8
    let second = -0.5 - 1.1 - 0.3 + 0.7 + 0.2 + 1.5 + 0.8
    #expect(close(gradients.loss, (first * first + second * second) / 2, 1e-12))
    for (found, expected) in zip(gradients.logPB, [0, -second, -second, 0]) {
      #expect(close(found, expected, 1e-12))
    }
    #expect(gradients.logZ == 0 && gradients.logPF.allSatisfy { $0 == 0 })
  }

  @Test(arguments: ["RL-B", "RL-G"])
  func squaredScoreGradientsAgreeWithFiniteDifferences(_ method: String) throws {
    for environment in [try Small.grid(dim: 3, side: 3), try Small.sequence()] as [any Environment]
    {
      var configuration = Small.configuration(method, layers: 1, hidden: 8)
      configuration.backward.form = .balance
      configuration.objective.logZ = .number(0.4)
      // With seed 2 two units stand within 1e-4 of their kinks.
      let state = try TrainingState(configuration, in: environment, seed: 3)
      #expect(state.networks[.valueBackward] == nil)
      let trainer = try Trainer(environment, state, pool)
      var stream = RandomStream(seed: 8, .looking)
      let batch = try trainer.trajectories(state, count: 6, isBackward: true, from: &stream)
      let report = try trainer.gradient(state, on: batch)
      #expect(Set(report.gradients.keys) == [.backwardPolicy])
      let gradient = try #require(report.gradients[.backwardPolicy])
      let direction = gradient.map { _ in Float(stream.uniform() - 0.5) }
      func loss(_ length: Float) throws -> Double {
        var moved = state
        var network = try #require(state.networks[.backwardPolicy])
        for index in direction.indices { network.parameters[index] += length * direction[index] }
        moved.replace(.backwardPolicy, with: network)
        return try trainer.gradient(moved, on: batch).outputs.loss
      }
      let difference = (try loss(2e-3) - loss(-2e-3)) / 4e-3
      let slope = Vector.dot(gradient, direction)
      #expect(
        close(slope, difference, 2e-2 * max(abs(difference), 0.5)), "\(slope) \(difference)")
    }
  }

  @Test func theSquaredScoreVanishesAtBalance() throws {
    for environment in try Small.all() {
      var configuration = Small.configuration("RL-B")
      configuration.backward.form = .balance
      var state = try Small.balanced(environment, configuration)
      // All logits equal: the uniform π_B that the policy balances against.
      state.replace(
        .backwardPolicy, with: Network(zero: try state.shape(.backwardPolicy, in: environment)))
      let trainer = try Trainer(environment, state, pool)
      var stream = RandomStream(seed: 4, .looking)
      let batch = try trainer.trajectories(state, count: 32, isBackward: true, from: &stream)
      #expect(try trainer.gradient(state, on: batch).outputs.loss < 1e-9)
    }
  }

  @Test func guidesSayWhatTheyExitWith() throws {
    let grid = try Small.grid(side: 8)
    var configuration = Small.configuration("RL-G", layers: 1, hidden: 8)
    configuration.backward.floor = 0.05
    let state = try TrainingState(configuration, in: grid, seed: 2)
    let trainer = try Trainer(grid, state, pool)
    var stream = RandomStream(seed: 8, .looking)
    let batch = try trainer.trajectories(state, count: 40, isBackward: true, from: &stream)
    let report = try trainer.gradient(state, on: batch)
    let pass = try #require(trainer.backward)
    let logits = try #require(pass.forwardPolicy.network?.outputs)
    var held = 0
    for path in 0..<pass.paths.count {
      let row = Int(pass.paths.rows[pass.paths.last(path)])
      let x = pass.states.table.state(row)
      var outputs = (0..<3).map { Double(logits[row * 3 + $0]) }
      let isHeld = grid.reward(x) <= 0.01
      if isHeld { outputs[2] = min(outputs[2], logarithm(0.05)) }
      held += isHeld ? 1 : 0
      let mask = grid.forwardMask(x)
      let allowed = (0..<3).filter { mask[$0] }.map { outputs[$0] }
      #expect(close(report.steps.logGuide[pass.paths.last(path)], outputs[2] - logSumExp(allowed)))
    }
    #expect(held > 0 && held < pass.paths.count)
  }

  // MARK: - Maximum entropy

  private func paths(_ environment: any Environment, to state: [Int32]) -> Double {
    guard state != environment.initialState() else { return 1 }
    let mask = environment.backwardMask(state)
    return mask.indices.filter { mask[$0] }.reduce(0) { sum, action in
      var parent = state
      parent.withUnsafeMutableBufferPointer { buffer in
        if let base = buffer.baseAddress { _ = environment.step(base, backward: action) }
      }
      return sum + paths(environment, to: parent)
    }
  }

  @Test func pathCountsAreWhatCountingGives() throws {
    var environments = try Small.all()
    let grid = try Small.grid(dim: 3, side: 3)
    environments.append(Unformulated(grid, enumeration: grid.enumeration))
    for environment in environments {
      let counts = try PathCounts(environment)
      for index in 0..<(try environment.enumerable().states) {
        let state = environment.state(at: index)
        // Not every cell pattern is reached: those of append-prepend have no gaps, and all are.
        let expected = logarithm(paths(environment, to: state))
        let found = state.withUnsafeBufferPointer { $0.baseAddress.map(counts.logCount) ?? .nan }
        #expect(close(found, expected, 1e-9), "\(environment.text(state))")
      }
    }
  }

  @Test func maximumEntropyMakesAllPathsToAnObjectAlike() throws {
    let grid = try Small.grid(dim: 3, side: 4)
    let environments: [any Environment] =
      try Small.all() + [Unformulated(grid, enumeration: grid.enumeration)]
    for environment in environments {
      var configuration = Small.configuration("TB-U", layers: 1, hidden: 8)
      configuration.backward.kind = .maximumEntropy
      let state = try TrainingState(configuration, in: environment, seed: 1)
      #expect(state.networks[.backwardPolicy] == nil)
      let trainer = try Trainer(environment, state, pool)
      var stream = RandomStream(seed: 1, .looking)
      let batch = try trainer.trajectories(state, count: 32, isBackward: false, from: &stream)
      let report = try trainer.gradient(state, on: batch)
      for (path, trajectory) in batch.trajectories.enumerated() {
        let logPB = report.steps.entries(path).reduce(0) { $0 + report.steps.logPB[$1] }
        let end = try #require(trajectory.states.last)
        #expect(close(logPB, -logarithm(paths(environment, to: end)), 1e-5))
      }
      // A distribution in every state but s0.
      let pass = trainer.forward.backwardPolicy
      for row in 0..<trainer.forward.states.count {
        let sum = (0..<pass.actions).reduce(0.0) {
          $0 + Double(pass.probabilities[row * pass.actions + $1])
        }
        let isInitial = trainer.forward.states.table.state(row) == environment.initialState()
        #expect(close(sum, isInitial ? 0 : 1))
      }
    }
  }

  @Test func onGridsParentsWeighAsTheirCoordinates() throws {
    let grid = try Small.grid(dim: 2, side: 8)
    var configuration = Small.configuration("TB-U", layers: 1, hidden: 8)
    configuration.backward.kind = .maximumEntropy
    let state = try TrainingState(configuration, in: grid, seed: 1)
    let report = try Look(grid, state, pool).inspect([2, 6])
    #expect(close(report.parents[0].pB, 0.25) && close(report.parents[1].pB, 0.75))
  }

  @Test func theExactPolicyBalancesAgainstPathCounts() throws {
    for environment in try Small.all() {
      // A network that another coupling left behind is not π_B.
      var state = try TrainingState(
        Small.configuration("TB-B", layers: 1, hidden: 8), in: environment, seed: 1)
      var configuration = state.configuration
      configuration.backward.kind = .maximumEntropy
      try state.configure(configuration, in: environment)
      let solved = try BalancedFlow(environment, state, pool).solution(of: state)
      let trainer = try Trainer(environment, solved, pool)
      var stream = RandomStream(seed: 1, .looking)
      let batch = try trainer.trajectories(solved, count: 32, isBackward: false, from: &stream)
      #expect(try trainer.gradient(solved, on: batch).outputs.loss < 1e-8)
    }
  }

  @Test func pathsThatCannotBeCountedAreRefused() throws {
    let base = try Small.grid()
    var configuration = Small.configuration("TB-U")
    configuration.backward.kind = .maximumEntropy
    for enumeration in [nil, Enumeration(states: 1 << 25, terminating: 1)] {
      let error = #expect(throws: CoreError.self) {
        try TrainingState(
          configuration, in: Unformulated(base, enumeration: enumeration), seed: 0)
      }
      #expect(error?.code == "conflict")
      #expect(error?.description.contains("too many to count") == true)
    }
  }

  // MARK: - Likelihood

  @Test func likelihoodFixesTheBackwardPolicyToThePosterior() throws {
    let grid = try Small.grid(dim: 2, side: 3)
    var configuration = Small.configuration("RL-TLM", layers: 1, hidden: 8)
    configuration.policy.isTabular = true
    configuration.optimizer.policyRate = 0
    configuration.optimizer.backwardRate = 0.02
    var state = try TrainingState(configuration, in: grid, seed: 3)
    // A policy with preferences.
    var network = try #require(state.networks[.forwardPolicy])
    for index in network.parameters.indices { network.parameters[index] *= 3 }
    state.replace(.forwardPolicy, with: network)
    let trainer = try Trainer(grid, state, pool)
    for _ in 0..<600 { _ = try trainer.step(&state, batch: 256) }
    #expect(state.networks[.forwardPolicy] == network)
    let visiting = try #require(
      try ExactEvaluation(grid, pool).distribution(state)?.visiting)
    let look = try Look(grid, state, pool)
    var farthest = 0.0
    for index in 1..<9 where visiting[index] > 0.02 {
      let report = try look.inspect(grid.state(at: index))
      for parent in report.parents {
        let flow = visiting[grid.index(try #require(parent.neighbour))] * parent.pF
        #expect(close(parent.pB, flow / visiting[index], 0.05), "\(index)")
        farthest = max(farthest, abs(parent.pB - 1 / Double(report.parents.count)))
      }
    }
    #expect(farthest > 0.1)
  }

  @Test func theForwardObjectiveSeesTheBackwardPolicyThatLikelihoodMoved() throws {
    let grid = try Small.grid(side: 6)
    var configuration = Small.configuration("TB-TLM")
    configuration.optimizer.policyRate = 0
    configuration.optimizer.backwardRate = 0.01
    configuration.optimizer.logZRate = 0
    var state = try TrainingState(configuration, in: grid, seed: 3)
    let start = state
    let trainer = try Trainer(grid, state, pool)
    let report = try trainer.step(&state, batch: 16)
    let batch = trainer.forward.trajectories()
    #expect(state.networks[.backwardPolicy] != start.networks[.backwardPolicy])
    #expect(close(try trainer.gradient(state, on: batch).outputs.loss, report.loss, 1e-9))
    #expect(abs(try trainer.gradient(start, on: batch).outputs.loss - report.loss) > 1e-4)
    // The forward loss itself leaves π_B alone.
    #expect(
      try trainer.gradient(state, on: batch).gradients.keys.contains(.backwardPolicy) == false)
  }

  @Test func likelihoodGradientsAgreeWithFiniteDifferences() {
    var steps = StepValues()
    steps.offsets = [0, 1, 4]
    steps.logPF = [0, 0, 0, 0]
    steps.logPB = [0, -0.7, -0.2, 0]
    var gradients = StepGradients()
    TrajectoryLikelihood().evaluate(steps, into: &gradients)
    #expect(close(gradients.loss, 0.45, 1e-12))
    #expect(gradients.logPB == [0, -0.5, -0.5, 0])
  }

  // MARK: - What does not go together

  @Test func couplingsWithoutEffectOrFoundationAreRefused() throws {
    let grid = try Small.grid()
    var form = Small.configuration("TB-B")
    form.backward.form = .balance
    #expect(throws: CoreError.self) { try TrainingState(form, in: grid, seed: 0) }
    var exploring = Small.configuration("TB-TLM")
    exploring.exploration.epsilon = 0.1
    #expect(throws: CoreError.self) { try TrainingState(exploring, in: grid, seed: 0) }
    var replaying = Small.configuration("TB-TLM")
    replaying.exploration.replay.kind = .objects
    #expect(throws: CoreError.self) { try TrainingState(replaying, in: grid, seed: 0) }
  }
}
