import OrderedCollections
import Testing

@testable import GFNCommands
@testable import GFNCore
@testable import GFNLanguage

@Suite struct MeasureTests {
  private static let small = ScienceTests.small

  @Test func verifyHoldsWithALearnedBackwardPolicyAndSaysSo() throws {
    let lab = try Lab()
    let text = lab.result("\(Self.small); method RL-B; train 5; verify over=50")
    #expect(text.contains("\"holds\"") && !text.contains("fails"))
    guard case .table(let table)? = lab.values.last?.value else {
      Issue.record("no table")
      return
    }
    #expect(table.fields["holds"]?.literal == "true")
    for identity in Identity.allCases {
      #expect(
        table.rows.contains { row in
          row[0].displayText == identity.rawValue && row[2].displayText == "holds"
        })
    }
    _ = lab.result("verify balance")
    // Too few batches for a verdict in standard errors.
    #expect(lab.code("verify over=2") == "out-of-range")
    #expect(lab.code("verify gradients") == "unknown-word")
    #expect(lab.code("env hypergrid side=300; verify") == "too-large")
    #expect(lab.code("env hypergrid side=8 r0=0 clip=none; verify") == "conflict")
  }

  @Test func anIdentityThatFailsIsShownAndFailsTheCommand() throws {
    let broken = CommandSpec(
      "broken", group: .measure, summary: "fails", result: .open
    ) { session, arguments in
      try session.verdict(
        [
          IdentityCheck(.kl, "one and one", 1, 1), IdentityCheck(.kl, "one and two", 1, 2),
        ], arguments)
    }
    let session = Session(commands: .program(adding: [broken]), bench: Workbench())
    var shown: [Value] = []
    var codes: [String] = []
    let outcome = session.execute(Cell(source: "broken")) { event in
      if case .value(let value, _, _, _) = event { shown.append(value) }
      if case .failure(let diagnostic) = event { codes.append(diagnostic.code) }
    }
    #expect(outcome != .done)
    #expect(codes == ["identity"])
    guard case .table(let table)? = shown.first else {
      Issue.record("no table")
      return
    }
    #expect(table.rows.map { $0[2].displayText } == ["holds", "fails"])
  }

  @Test func exactAndSampledBoundsAgreeAndEncloseLogZ() throws {
    let lab = try Lab()
    _ = lab.result("\(Self.small); method TB-B; train 30; evaluate")
    let (elbo, eubo) = (lab.number("elbo"), lab.number("eubo"))
    let logZ = lab.number("log_z_exact")
    #expect(elbo < logZ && logZ < eubo)
    #expect(abs(lab.number("j_f") - (lab.number("log_z") - elbo)) < 1e-9)
    _ = lab.result("evaluate samples=5000 heldout=64 backward=20 k=4")
    #expect(abs(lab.number("elbo") - elbo) < 5 * lab.number("elbo_se"))
    #expect(abs(lab.number("eubo") - eubo) < 5 * lab.number("eubo_se"))
    #expect(lab.number("heldout") == 64)
    #expect(lab.number("top_k") == 4)
    #expect(lab.number("top_k_reward") > lab.number("mean_reward"))
    for field in ["spearman_se", "pearson_se", "tv_heldout_floor", "top_k_diversity_se"] {
      #expect(lab.number(field) >= 0, "\(field)")
    }
  }

  @Test func whatIsTooLargeIsEvaluatedBySamplesUnlessAskedExactly() throws {
    let lab = try Lab()
    _ = lab.result("policy layers=1 hidden=8; env hypergrid dim=8 side=8; evaluate heldout=5 k=3")
    #expect(lab.number("samples") == 1000)
    // All 16,777,216 objects can be listed: the target is exact, and draws of it bound log Z from above.
    #expect(lab.number("log_z_exact") > 0 && lab.number("eubo") > lab.number("log_z_exact"))
    #expect(lab.number("tv_sampled") > lab.number("tv_noise_floor"))
    #expect(lab.number("elbo_se") > 0)
    #expect(lab.number("heldout") == 5)
    lab.run("evaluate")
    #expect(lab.notices.contains { $0.contains("by samples") })
    #expect(lab.code("env hypergrid dim=12 side=8; evaluate exact") == "too-large")
  }

  @Test func heldOutObjectsComeFromAFile() throws {
    let lab = try Lab()
    try lab.write("# a few\n0,0\n7,7\n0,0\n3,4\n1,6\n", to: "few.txt")
    try lab.write("0,0\n9,9\n", to: "bad.txt")
    _ = lab.result("\(Self.small); evaluate heldout=few.txt samples=100")
    #expect(lab.number("heldout") == 4)
    #expect(lab.code("evaluate heldout=bad.txt") == "file")
    #expect(lab.failures.first?.message.contains("bad.txt:2") == true)
    #expect(lab.code("evaluate heldout=none.txt") == "file-not-found")
    #expect(lab.code("evaluate exact k=5") == "option")
    _ = lab.result("evaluate samples=1 heldout=0")
    #expect(lab.number("elbo").isFinite && lab.number("elbo_se").isNaN)
    _ = lab.result("evaluate heldout=0 samples=20")
    #expect(lab.number("heldout").isNaN && lab.number("samples") == 20)
  }

  @Test func gradientVarianceTellsEstimatorsApartAndChangesNothing() throws {
    let script = "\(Self.small); method RL-U; train 3"
    let plain = try Lab().result("\(script); train 3 every=1")
    let lab = try Lab(threads: 2)
    _ = lab.result(
      "\(script); let v = gradient variance over=20 batch=16 lambdas=[0.5, 1] to=v.csv")
    _ = lab.result("evaluate")
    #expect(lab.result("train 3 every=1") == plain)
    lab.run("print $v.baseline, $v.objective, len($v); print $v.bias")
    #expect(lab.files("v.csv"))
    _ = lab.result("gradient variance over=20 batch=16 lambdas=[0.5, 1]")
    guard case .table(let table)? = lab.values.last?.value else {
      Issue.record("no table")
      return
    }
    #expect(table.rows.count == 6)
    #expect(
      table.rows.map { $0[2].displayText }
        == ["", "none", "critic", "critic", "exact", "exact"])
    #expect(table.notes.contains { $0.contains("session's own") })
    for row in table.rows { #expect(row.dropFirst(3).allSatisfy { $0.literal != nil }) }
    lab.run("gradient variance over=5 batch=8 fit=3 objectives=[rl, rl]")
    #expect(lab.notices.isEmpty && lab.failures.isEmpty)
    #expect(lab.code("gradient variance lambdas=[2]") == "out-of-range")
    #expect(lab.code("gradient variance objectives=[tb] fit=3") == "option")
    // Their first step is that of the policy gradient.
    for kind in ["trpo", "ppo"] {
      #expect(lab.code("gradient variance objectives=[\(kind)]") == "unknown-word")
    }
    #expect(lab.code("gradient variance direction=forward") == "unknown-option")
    #expect(lab.code("gradient over=3") == "unknown-option")
  }

  @Test func gradientVarianceWorksWhereNothingIsExact() throws {
    let lab = try Lab()
    lab.run(
      """
      policy layers=1 hidden=8; critic layers=1 hidden=8; env hypergrid dim=8 side=8
      gradient variance over=3 batch=8 fit=2 lambdas=[1]
      """)
    guard case .table(let table)? = lab.values.last?.value else {
      Issue.record("no table: \(lab.failures.map { $0.rendered() })")
      return
    }
    #expect(table.rows.count == 3)
    #expect(table.notes.contains { $0.contains("no exact") })
  }
}

extension Lab {
  fileprivate func files(_ name: String) -> Bool { session.files.exists(name) }
}

/// Files of objects for 'evaluate heldout='.
@Suite struct HeldOutFileTests {
  @Test(
    arguments: [
      ("env hypergrid side=8", "1,2\n(1, 2)\n(3,4)\n", 2.0),
      ("env set size=4 choose=2", "(0, 3)\n1,2", 2),
      ("env perfect-tree depth=2 branching=2", "(0, 1)\n", 1),
    ])
  func aStateIsReadAsItIsTypedAndAsItIsShown(
    _ environment: String, _ text: String, _ count: Double
  ) throws {
    let lab = try Lab()
    try lab.write(text, to: "objects.txt")
    lab.run("\(environment); evaluate heldout=objects.txt samples=2 backward=1")
    #expect(lab.number("heldout") == count, "\(lab.failures.map { $0.rendered() })")
    try lab.write("()\n", to: "objects.txt")
    #expect(lab.code("evaluate heldout=objects.txt") == "file")
  }
}

/// Commands that Ctrl-C leaves without a result.
@Suite struct InterruptedMeasureTests {
  @Test func anInterruptedMeasurementInterruptsTheScript() throws {
    let lab = try Lab()
    lab.run("\(ScienceTests.small); train 1")
    let before = lab.session.effectiveStatements
    let command = "gradient variance over=1000000 batch=1 objectives=tb"
    let outcome = lab.run("\(command); print 1", observer: lab.interrupting(1, rows: false))
    #expect(outcome == .interrupted)
    #expect(lab.failures.isEmpty)
    #expect(lab.notices.count == 1)
    #expect(lab.notices.first?.contains("interrupted") == true)
    // What has no result is not part of the session.
    #expect(lab.session.effectiveStatements == before)
    #expect(lab.run("print 1") == .done)
  }
}
