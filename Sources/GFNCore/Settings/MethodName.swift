/// The paper's names for an objective and a coupling in one.
package struct MethodName: Sendable {
  package var name: String
  package var summary: String
  package var objective: ObjectiveSettings.Kind
  package var backward: BackwardSettings.Kind

  package static let all: [MethodName] = [
    MethodName(
      name: "TB-U", summary: "trajectory balance, uniform π_B",
      objective: .trajectoryBalance, backward: .uniform),
    MethodName(
      name: "TB-B", summary: "trajectory balance, π_B learned by the same loss",
      objective: .trajectoryBalance, backward: .learned),
    MethodName(
      name: "DB-U", summary: "detailed balance, uniform π_B",
      objective: .detailedBalance, backward: .uniform),
    MethodName(
      name: "DB-B", summary: "detailed balance, π_B learned by the same loss",
      objective: .detailedBalance, backward: .learned),
    MethodName(
      name: "SubTB-U", summary: "sub-trajectory balance, uniform π_B",
      objective: .subTrajectoryBalance, backward: .uniform),
    MethodName(
      name: "SubTB-B", summary: "sub-trajectory balance, π_B learned by the same loss",
      objective: .subTrajectoryBalance, backward: .learned),
    MethodName(
      name: "VarGrad-U", summary: "log-partition variance, uniform π_B",
      objective: .logPartitionVariance, backward: .uniform),
    MethodName(
      name: "VarGrad-B", summary: "log-partition variance, π_B learned by the same loss",
      objective: .logPartitionVariance, backward: .learned),
    MethodName(
      name: "ModDB-U", summary: "detailed balance without log F, uniform π_B",
      objective: .modifiedDetailedBalance, backward: .uniform),
    MethodName(
      name: "ModDB-B", summary: "detailed balance without log F, π_B learned by the same loss",
      objective: .modifiedDetailedBalance, backward: .learned),
    MethodName(
      name: "FM", summary: "flow matching, which has no π_B",
      objective: .flowMatching, backward: .uniform),
    MethodName(
      name: "RL-U", summary: "policy gradient, uniform π_B",
      objective: .policyGradient, backward: .uniform),
    MethodName(
      name: "RL-B", summary: "policy gradient, π_B learned by its own policy gradient",
      objective: .policyGradient, backward: .learned),
    MethodName(
      name: "RL-G", summary: "policy gradient, π_B learned against a guide",
      objective: .policyGradient, backward: .guided),
    MethodName(
      name: "RL-T", summary: "trust-region policy gradient, uniform π_B",
      objective: .trustRegion, backward: .uniform),
    MethodName(
      name: "PPO-U", summary: "proximal policy steps, uniform π_B",
      objective: .proximalPolicy, backward: .uniform),
    MethodName(
      name: "PPO-B", summary: "proximal policy steps, π_B learned by its own policy gradient",
      objective: .proximalPolicy, backward: .learned),
    MethodName(
      name: "PPO-G", summary: "proximal policy steps, π_B learned against a guide",
      objective: .proximalPolicy, backward: .guided),
    MethodName(
      name: "TB-TLM", summary: "trajectory balance, π_B learned by likelihood",
      objective: .trajectoryBalance, backward: .likelihood),
    MethodName(
      name: "RL-TLM", summary: "policy gradient, π_B learned by likelihood",
      objective: .policyGradient, backward: .likelihood),
  ]

  package static func named(_ name: String) -> MethodName? {
    all.first { $0.name.lowercased() == name.lowercased() }
  }

  /// The name of a configuration's objective and coupling, if it has one.
  package static func of(_ configuration: Configuration) -> MethodName? {
    all.first {
      $0.objective == configuration.objective.kind && $0.backward == configuration.backward.kind
    }
  }
}
