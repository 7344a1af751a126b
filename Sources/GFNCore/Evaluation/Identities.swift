import Glibc

/// The exact identities, as pure functions of a graph, a policy on it and its values. log R is clipped on
/// both sides, Z* included, as training sees it.
struct Identities {
  let graph: StateGraph
  let policy: GraphPolicy
  let values: ExactValues

  init(_ graph: StateGraph, _ policy: GraphPolicy) {
    self.init(graph, policy, ExactValues(graph, policy))
  }

  init(_ graph: StateGraph, _ policy: GraphPolicy, _ values: ExactValues) {
    self.graph = graph
    self.policy = policy
    self.values = values
  }

  /// With π_B and the sampling distribution held, `∇_θ ½ E_{P_F}[L_TB] = ∇_θ J_F` for the parameters θ of
  /// π_F (Niu et al. 2024, arXiv:2408.05885, proposition 1), and `∂(½ E[L_TB])/∂log Z = J_F`, while
  /// `∂J_F/∂log Z = Σ_x P_F(x) = 1`.
  ///
  /// The left sides come from the recursion over prefixes, the right ones from backward induction.
  /// - Parameter pull: takes gradients with respect to logits back to the parameters.
  func gradient(_ pull: ([[Double]]) -> [[Float]]) -> [IdentityCheck] {
    let balance = values.trajectoryBalanceGradient(graph, policy)
    let exact = values.gradient(graph, policy)
    let pulled = pull([balance.logits, exact, zip(balance.logits, exact).map { $0 - $1 }])
      .map { Vector.norm($0) }
    guard pulled.count == 3 else { return [] }
    return [
      IdentityCheck(
        .gradient, "‖∇ ½E[L_TB]‖ and ‖∇J_F‖, norm of the difference", pulled[0], pulled[1],
        difference: pulled[2]),
      IdentityCheck(.gradient, "∂½E[L_TB]/∂log Z and J_F", balance.logZ, values.jF),
      IdentityCheck(
        .gradient, "∂J_F/∂log Z and 1", values.terminating.reduce(0, +), 1),
    ]
  }

  /// `J_F + log Z* − log Z = KL(P_F(τ) ‖ P_B(τ|x) P*(x)) ≥ KL(P_F(x) ‖ P*(x)) ≥ 2 TV²`: the data
  /// processing and Pinsker inequalities, in nats, TV half the L1 distance.
  ///
  /// The middle is computed from the end of the trajectories: given x, the states before it are a Markov
  /// chain with the transitions `u(s) π_F(a|s)/u(s')`, so by the chain rule
  /// `KL(P_F(τ) ‖ P_B P*) = KL(P_F(x) ‖ P*(x)) + Σ_{s → s'} u(s) π_F(a|s) log(u(s) π_F(a|s) / (u(s') π_B(b|s')))`.
  func kl() -> [IdentityCheck] {
    let logZ = graph.logZ
    var ends = 0.0
    var tv = 0.0
    var ways = 0.0
    for state in 0..<graph.states {
      if !graph.logReward[state].isNaN {
        let p = values.terminating[state]
        let logTarget = graph.logReward[state] - logZ
        if p > 0 { ends += p * (log(p) - logTarget) }
        tv += abs(p - exp(logTarget)) / 2
      }
      for edge in graph.edges(state) where graph.children[edge] >= 0 {
        let flow = values.visiting[state] * exp(policy.logPF[edge])
        guard flow > 0 else { continue }
        let inflow = values.visiting[Int(graph.children[edge])]
        ways += flow * (log(flow) - log(inflow) - policy.logPB[edge])
      }
    }
    return [
      IdentityCheck(
        .kl, "J_F + log Z* − log Z and KL(P_F(τ) ‖ P_B P*)", values.jF + logZ - policy.logZ,
        ends + ways),
      IdentityCheck(
        .kl, "KL(P_F(τ) ‖ P_B P*) ≥ KL(P_F(x) ‖ P*)", ends + ways, ends, .atLeast),
      IdentityCheck(.kl, "KL(P_F(x) ‖ P*) ≥ 2 TV²", ends, 2 * tv * tv, .atLeast),
    ]
  }

  /// The performance difference (after Kakade & Langford 2002), π_B and log Z held, over all steps, exit
  /// included: `J_F(π') − J_F(π) = E_{P_F'}[Σ_t A_F^π(s_t, a_t) + KL(π'(·|s_t) ‖ π(·|s_t))]`. The KL stands
  /// there because the costs themselves depend on the policy.
  func difference(_ other: GraphPolicy) -> [IdentityCheck] {
    let otherValues = ExactValues(graph, other)
    var right = 0.0
    for state in 0..<graph.states {
      for edge in graph.edges(state) {
        let flow = otherValues.visiting[state] * exp(other.logPF[edge])
        let advantage = values.actionValue[edge] - values.value[state]
        right += flow * (advantage + other.logPF[edge] - policy.logPF[edge])
      }
    }
    return [
      IdentityCheck(
        .difference, "J_F(π') − J_F(π) and E'[Σ A_F + KL(π' ‖ π)]",
        otherValues.jF - values.jF, right)
    ]
  }

  /// At balance `r(s, a) = log F(s') − log F(s)`, the costs of a way add up to its ends, and
  /// `V_F(s) = log Z − log F(s)` with log Z the parameter: every advantage is 0 and P_F is P*. Shown on
  /// `policy.balanced(on:)`.
  /// - Parameter logFlow: log F by state.
  func balance(_ logFlow: [Double]) -> [IdentityCheck] {
    let logZ = graph.logZ
    var valueError = 0.0
    var advantage = 0.0
    var tv = 0.0
    for state in 0..<graph.states {
      valueError = max(valueError, abs(values.value[state] - policy.logZ + logFlow[state]))
      for edge in graph.edges(state) {
        advantage = max(advantage, abs(values.actionValue[edge] - values.value[state]))
      }
      if !graph.logReward[state].isNaN {
        tv += abs(values.terminating[state] - exp(graph.logReward[state] - logZ)) / 2
      }
    }
    return [
      IdentityCheck(
        .balance, "greatest |V_F(s) − (log Z − log F(s))| and 0", valueError, 0),
      IdentityCheck(.balance, "greatest |A_F(s, a)| and 0", advantage, 0),
      IdentityCheck(.balance, "TV and 0", tv, 0),
      IdentityCheck(.balance, "J_F and log Z − log Z*", values.jF, policy.logZ - logZ),
    ]
  }
}
