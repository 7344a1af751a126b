/// The estimators a training state may hold; the raw value is the prefix of their tensors' names.
package enum Estimator: String, Sendable, CaseIterable {
  case forwardPolicy = "pf"
  case backwardPolicy = "pb"
  case valueForward = "value_forward"
  case valueBackward = "value_backward"
  /// log F(s), and log F(s → s'), whose masked softmax is flow matching's forward policy.
  case stateFlow = "log_state_flow"
  case edgeFlow = "log_edge_flow"

  package var isCritic: Bool { self == .valueForward || self == .valueBackward }
  /// It has one output a state.
  var isOfStates: Bool { isCritic || self == .stateFlow }
}
