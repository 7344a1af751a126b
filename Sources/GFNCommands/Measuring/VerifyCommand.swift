import GFNCore
import GFNLanguage
import GFNParameters
import OrderedCollections

extension CommandSpec {
  static let verify = CommandSpec(
    "verify", group: .measure, summary: "check the identities behind policy-based training",
    positionals: [
      Parameter(
        "identity",
        .enumeration([
          Choice("gradient", "∇ ½E[L_TB] = ∇J_F"),
          Choice("kl", "J_F + log Z* − log Z = KL(τ) ≥ KL(x) ≥ 2 TV²"),
          Choice("difference", "J_F(π') − J_F(π) = E'[Σ A_F + KL(π' ‖ π)]"),
          Choice("variance", "the sampled policy gradient is unbiased"),
          Choice("balance", "V_F(s) = log Z − log F(s) at balance"),
        ]), default: .described("all of them"), help: "which one")
    ],
    options: [
      Parameter(
        "over", .integer(50...1_000_000), default: 100, unit: "batches",
        help: "batches that 'variance' draws"),
      Parameter(
        "batch", .integer(16...1_000_000), default: 64, unit: "trajectories",
        help: "trajectories in each of them"),
    ],
    details: """
      At the present parameters, over all states (at most 65,536); nothing changes. log R is clipped on \
      both sides, Z* included, as in training. gradient: π_B and the sampling distribution held; the left \
      side comes from a recursion over prefixes, the right from backward induction, both pulled back to \
      the parameters. difference: π' has logits moved at random by up to ½. variance: λ = 1, not \
      centred, V fixed; a component counts as unbiased within 5 standard errors, and how the variance \
      depends on V is measured, not claimed ('–'). balance: on the exact balanced tabular policy for \
      this π_B. An identity that fails makes the command fail.
      """,
    examples: [
      CommandExample("env hypergrid side=4; method RL-U; train 5; verify", "all of them"),
      CommandExample("env hypergrid side=8; method TB-B; verify kl", "one, with a learned π_B"),
    ],
    result: .table(
      columns: [
        "identity", "quantity", "verdict", "left", "right", "difference", "tolerance",
      ], fields: ["holds"])
  ) { session, arguments in
    let (environment, state) = try session.experiment(arguments)
    let chosen = arguments.word("identity").flatMap(Identity.init)
    var stream = session.workbench.nextLook()
    let checks = try session.core(arguments) {
      let verification = try Verification(environment, state, session.workbench.pool)
      var checks: [IdentityCheck] = []
      for identity in chosen.map({ [$0] }) ?? Identity.allCases {
        guard
          let found = try verification.check(
            identity, over: arguments.integer(orDefault: "over"),
            batch: arguments.integer(orDefault: "batch"), from: &stream,
            isCancelled: { session.interruption.isRequested })
        else { throw arguments.error("interrupted", "the verification was interrupted") }
        checks += found
      }
      return checks
    }
    return try session.verdict(checks, arguments)
  }
}

extension Session {
  /// The table of the checks, shown before the command fails where one of them does.
  func verdict(_ checks: [IdentityCheck], _ arguments: Arguments) throws -> Value {
    let failed = checks.filter { $0.holds == false }
    let table = Value.table(
      Table(
        columns: [
          Column("identity"), Column("quantity", shortestCut: 22), Column("verdict"),
          Column("left"), Column("right"), Column("difference", .significant(2)),
          Column("tolerance", .significant(2)),
        ],
        rows: checks.map { check in
          [
            .text(check.identity.rawValue), .text(check.quantity),
            .text(check.holds.map { $0 ? "holds" : "fails" } ?? "–"), check.left.orNone,
            check.right.orNone, check.difference.orNone, check.tolerance.orNone,
          ]
        }, fields: ["holds": .boolean(failed.isEmpty)]))
    guard let first = failed.first else { return table }
    emit(
      .value(table, command: arguments.command, line: arguments.span.line, showing: .whole))
    throw arguments.error(
      "identity",
      "\(failed.count) of \(counted(checks.count, "check")) failed, the first: \(first.identity.rawValue), "
        + first.quantity)
  }
}
