import GFNCore
import GFNLanguage
import GFNParameters
import OrderedCollections

extension CommandSpec {
  static let solve = CommandSpec(
    "solve", group: .measure, summary: "set the exact policy that balances π_B, as a table",
    details: """
      F(s) = R(s) [s terminates] + Σ F(s') π_B(s'→s) over the edges from s, from the last states to \
      the first; then π_F = F(s') π_B / F(s) and log Z = log Z*. The policy becomes tabular; π_B stays \
      what it is, uniform or learned, as a table too. A tabular critic becomes exact: V = log Z − log F. \
      Rewards are not clipped. Up to 2^20 states. What it replaces 'undo' brings back.
      """,
    examples: [
      CommandExample("env hypergrid side=8; solve", "tv is 0"),
      CommandExample(
        "env graph edges='s0 -> a b; a -> x; b -> x y' rewards='x 1; y 2'; solve; inspect a",
        "the flow through a node"),
    ],
    result: .record(["log_z", "states", "tv"]), changesState: true
  ) { session, arguments in
    let (environment, state) = try session.experiment(arguments)
    let pool = session.workbench.pool
    func isCancelled() -> Bool { session.interruption.isRequested }
    let (solved, tv) = try session.core(arguments) {
      let solved: TrainingState
      do {
        solved = try BalancedFlow(environment, state, pool, isCancelled: isCancelled)
          .solution(of: state)
      } catch is CancellationError {
        throw arguments.error("interrupted", "'solve' was interrupted; nothing has changed")
      }
      guard
        let learned = try ExactEvaluation(environment, pool)
          .terminatingProbabilities(solved, isCancelled: isCancelled)
      else {
        throw arguments.error("interrupted", "'solve' was interrupted; nothing has changed")
      }
      let target = try TargetDistribution(environment, pool)
      return (solved, DistributionPair(learned: learned, target: target, pool).tv)
    }
    session.workbench.replace(solved)
    if !state.configuration.policy.isTabular {
      session.note("the policy is a table now; 'undo' brings the network back")
    }
    return .record(
      Record([
        "log_z": .number(solved.logZ),
        "states": .number(Double(environment.enumeration?.states ?? 0)), "tv": .number(tv),
      ]))
  }
}
