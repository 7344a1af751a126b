import Glibc

/// Exact values of a policy on a graph, by induction over its states (Niu et al. 2024,
/// arXiv:2408.05885, sections 3 and 4): costs
/// `r(s, a) = log π_F(a|s) − log π_B(b|s')`, at exit `log π_F(exit|x) − log R(x) + log Z`,
/// `Q_F(s, a) = r(s, a) + V_F(s')`, `V_F(s) = Σ_a π_F(a|s) Q_F(s, a)`, `J_F = V_F(s0)`.
///
/// log R is clipped as in training.
struct ExactValues: Sendable {
  /// u(s), the probability that a trajectory visits a state, by state.
  var visiting: [Double]
  /// P_F(x) by state; 0 where a state does not terminate.
  var terminating: [Double]
  /// r by edge.
  var costs: [Double]
  /// V_F by state.
  var value: [Double]
  /// Q_F by edge.
  var actionValue: [Double]

  var jF: Double { value[0] }

  init(_ graph: StateGraph, _ policy: GraphPolicy) {
    visiting = [Double](repeating: 0, count: graph.states)
    terminating = visiting
    value = visiting
    costs = [Double](repeating: 0, count: graph.edgeCount)
    actionValue = costs
    visiting[0] = 1
    for state in 0..<graph.states {
      for edge in graph.edges(state) {
        let flow = visiting[state] * exp(policy.logPF[edge])
        let child = Int(graph.children[edge])
        if child < 0 {
          terminating[state] = flow
          costs[edge] = policy.logPF[edge] - graph.logReward[state] + policy.logZ
        } else {
          visiting[child] += flow
          costs[edge] = policy.logPF[edge] - policy.logPB[edge]
        }
      }
    }
    for state in (0..<graph.states).reversed() {
      for edge in graph.edges(state) {
        let child = Int(graph.children[edge])
        actionValue[edge] = costs[edge] + (child < 0 ? 0 : value[child])
        value[state] += exp(policy.logPF[edge]) * actionValue[edge]
      }
    }
  }

  /// ∂J_F/∂logit by edge. In `∇J_F = Σ_s u(s) Σ_a (∇π_F(a|s) Q_F(s, a) + π_F(a|s) ∇log π_F(a|s))` the
  /// second sum, which is the dependence of the costs themselves, vanishes, and with
  /// `∂π_b/∂logit_a = π_b ([a = b] − π_a)` what is left is `u(s) π_F(a|s) (Q_F(s, a) − V_F(s))`.
  func gradient(_ graph: StateGraph, _ policy: GraphPolicy) -> [Double] {
    var gradient = [Double](repeating: 0, count: graph.edgeCount)
    for state in 0..<graph.states {
      for edge in graph.edges(state) {
        gradient[edge] =
          visiting[state] * exp(policy.logPF[edge]) * (actionValue[edge] - value[state])
      }
    }
    return gradient
  }

  /// The gradient of `½ E_{P_F}[L_TB]` with the sampling distribution held.
  struct TrajectoryBalanceGradient: Sendable {
    /// ∂/∂logit by edge.
    var logits: [Double]
    /// ∂/∂log Z.
    var logZ: Double
  }

  /// `∇ ½ δ² = δ Σ_t ∇log π_F(a_t|s_t)` for the residual δ = Σ_t r_t of a trajectory. Its mean needs
  /// `E[δ|s, a] = C(s) + r(s, a) + V_F(s')`, with C(s) the mean cost of the way to s, by a recursion
  /// forward over `D(s) = u(s) C(s)`: `D(s') = Σ_{(s, a) → s'} π_F(a|s) (D(s) + u(s) r(s, a))`. With
  /// `w(s, a) = π_F(a|s) (D(s) + u(s) Q_F(s, a))` the logits' gradient is `w(s, a) − π_F(a|s) Σ_b w(s, b)`.
  ///
  /// ∂/∂log Z is E[δ]: what the recursion brings to the exits.
  func trajectoryBalanceGradient(
    _ graph: StateGraph, _ policy: GraphPolicy
  ) -> TrajectoryBalanceGradient {
    var result = TrajectoryBalanceGradient(
      logits: [Double](repeating: 0, count: graph.edgeCount), logZ: 0)
    var prefix = [Double](repeating: 0, count: graph.states)
    for state in 0..<graph.states {
      let edges = graph.edges(state)
      var sum = 0.0
      for edge in edges {
        let probability = exp(policy.logPF[edge])
        let cost = probability * (prefix[state] + visiting[state] * costs[edge])
        let child = Int(graph.children[edge])
        if child < 0 { result.logZ += cost } else { prefix[child] += cost }
        result.logits[edge] =
          probability * (prefix[state] + visiting[state] * actionValue[edge])
        sum += result.logits[edge]
      }
      for edge in edges { result.logits[edge] -= exp(policy.logPF[edge]) * sum }
    }
    return result
  }
}
