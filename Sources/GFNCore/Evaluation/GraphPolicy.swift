import Glibc

/// Both policies on every edge of a graph, normalised in Float64, with the log Z that stands beside
/// them.
///
/// Networks speak in Float32, whose probabilities add up to 1 within 1e-7 only. Identities hold for
/// policies, so the rounded numbers are normalised again: what is examined is the policy that they make.
struct GraphPolicy: Sendable {
  /// log π_F(a|s) by edge, exit included.
  var logPF: [Double]
  /// log π_B(b|s') by edge; 0 at exit.
  var logPB: [Double]
  var logZ: Double

  /// The policy that balances every edge against this π_B,
  /// `π_F(a|s) = F(s') π_B(b|s') / F(s)`, with the flows by backward induction:
  /// `F(s) = Σ_a F(s') π_B(b|s')`, and R(x) at exit.
  /// - Returns: the policy with this log Z, and log F by state.
  func balanced(on graph: StateGraph) -> (policy: GraphPolicy, logFlow: [Double]) {
    var policy = self
    var logFlow = [Double](repeating: -.infinity, count: graph.states)
    for state in (0..<graph.states).reversed() {
      let edges = graph.edges(state)
      for edge in edges {
        let child = Int(graph.children[edge])
        policy.logPF[edge] =
          child < 0 ? graph.logReward[state] : logFlow[child] + logPB[edge]
      }
      logFlow[state] = logSumExp(policy.logPF[edges])
      for edge in edges { policy.logPF[edge] -= logFlow[state] }
    }
    return (policy, logFlow)
  }

  /// Another forward policy: every logit is moved by a number uniform in ±`size`.
  func perturbed(
    on graph: StateGraph, size: Double, from stream: inout RandomStream
  ) -> GraphPolicy {
    var policy = self
    for state in 0..<graph.states {
      let edges = graph.edges(state)
      for edge in edges { policy.logPF[edge] += size * (2 * stream.uniform() - 1) }
      let sum = logSumExp(policy.logPF[edges])
      for edge in edges { policy.logPF[edge] -= sum }
    }
    return policy
  }
}
