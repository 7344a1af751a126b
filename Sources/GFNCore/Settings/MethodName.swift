/// The paper's names for an objective and a coupling in one.
package struct MethodName: Sendable {
  package var name: String
  package var summary: String
  package var objective: ObjectiveSettings.Kind
  package var backward: BackwardSettings.Kind

  /// The letters that name the objective, with the couplings that go with it.
  private static let families:
    [(letters: String, text: String, ObjectiveSettings.Kind, couplings: [BackwardSettings.Kind])] =
      [
        ("TB", "trajectory balance", .trajectoryBalance, [.uniform, .learned]),
        ("DB", "detailed balance", .detailedBalance, [.uniform, .learned]),
        ("SubTB", "sub-trajectory balance", .subTrajectoryBalance, [.uniform, .learned]),
        ("VarGrad", "log-partition variance", .logPartitionVariance, [.uniform, .learned]),
        (
          "ModDB", "detailed balance without log F", .modifiedDetailedBalance, [.uniform, .learned]
        ),
        ("FM", "flow matching", .flowMatching, [.uniform]),
        ("RL", "policy gradient", .policyGradient, [.uniform, .learned, .guided]),
        ("RL", "trust-region policy gradient", .trustRegion, [.uniform]),
        ("PPO", "proximal policy steps", .proximalPolicy, [.uniform, .learned, .guided]),
        ("TB", "trajectory balance", .trajectoryBalance, [.likelihood]),
        ("RL", "policy gradient", .policyGradient, [.likelihood]),
      ]

  package static let all: [MethodName] = families.flatMap { letters, text, objective, couplings in
    couplings.map { backward in
      let (suffix, coupling) = coupling(backward, of: objective)
      return MethodName(
        name: letters + suffix, summary: "\(text), \(coupling)", objective: objective,
        backward: backward)
    }
  }

  /// The letters of a coupling, and what they mean.
  private static func coupling(
    _ backward: BackwardSettings.Kind, of objective: ObjectiveSettings.Kind
  ) -> (suffix: String, text: String) {
    switch backward {
    case .uniform where objective == .flowMatching: ("", "which has no π_B")
    case .uniform: (objective == .trustRegion ? "-T" : "-U", "uniform π_B")
    case .learned where objective.isPolicyBased: ("-B", "π_B learned by its own policy gradient")
    case .learned: ("-B", "π_B learned by the same loss")
    case .guided: ("-G", "π_B learned against a guide")
    case .maximumEntropy: ("-MaxEnt", "π_B by path counts")
    case .likelihood: ("-TLM", "π_B learned by likelihood")
    }
  }

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
