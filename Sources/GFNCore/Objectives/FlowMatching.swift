import Glibc

/// Flow matching (Bengio et al. 2021, arXiv:2106.04399, eq. 12): what flows into a state flows out of
/// it, `(log Σ_parents F(p → s) − log Σ_children F(s → c))²` with R(s) as the flow of the exit, averaged
/// over the visited states that are not s0, each as often as it is visited; and
/// `(log F(x → sf) − log R(x))²`, averaged over the trajectories' ends. Both logarithms are of a sum with
/// `epsilon`, and log R is as it is. There is no π_B in it.
package struct FlowMatching: Objective {
  /// Added to both flows inside their logarithms, so that tiny ones count less.
  package static let epsilon = 1e-6

  package init() {}

  package var isBackward: Bool { false }
  package var trainsBackwardPolicy: Bool { false }
  package var stateEstimator: Estimator? { nil }
  package var needs: StepNeeds { [.edgeFlows, .unclippedRewards] }
  package var isOnPolicy: Bool { false }

  package func evaluate(_ steps: StepValues, into gradients: inout StepGradients) {
    gradients.reset(steps.logPF.count)
    gradients.flows.reset(like: steps.flows)
    let flows = steps.flows
    var visits = 0.0
    for row in 0..<flows.count where !flows.parents(row).isEmpty {
      visits += Double(flows.visits[row])
    }
    let share = 1 / max(visits, 1)
    for row in 0..<flows.count where !flows.parents(row).isEmpty {
      gradients.loss += match(row, Double(flows.visits[row]) * share, flows, &gradients.flows)
    }
    let scale = 1 / Double(steps.count)
    for row in 0..<flows.count where flows.ends[row] > 0 {
      let exit = flows.actions(row).upperBound - 1
      let residual = flows.outflow[exit] - flows.logReward[row]
      let weight = Double(flows.ends[row]) * scale
      gradients.loss += weight * residual * residual
      gradients.flows.outflow[exit] += 2 * weight * residual
    }
  }

  /// The weighted square of a row's imbalance and its gradients.
  private func match(
    _ row: Int, _ weight: Double, _ flows: FlowValues, _ gradients: inout FlowGradients
  ) -> Double {
    let parents = flows.parents(row)
    let children = flows.actions(row).dropLast()
    var greatest = log(Self.epsilon)
    for edge in parents { greatest = max(greatest, flows.inflow[edge]) }
    var sum = exp(log(Self.epsilon) - greatest)
    for edge in parents { sum += exp(flows.inflow[edge] - greatest) }
    let inflow = greatest + log(sum)
    greatest = max(log(Self.epsilon), flows.logReward[row])
    for edge in children { greatest = max(greatest, flows.outflow[edge]) }
    sum = exp(log(Self.epsilon) - greatest) + exp(flows.logReward[row] - greatest)
    for edge in children { sum += exp(flows.outflow[edge] - greatest) }
    let outflow = greatest + log(sum)
    let residual = inflow - outflow
    let slope = 2 * weight * residual
    for edge in parents {
      gradients.inflow[edge] = slope * exp(flows.inflow[edge] - inflow)
    }
    for edge in children {
      gradients.outflow[edge] = -slope * exp(flows.outflow[edge] - outflow)
    }
    return weight * residual * residual
  }
}
