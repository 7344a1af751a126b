import Testing

@testable import GFNCore

/// The ablations of the policy-based objectives, proximal steps and the evaluation balance.
@Suite struct PolicyFamilyTests {
  let pool = ThreadPool(threads: 1)

  private func steps() -> StepValues {
    var steps = StepValues()
    steps.offsets = [0, 1, 4]
    steps.logPF = [-0.3, -1.2, -0.4, -0.9]
    steps.logPB = [0, -0.7, -0.2, 0]
    steps.value = [0.2, -0.4, 1.1, 0.3]
    steps.entropy = [0.5, 0.7, 0.1, 0.2]
    steps.logReward = [0.5, -1.5]
    steps.logZ = 0.8
    return steps
  }

  private func evaluate(
    _ values: StepValues, _ change: (inout PolicyGradient) -> Void
  ) -> StepGradients {
    var objective = PolicyGradient(lambda: 0.9)
    change(&objective)
    var gradients = StepGradients()
    objective.evaluate(values, into: &gradients)
    return gradients
  }

  /// Steps of one estimator along a direction, and the slope that its gradient promises.
  private func direction(_ count: Int) -> [Float] {
    var stream = RandomStream(seed: 5, .looking)
    return (0..<count).map { _ in Float(stream.uniform() - 0.5) }
  }

  private func moved(
    _ state: TrainingState, _ estimator: Estimator, _ direction: [Float], _ length: Float
  ) throws -> TrainingState {
    var moved = state
    var network = try #require(state.networks[estimator])
    for index in direction.indices { network.parameters[index] += length * direction[index] }
    moved.replace(estimator, with: network)
    return moved
  }

  @Test func withoutCriticAndCentringAdvantagesAreReturns() {
    let plain = evaluate(steps()) {
      $0.critic = .absent
      $0.isCentred = false
      $0.lambda = 1
    }
    #expect(plain.advantages == plain.valueTargets)
    #expect(plain.criticLoss == nil)
    let centred = evaluate(steps()) {
      $0.critic = .absent
      $0.lambda = 1
    }
    let mean = plain.advantages.reduce(0, +) / 4
    for (found, raw) in zip(centred.advantages, plain.advantages) {
      #expect(abs(found - (raw - mean)) < 1e-12)
    }
  }

  @Test func scaledAdvantagesHaveUnitDeviation() {
    for centres in [true, false] {
      let raw = evaluate(steps()) { $0.isCentred = centres }
      let scaled = evaluate(steps()) {
        $0.isCentred = centres
        $0.isScaled = true
      }
      let mean = scaled.advantages.reduce(0, +) / 4
      let variance = scaled.advantages.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
      #expect(abs(variance - 1) < 1e-12)
      #expect(abs(mean) < 1e-12 || !centres)
      let ratio = scaled.advantages[1] / raw.advantages[1]
      for (found, expected) in zip(scaled.advantages, raw.advantages) {
        #expect(abs(found - ratio * expected) < 1e-12)
      }
    }
  }

  @Test func equalAdvantagesAreNotDivided() {
    var values = StepValues()
    values.offsets = [0, 1, 2]
    values.logPF = [-1, -1]
    values.logPB = [0, 0]
    values.value = [0, 0]
    values.logReward = [0.25, 0.25]
    let scaled = evaluate(values) {
      $0.isCentred = false
      $0.isScaled = true
    }
    #expect(scaled.advantages == [-1.25, -1.25])
  }

  @Test func theBackwardStepTakesTheSameAblations() {
    var values = steps()
    values.logGuide = [0, -0.5, -1.1, 0]
    var settings = ObjectiveSettings()
    settings.centresAdvantages = false
    settings.critic = .absent
    var raw = StepGradients()
    BackwardPolicyGradient(settings).evaluate(values, into: &raw)
    #expect(raw.advantages == raw.valueTargets)
    settings.scalesAdvantages = true
    settings.centresAdvantages = true
    var scaled = StepGradients()
    BackwardPolicyGradient(settings).evaluate(values, into: &scaled)
    // Two steps: centred and scaled they are ±1.
    #expect(abs(abs(scaled.advantages[1]) - 1) < 1e-12)
    #expect(abs(scaled.advantages[1] + scaled.advantages[2]) < 1e-12)
    #expect(scaled.advantages[0] == 0 && scaled.advantages[3] == 0)
  }

  @Test func theEntropyBonusLowersTheLossByItsSum() {
    let plain = evaluate(steps()) { _ in }
    let bonus = evaluate(steps()) { $0.entropy = 0.4 }
    #expect(abs(bonus.loss - (plain.loss - 0.4 * 1.5 / 2)) < 1e-12)
    #expect(bonus.jF == plain.jF)
    #expect(bonus.logPF == plain.logPF)
    #expect(bonus.entropy.allSatisfy { abs($0 + 0.2) < 1e-12 })
  }

  /// Through masks, softmax and network.
  @Test func entropyGradientsAgreeWithFiniteDifferences() throws {
    for environment in try Small.all() {
      var configuration = Small.configuration("RL-U", layers: 1, hidden: 8)
      let plain = try TrainingState(configuration, in: environment, seed: 2)
      configuration.objective.entropy = 0.7
      let state = try TrainingState(configuration, in: environment, seed: 2)
      let trainer = try Trainer(environment, state, pool)
      var stream = RandomStream(seed: 8, .looking)
      let batch = try trainer.trajectories(state, count: 6, isBackward: false, from: &stream)
      let with = try trainer.gradient(state, on: batch)
      let without = try Trainer(environment, plain, pool).gradient(plain, on: batch)
      let gradient = try zip(
        #require(with.gradients[.forwardPolicy]), #require(without.gradients[.forwardPolicy])
      ).map(-)
      let direction = direction(gradient.count)
      func bonus(_ length: Float) throws -> Double {
        let report = try trainer.gradient(
          moved(state, .forwardPolicy, direction, length), on: batch)
        return report.outputs.loss - (report.outputs.jF ?? .nan)
      }
      let difference = (try bonus(2e-3) - bonus(-2e-3)) / 4e-3
      let slope = Vector.dot(gradient, direction)
      #expect(abs(slope - difference) < 1e-2 * max(abs(difference), 0.1), "\(slope) \(difference)")
    }
  }

  @Test(arguments: ["RL-U", "RL-T", "PPO-U"])
  func anEntropyBonusKeepsEntropyHigh(_ method: String) throws {
    let grid = try Small.grid(side: 6)
    func entropy(_ coefficient: Double) throws -> Double {
      var configuration = Small.configuration(method)
      configuration.objective.entropy = coefficient
      configuration.optimizer.policyRate = 0.01
      var state = try TrainingState(configuration, in: grid, seed: 1)
      let trainer = try Trainer(grid, state, pool)
      var last = StepReport()
      for _ in 0..<60 { last = try trainer.step(&state, batch: 32) }
      return last.entropy
    }
    #expect(try entropy(2) > entropy(0) + 0.05)
  }

  // MARK: - Proximal steps

  @Test func oneEpochIsThePolicyGradient() throws {
    let grid = try Small.grid(side: 6)
    func trained(_ method: String) throws -> TrainingState {
      var configuration = Small.configuration(method)
      configuration.objective.epochs = 1
      var state = try TrainingState(configuration, in: grid, seed: 1)
      let trainer = try Trainer(grid, state, pool)
      for _ in 0..<5 { _ = try trainer.step(&state, batch: 16) }
      return state
    }
    for (proximal, plain) in [("PPO-U", "RL-U"), ("PPO-B", "RL-B"), ("PPO-G", "RL-G")] {
      let one = try trained(proximal)
      let other = try trained(plain)
      #expect(one.networks == other.networks && one.logZ == other.logZ)
    }
  }

  @Test func laterEpochsMoveThePolicyAlone() throws {
    let grid = try Small.grid(side: 6)
    func trained(_ epochs: Int) throws -> TrainingState {
      var configuration = Small.configuration("PPO-U")
      configuration.objective.epochs = epochs
      var state = try TrainingState(configuration, in: grid, seed: 1)
      _ = try Trainer(grid, state, pool).step(&state, batch: 16)
      return state
    }
    let one = try trained(1)
    let four = try trained(4)
    #expect(one.networks[.forwardPolicy] != four.networks[.forwardPolicy])
    #expect(one.networks[.valueForward] == four.networks[.valueForward])
    #expect(one.logZ == four.logZ)
    #expect(four.moments[.forwardPolicy]?.steps == 4)
    #expect(four.discoveries.evaluations == 16)
  }

  @Test func theClippedSurrogateIsThePessimisticBound() {
    let surrogate = ClippedSurrogate(clip: 0.2)
    let h = 1e-6
    for advantage in [-1.7, -0.2, 0.4, 2.0] {
      for logRatio in [-0.7, -0.1, 0.0, 0.05, 0.5] {
        let value = surrogate.value(logRatio: logRatio, advantage: advantage)
        #expect(value >= exponential(logRatio) * advantage - 1e-12)
        let difference =
          (surrogate.value(logRatio: logRatio + h, advantage: advantage)
            - surrogate.value(logRatio: logRatio - h, advantage: advantage)) / (2 * h)
        let slope = surrogate.slope(logRatio: logRatio, advantage: advantage)
        #expect(abs(slope - difference) < 1e-6, "\(advantage) \(logRatio)")
      }
      #expect(surrogate.slope(logRatio: 0, advantage: advantage) == advantage)
      // An action that was dear and is already rarer than allowed gets no gradient, nor its mirror.
      #expect(surrogate.slope(logRatio: advantage > 0 ? -0.5 : 0.5, advantage: advantage) == 0)
    }
  }

  private func exponential(_ value: Double) -> Double {
    (0..<60).reversed().reduce(1.0) { 1 + $0 * value / Double($1 + 1) }
  }

  @Test func proximalGradientsAgreeWithFiniteDifferences() throws {
    let grid = try Small.grid(side: 6)
    let configuration = Small.configuration("PPO-U", layers: 1, hidden: 8)
    let state = try TrainingState(configuration, in: grid, seed: 2)
    let trainer = try Trainer(grid, state, pool)
    var stream = RandomStream(seed: 8, .looking)
    let batch = try trainer.trajectories(state, count: 12, isBackward: false, from: &stream)
    _ = try trainer.gradient(state, on: batch)
    let parameters = try #require(state.networks[.forwardPolicy]?.parameters.count)
    let direction = direction(parameters)
    let surrogate = ClippedSurrogate(clip: 0.1)
    // Away from the old policy, where some ratios are clipped.
    func evaluate(_ length: Float) throws -> (loss: Double, network: Network) {
      let moved = try moved(state, .forwardPolicy, direction, length)
      let pass = trainer.forward
      pass.forwardPolicy.removeAll()
      pass.forwardPolicy.evaluate(moved.networks[.forwardPolicy], pass.states, pool)
      pass.differentiate(surrogate)
      return (pass.gradients.loss, try #require(moved.networks[.forwardPolicy]))
    }
    let difference = (try evaluate(0.302).loss - evaluate(0.298).loss) / 0.004
    let network = try evaluate(0.3).network
    let active = trainer.forward.gradients.logPF.count { $0 != 0 }
    #expect(active > 0 && active < trainer.forward.paths.entryCount)
    var gradient = [Float](repeating: 0, count: parameters)
    trainer.forward.policyGradient(.forwardPolicy, network, into: &gradient, pool)
    let slope = Vector.dot(gradient, direction)
    #expect(abs(slope - difference) < 2e-2 * max(abs(difference), 0.5), "\(slope) \(difference)")
  }

  // MARK: - Evaluation balance

  /// The sum over partial episodes by its definition.
  private func bruteForce(_ q: [Double], _ lambda: Double) -> Double {
    var loss = 0.0
    var total = 0.0
    for first in 0..<q.count {
      for last in (first + 1)..<max(q.count, first + 1) {
        let weight = (0..<(last - first - 1)).reduce(1.0) { product, _ in product * lambda }
        loss += weight * (q[last] - q[first]) * (q[last] - q[first])
        total += weight
      }
    }
    return loss / total
  }

  @Test(arguments: [0, 0.5, 0.99, 1])
  func partialEpisodesAreTheirDefinition(_ lambda: Double) {
    let q = [0.3, -1.2, 2.5, 0.1, 0.8]
    let residuals = zip(q.dropFirst(), q).map(-)
    let sum = PartialEpisodes(lambda: lambda)
    var slopes = [Double](repeating: .nan, count: 4)
    let scale = 3 / sum.weight(steps: 4)
    let loss = sum.differentiate(residuals, 0..<4, scale: scale, into: &slopes)
    #expect(abs(loss - 3 * bruteForce(q, lambda)) < 1e-12)
    let h = 1e-6
    for index in 0..<4 {
      var more = q
      var less = q
      more[index] += h
      less[index] -= h
      let difference = 3 * (bruteForce(more, lambda) - bruteForce(less, lambda)) / (2 * h)
      #expect(abs(slopes[index] - difference) < 1e-7)
    }
  }

  @Test func evaluationBalanceGradientsAgreeWithFiniteDifferences() {
    let found = evaluate(steps()) { $0.critic = .partialEpisodes }
    let h = 1e-6
    for entry in 0..<4 {
      func loss(_ change: Double) -> Double {
        var values = steps()
        values.value[entry] += change
        return evaluate(values) { $0.critic = .partialEpisodes }.criticLoss ?? .nan
      }
      #expect(abs(found.value[entry] - (loss(h) - loss(-h)) / (2 * h)) < 1e-7)
    }
    // log Z descends the mean square of Σ r_t.
    #expect(abs(found.logZ - 2 * (found.jF ?? .nan)) < 1e-12)
    // Advantages are those of V = −E, whichever way it was fitted.
    #expect(found.advantages == evaluate(steps()) { _ in }.advantages)
  }

  @Test func evaluationBalanceVanishesAtTheReturnsOfADeterministicPath() {
    var values = steps()
    let returns = evaluate(values) { _ in }.valueTargets
    values.value = returns
    let found = evaluate(values) { $0.critic = .partialEpisodes }
    #expect(abs(found.criticLoss ?? .nan) < 1e-24)
    #expect(found.value.allSatisfy { abs($0) < 1e-12 })
  }

  @Test func atBalanceTheEvaluationFunctionIsTheFlow() throws {
    let grid = try Small.grid(dim: 2, side: 3)
    var state = try Small.balanced(grid, Small.configuration("RL-U"))
    var configuration = state.configuration
    configuration.critic.isTabular = true
    configuration.objective.critic = .partialEpisodes
    configuration.optimizer.policyRate = 0
    configuration.optimizer.logZRate = 0
    configuration.optimizer.criticRate = 0.02
    try state.configure(configuration, in: grid)
    let trainer = try Trainer(grid, state, pool)
    for _ in 0..<800 { _ = try trainer.step(&state, batch: 32) }
    var stream = RandomStream(seed: 3, .looking)
    let batch = try trainer.trajectories(state, count: 200, isBackward: false, from: &stream)
    let report = try trainer.gradient(state, on: batch)
    #expect((report.outputs.criticLoss ?? .nan) < 1e-4)
    // V(s) = log Z − log F(s) along every trajectory: 0 at s0, log Z − log R − log π_F(exit) at its end.
    for path in 0..<report.steps.count {
      let entries = report.steps.entries(path)
      #expect(abs(report.steps.value[entries.lowerBound]) < 0.02)
      let last = entries.upperBound - 1
      let flow = report.steps.logReward[path] - report.steps.logPF[last]
      #expect(abs(report.steps.value[last] - (report.steps.logZ - flow)) < 0.05)
    }
  }
}
