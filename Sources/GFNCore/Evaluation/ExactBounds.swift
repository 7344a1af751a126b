import Glibc

/// J_F and the two bounds on log Z*, exactly.
package struct ExactBounds: Sendable, Equatable {
  /// With log R clipped, as it is trained, and the log Z that the method reports; NaN where there is none.
  package var jF: Double
  /// `E_{P_F(τ)}[log R(x) + log P_B(τ|x) − log P_F(τ)] ≤ log Z*`, with log R as it is.
  package var elbo: Double
  /// The same mean over x ~ P* and trajectories backward from it with π_B; `≥ log Z*`.
  package var eubo: Double

  /// - Throws: `CoreError.tooLarge` beyond `StateGraph.mostStates`, `.conflict` where J_F is infinite.
  package init(_ environment: any Environment, _ state: TrainingState, _ pool: ThreadPool) throws {
    let graph = try StateGraph(environment)
    let policy = try GraphPass(graph, state, pool).policy()
    let values = ExactValues(graph, policy)
    // log Z stands in the last cost alone.
    jF = values.jF - policy.logZ + (try state.reportedLogZ(in: environment, pool))
    let logReward = (0..<graph.states).map { index in
      graph.logReward[index].isNaN
        ? -.infinity
        : environment.state(at: index).withUnsafeBufferPointer {
          $0.baseAddress.map(environment.logReward) ?? .nan
        }
    }
    let logZ = logSumExp(logReward)
    elbo = policy.logZ - values.jF
    for index in logReward.indices where values.terminating[index] > 0 {
      elbo += values.terminating[index] * (logReward[index] - graph.logReward[index])
    }
    // Flows backward: from P* at the exits along π_B. Edges go up, so that a state's own flow is
    // complete before its parents are reached.
    eubo = 0
    var flow = logReward.map { exp($0 - logZ) }
    for index in (0..<graph.states).reversed() {
      for edge in graph.edges(index) {
        let child = Int(graph.children[edge])
        let along: Double
        if child < 0 {
          along = exp(logReward[index] - logZ)
          if along > 0 { eubo += along * (logReward[index] - policy.logPF[edge]) }
        } else {
          along = flow[child] * exp(policy.logPB[edge])
          flow[index] += along
          eubo += along * (policy.logPB[edge] - policy.logPF[edge])
        }
      }
    }
  }
}
