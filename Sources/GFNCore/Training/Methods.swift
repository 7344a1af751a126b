/// The paper's names for an objective and a coupling in one.
public struct MethodName: Sendable {
  public var name: String
  public var summary: String
  public var objective: ObjectiveSettings.Kind
  public var backward: BackwardSettings.Kind

  public static let all: [MethodName] = [
    MethodName(
      name: "TB-U", summary: "trajectory balance, uniform π_B",
      objective: .trajectoryBalance, backward: .uniform),
    MethodName(
      name: "TB-B", summary: "trajectory balance, π_B learned by the same loss",
      objective: .trajectoryBalance, backward: .learned),
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
  ]

  public static func named(_ name: String) -> MethodName? {
    all.first { $0.name.lowercased() == name.lowercased() }
  }

  /// The name of a configuration's objective and coupling, if it has one.
  public static func of(_ configuration: Configuration) -> MethodName? {
    all.first {
      $0.objective == configuration.objective.kind && $0.backward == configuration.backward.kind
    }
  }
}
