import Foundation
import GFNParameters
import Testing

@testable import GFNCore

/// The same weights and trajectories give the numbers that the paper's authors' code computed.
@Suite struct ParityTests {
  @Test(arguments: Fixture.cases, [BackwardSettings.Kind.uniform, .learned])
  func trajectoryBalanceMatches(_ name: String, _ backward: BackwardSettings.Kind) throws {
    let fixture = try Fixture(name) { $0.backward.kind = backward }
    let method = backward == .uniform ? "TB-U" : "TB-B"
    let report = try fixture.trainer().gradient(
      fixture.state, on: fixture.trajectories(backward: false))
    try fixture.expect(report.outputs.loss, matchScalar: "\(method).loss")
    try fixture.expect(report.outputs.logZ, matchScalar: "\(method).grad.logZ")
    #expect(report.gradients.count == (backward == .uniform ? 1 : 2))
    try fixture.expect(report, matchGradients: method)
    for (found, expected) in zip(report.steps.logReward, fixture.json.logReward) {
      #expect(abs(found - expected) < 1e-4)
    }
  }

  /// The authors' detailed balance does not run on append-prepend.
  @Test(arguments: Fixture.cases, [BackwardSettings.Kind.uniform, .learned])
  func flowsOfStatesMatch(_ name: String, _ backward: BackwardSettings.Kind) throws {
    let suffix = backward == .uniform ? "-U" : "-B"
    for (kind, prefix) in [
      (ObjectiveSettings.Kind.detailedBalance, "DB"), (.subTrajectoryBalance, "SubTB0.9"),
    ] where prefix != "DB" || name != "tfbind8_append_prepend" {
      let fixture = try Fixture(name) {
        $0.objective.kind = kind
        $0.backward.kind = backward
      }
      let report = try fixture.trainer().gradient(
        fixture.state, on: fixture.trajectories(backward: false))
      try fixture.expect(report.outputs.loss, matchScalar: "\(prefix)\(suffix).loss")
      let trained: Set<Estimator> = [.forwardPolicy, .stateFlow]
      #expect(
        Set(report.gradients.keys)
          == (backward == .uniform ? trained : trained.union([.backwardPolicy])))
      try fixture.expect(report, matchGradients: "\(prefix)\(suffix)")
    }
  }

  @Test(arguments: Fixture.cases.filter { $0.hasPrefix("hypergrid") })
  func flowMatchingMatches(_ name: String) throws {
    let fixture = try Fixture(name) { $0.objective.kind = .flowMatching }
    let report = try fixture.trainer().gradient(
      fixture.state, on: fixture.trajectories(backward: false))
    try fixture.expect(report.outputs.loss, matchScalar: "FM.loss")
    #expect(Set(report.gradients.keys) == [.edgeFlow])
    try fixture.expect(report, matchGradients: "FM")
  }

  @Test(arguments: Fixture.cases, [0.99, 0.5])
  func policyGradientMatches(_ name: String, _ lambda: Double) throws {
    for backward in [BackwardSettings.Kind.uniform, .learned] {
      let fixture = try Fixture(name) {
        $0.objective.kind = .policyGradient
        $0.objective.lambda = lambda
        $0.backward.kind = backward
      }
      let method = (backward == .uniform ? "RL-U" : "RL-B") + ".lambda\(lambda)"
      let report = try fixture.trainer().gradient(
        fixture.state, on: fixture.trajectories(backward: false))
      try fixture.expect(report.outputs.jF ?? .nan, matchScalar: "\(method).J_F")
      try fixture.expect(report.outputs.logZ, matchScalar: "\(method).grad.logZ")
      #expect(Set(report.gradients.keys) == [.forwardPolicy, .valueForward])
      try fixture.expect(report, matchGradients: method)
      try fixture.expect(
        report, matchDetails: ["log_pf", "rewards", "values", "advantages", "value_targets"],
        of: method)
    }
  }

  @Test(arguments: Fixture.cases)
  func backwardStepMatches(_ name: String) throws {
    for backward in [BackwardSettings.Kind.learned, .guided] {
      // The fixtures hold no replay guide.
      if backward == .guided, name.hasPrefix("tfbind8") { continue }
      let fixture = try Fixture(name) {
        $0.objective.kind = .policyGradient
        $0.backward.kind = backward
        if name.hasPrefix("bayesnet") { $0.backward.threshold = 75 }
      }
      let method = backward == .learned ? "RL-B.backward" : "RL-G.backward"
      let report = try fixture.trainer().gradient(
        fixture.state, on: fixture.trajectories(backward: true))
      #expect(Set(report.gradients.keys) == [.backwardPolicy, .valueBackward])
      try fixture.expect(report, matchGradients: method)
      try fixture.expect(
        report,
        matchDetails: ["log_pb", "log_guide", "rewards", "values", "advantages", "value_targets"],
        of: method)
    }
  }

  @Test(arguments: Fixture.cases)
  func trustRegionMatches(_ name: String) throws {
    let fixture = try Fixture(name) { $0.objective.kind = .trustRegion }
    let trainer = try fixture.trainer()
    let report = try trainer.gradient(fixture.state, on: fixture.trajectories(backward: false))
    let shape = try fixture.state.shape(.forwardPolicy, in: fixture.environment)
    let gradient = try #require(report.gradients[.forwardPolicy])
    try fixture.expect(Network.pyTorchOrder(gradient, shape), match: "TRPO.gradient")
    let probe = try #require(fixture.arrays.tensors["TRPO.probe_vector"]).values
    let product = trainer.fisherProduct(fixture.state, Network.internalOrder(probe, shape))
    try fixture.expect(
      Network.pyTorchOrder(product, shape), match: "TRPO.fisher_vector_product")
  }

  /// The measured table gives the rewards and the modes of the fixture, where it is at hand.
  @Test(.enabled(if: Fixture.measurements != nil, "SIX6_REF_R1_8mers.txt is not at hand"))
  func measuredRewardsMatch() throws {
    let path = try #require(Fixture.measurements)
    let options = Options([("preset", .text("tfbind8")), ("rewards", .text(path))])
    let task = try SequenceTask(
      options, FileReader { [UInt8](try Data(contentsOf: URL(filePath: $0))) })
    let fixture = try Fixture("tfbind8_append_prepend") { _ in }
    let target = try TargetDistribution(FillSequence(task))
    try fixture.expect(target.probabilities.map { Float($0) }, match: "exact.target_pmf")
    try fixture.expect(target.logZ, matchScalar: "exact.logZ")
    #expect(task.modes?.total == 328)
  }

  @Test(arguments: ["hypergrid_2d_h8", "hypergrid_3d_h6", "tfbind8_append_prepend", "bayesnet_4"])
  func exactDistributionsMatch(_ name: String) throws {
    let fixture = try Fixture(name) { _ in }
    let target = try TargetDistribution(fixture.environment)
    let order = fixture.terminatingOrder
    func inOrder(_ values: [Double]) -> [Float] {
      order.map { $0.map { Float(values[$0]) } } ?? values.map { Float($0) }
    }
    try fixture.expect(inOrder(target.probabilities), match: "exact.target_pmf")
    let evaluation = ExactEvaluation(fixture.environment, fixture.pool)
    let learned = try #require(try evaluation.terminatingProbabilities(fixture.state))
    try fixture.expect(inOrder(learned), match: "exact.terminating_pmf")
    let metrics = DistributionPair(learned: learned, target: target)
    try fixture.expect(metrics.tv, matchScalar: "exact.tv")
    try fixture.expect(metrics.jsd, matchScalar: "exact.jsd")
    // The sequences' rewards are known here only up to the scale that makes their greatest 10,
    // which is the authors' too.
    try fixture.expect(target.logZ, matchScalar: "exact.logZ")
  }
}
