/// What a comparison measures of a training state.
package enum ComparisonMeasure: String, Sendable, CaseIterable {
  case tv
  case jsd
  case klTarget = "kl_target"
  case klLearned = "kl_learned"
  case accuracy
  case logZError = "log_z_error"
  case meanReward = "mean_reward"
  case meanLogReward = "mean_log_reward"
  case modesFound = "modes_found"
  case statesVisited = "states_visited"

  /// Needs the target distribution, so an environment that can be enumerated.
  package var isExact: Bool {
    switch self {
    case .tv, .jsd, .klTarget, .klLearned, .accuracy, .logZError: true
    case .meanReward, .meanLogReward, .modesFound, .statesVisited: false
    }
  }

  /// Needs P_F by dynamic programming.
  var needsLearned: Bool { isExact && self != .logZError }
}
