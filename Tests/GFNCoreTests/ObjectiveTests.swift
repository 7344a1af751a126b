import Testing

@testable import GFNCore

@Suite struct ObjectiveTests {
  let pool = ThreadPool(threads: 1)

  /// Two trajectories of one and three entries with arbitrary numbers.
  private func steps() -> StepValues {
    var steps = StepValues()
    steps.offsets = [0, 1, 4]
    steps.logPF = [-0.3, -1.2, -0.4, -0.9]
    steps.logPB = [0, -0.7, -0.2, 0]
    steps.logGuide = [0, -0.5, -1.1, 0]
    steps.value = [0.2, -0.4, 1.1, 0.3]
    steps.logReward = [0.5, -1.5]
    steps.logZ = 0.8
    return steps
  }

  @Test func trajectoryBalanceIsItsFormula() {
    var gradients = StepGradients()
    TrajectoryBalance().evaluate(steps(), into: &gradients)
    let first = 0.8 - 0.3 - 0.5
    let second = 0.8 - 2.5 + 1.5 + 0.9
    #expect(abs(gradients.loss - (first * first + second * second) / 2) < 1e-12)
    #expect(abs(gradients.logZ - (first + second)) < 1e-12)
    for (found, expected) in zip(gradients.logPF, [first, second, second, second]) {
      #expect(abs(found - expected) < 1e-12)
    }
    for (found, expected) in zip(gradients.logPB, [0, -second, -second, 0]) {
      #expect(abs(found - expected) < 1e-12)
    }
  }

  @Test func trajectoryBalanceGradientAgreesWithFiniteDifferences() {
    let h = 1e-6
    func loss(_ change: (inout StepValues) -> Void) -> Double {
      var values = steps()
      change(&values)
      var gradients = StepGradients()
      TrajectoryBalance().evaluate(values, into: &gradients)
      return gradients.loss
    }
    var gradients = StepGradients()
    TrajectoryBalance().evaluate(steps(), into: &gradients)
    for entry in 0..<4 {
      let slope = (loss { $0.logPF[entry] += h } - loss { $0.logPF[entry] -= h }) / (2 * h)
      #expect(abs(slope - gradients.logPF[entry]) < 1e-6)
    }
    for entry in [1, 2] {
      let slope = (loss { $0.logPB[entry] += h } - loss { $0.logPB[entry] -= h }) / (2 * h)
      #expect(abs(slope - gradients.logPB[entry]) < 1e-6)
    }
  }

  @Test func advantagesAtLambdaOneAreReturnsMinusBaseline() {
    var gradients = StepGradients()
    let values = steps()
    PolicyGradient(lambda: 1).evaluate(values, into: &gradients)
    let raw = zip(gradients.valueTargets, values.value).map(-)
    let mean = raw.reduce(0, +) / 4
    for (found, expected) in zip(gradients.advantages, raw) {
      #expect(abs(found - (expected - mean)) < 1e-12)
    }
    // Σ r_t of the second trajectory: log P_F − log P_B − log R + log Z.
    #expect(abs(gradients.valueTargets[1] - (-2.5 + 0.9 + 1.5 + 0.8)) < 1e-12)
    #expect(abs((gradients.jF ?? .nan) - gradients.logZ) < 1e-12)
  }

  @Test func advantagesAtLambdaZeroAreOneStepErrors() {
    var gradients = StepGradients()
    let values = steps()
    PolicyGradient(lambda: 0).evaluate(values, into: &gradients)
    let raw = [
      gradients.rewards[0] - 0.2, gradients.rewards[1] + 1.1 + 0.4,
      gradients.rewards[2] + 0.3 - 1.1, gradients.rewards[3] - 0.3,
    ]
    let mean = raw.reduce(0, +) / 4
    for (found, expected) in zip(gradients.advantages, raw) {
      #expect(abs(found - (expected - mean)) < 1e-12)
    }
    #expect(abs(gradients.advantages.reduce(0, +)) < 1e-12)
  }

  @Test func backwardAdvantagesStartAtTheObject() {
    var gradients = StepGradients()
    BackwardPolicyGradient(ObjectiveSettings()).evaluate(steps(), into: &gradients)
    // The trajectory of one entry has no backward step.
    #expect(gradients.rewards[0] == 0 && gradients.advantages[0] == 0)
    #expect(abs(gradients.rewards[1] - (-0.7 + 0.5)) < 1e-12)
    #expect(abs(gradients.rewards[2] - (-0.2 + 1.1)) < 1e-12)
    #expect(abs(gradients.valueTargets[2] - (0.9 - 0.2)) < 1e-12)
    let raw = [-0.2 - 1.1, 0.7 - 0.3]
    let mean = (raw[0] + raw[1]) / 2
    #expect(abs(gradients.advantages[1] - (raw[0] - mean)) < 1e-12)
    #expect(abs(gradients.advantages[2] - (raw[1] - mean)) < 1e-12)
    #expect(gradients.logPB[3] == 0)
  }

  @Test func lossesAndReturnsVanishAtBalance() throws {
    for environment in try Small.all() {
      let tb = try Small.balanced(environment, Small.configuration("TB-U"))
      var stream = RandomStream(seed: 4, .looking)
      let trainer = try Trainer(environment, tb, pool)
      let batch = try trainer.trajectories(tb, count: 64, isBackward: false, from: &stream)
      let balance = try trainer.gradient(tb, on: batch)
      #expect(balance.outputs.loss < 1e-9)
      let rl = try Small.balanced(environment, Small.configuration("RL-U"))
      let report = try Trainer(environment, rl, pool).gradient(rl, on: batch)
      #expect(abs(report.outputs.jF ?? .nan) < 1e-5)
      // Without a critic the return from s_t is log Z − log F(s_t): 0 from the start only.
      for path in 0..<report.steps.count {
        #expect(abs(report.outputs.valueTargets[report.steps.offsets[path]]) < 1e-5)
      }
      let learned = try #require(
        try ExactEvaluation(environment, pool).terminatingProbabilities(tb))
      let target = try TargetDistribution(environment)
      let metrics = DistributionPair(learned: learned, target: target)
      #expect(metrics.tv < 1e-6)
      #expect(abs(metrics.accuracy - 1) < 1e-6)
      #expect(abs(target.logZ - tb.logZ) < 1e-12)
    }
  }

  /// The gradient of the loss itself, through masks, softmax and network, on a fixed batch.
  @Test(arguments: [
    "TB-U", "TB-B", "DB-B", "SubTB-B", "VarGrad-B", "ModDB-B", "FM",
  ])
  func parameterGradientsAgreeWithFiniteDifferences(_ method: String) throws {
    for environment in try Small.all()
    where !method.hasPrefix("ModDB") || environment.everyStateTerminates {
      let state = try TrainingState(
        Small.configuration(method, layers: 1, hidden: 8), in: environment, seed: 2)
      let trainer = try Trainer(environment, state, pool)
      var stream = RandomStream(seed: 8, .looking)
      let batch = try trainer.trajectories(state, count: 6, isBackward: false, from: &stream)
      let report = try trainer.gradient(state, on: batch)
      for (estimator, gradient) in report.gradients.sorted(by: { $0.key.rawValue < $1.key.rawValue }
      ) {
        let direction = gradient.map { _ in Float(stream.uniform() - 0.5) }
        func loss(_ step: Float) throws -> Double {
          var moved = state
          var network = try #require(state.networks[estimator])
          for index in direction.indices { network.parameters[index] += step * direction[index] }
          moved.replace(estimator, with: network)
          return try trainer.gradient(moved, on: batch).outputs.loss
        }
        let h: Float = 2e-3
        let near = h / 4
        let slope = Vector.dot(gradient, direction)
        // A ReLU's kink between the points makes a difference the mean of two slopes; the gradient is
        // then the slope on one side of it.
        let differences = [
          (try loss(h) - loss(-h)) / Double(2 * h), (try loss(near) - loss(0)) / Double(near),
          (try loss(0) - loss(-near)) / Double(near),
        ]
        #expect(
          differences.contains { abs(slope - $0) < 2e-2 * max(abs($0), 0.5) },
          "\(method) \(estimator) \(slope) \(differences)")
      }
    }
  }
}
