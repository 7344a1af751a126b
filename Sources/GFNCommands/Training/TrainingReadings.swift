import GFNCore
import GFNLanguage

extension TrainingState {
  /// What a row says of this state and of the step that led to it, by the names of `train`'s columns:
  /// what needs no target.
  /// - Parameter report: of the last step, where there was one.
  /// - Parameter logZ: the report's is, for a log F, that of before the step.
  func readings(after report: StepReport?, logZ: Double) -> [String: Double] {
    [
      "step": Double(step), "loss": report?.loss ?? .nan, "log_z": logZ,
      "grad_norm": report?.gradientNorm ?? .nan, "entropy": report?.entropy ?? .nan,
      "length": report?.length ?? .nan, "mean_reward": report?.meanReward ?? .nan,
      "mean_log_reward": report?.meanLogReward ?? .nan,
      "evaluations": Double(discoveries.evaluations),
      "modes_found": Double(discoveries.modes.count),
      "states_visited": Double(discoveries.statesVisited),
      "step_accepted": report.map { $0.trustRegion?.isAccepted == true ? 1 : 0 } ?? .nan,
    ]
  }
}
