import Foundation
import GFNCore
import GFNParameters
import GFNPrograms
import GFNTestSupport
import OrderedCollections
import Testing

@testable import GFNCommands
@testable import GFNLanguage

/// A session with all commands, in a folder of its own.
final class Lab {
  let session: Session
  private let temporary: TemporaryFolder
  private(set) var values: [(command: String, value: Value)] = []
  private(set) var notices: [String] = []
  private(set) var printed: [String] = []
  private(set) var failures: [Diagnostic] = []

  /// - Parameter permission: programs that may be started.
  init(threads: Int = 1, seed: UInt64? = nil, permission: ProgramPermission = .none) throws {
    temporary = try TemporaryFolder()
    var options = SessionOptions(workingDirectory: temporary.path)
    options.programs = ScoringPrograms()
    options.permission = permission
    session = Session(
      commands: .program(), bench: Workbench(seed: seed, threads: threads), options: options)
  }

  var folder: URL { temporary.url }

  @discardableResult
  func run(_ source: String, observer: (Event) -> Void = { _ in }) -> Outcome {
    values = []
    notices = []
    printed = []
    failures = []
    return withoutActuallyEscaping(observer) { observer in
      session.execute(Cell(source: source)) { event in
        observer(event)
        switch event {
        case .value(let value, let command, _, _): self.values.append((command, value))
        case .notice(let notice): self.notices.append(notice.message)
        case .failure(let diagnostic): self.failures.append(diagnostic)
        case .printed(let text, _): self.printed.append(text)
        case .statement, .progress, .row, .live: break
        }
      }
    }
  }

  /// Runs, expects success, and returns the last value as JSON without wall-clock times.
  func result(_ source: String, sourceLocation: SourceLocation = #_sourceLocation) -> String {
    let outcome = run(source)
    #expect(
      outcome == .done, "\(failures.map { $0.rendered() })", sourceLocation: sourceLocation)
    guard var value = values.last?.value else {
      Issue.record("'\(source)' shows no value", sourceLocation: sourceLocation)
      return "nothing"
    }
    if case .table(var table) = value {
      for column in table.columns.indices where table.columns[column].isTiming {
        for row in table.rows.indices { table.rows[row][column] = .none }
      }
      value = .table(table)
    }
    return value.json
  }

  func number(_ field: String) -> Double {
    let fields: OrderedDictionary<String, Value> =
      switch values.last?.value {
      case .record(let record)?: record.fields
      case .table(let table)?: table.fields
      default: [:]
      }
    guard case .number(let number, _)? = fields[field] else { return .nan }
    return number
  }

  func code(_ source: String) -> String {
    run(source)
    return failures.first?.code ?? "none"
  }

  /// Interrupts this many times at the first row of a table, or at the first progress where there are
  /// no rows.
  func interrupting(_ times: Int, rows: Bool = true) -> (Event) -> Void {
    var isFirst = true
    return { [session] event in
      guard isFirst else { return }
      switch event {
      case .row: break
      case .progress where !rows: break
      default: return
      }
      isFirst = false
      for _ in 0..<times { session.interruption.request() }
    }
  }

  func write(_ text: String, to name: String) throws {
    try temporary.write(text, to: name)
  }
}

@Suite struct ScienceTests {
  static let small = "env hypergrid side=8; policy layers=1 hidden=16; critic layers=1 hidden=16"

  @Test(arguments: CommandSpec.science.map(\.name))
  func everyExampleOfEveryCommandRuns(_ name: String) throws {
    let spec = try #require(CommandSpec.science.first { $0.name == name })
    #expect(!spec.examples.isEmpty)
    for example in spec.examples {
      let lab = try Lab()
      try lab.write("a,b,c\n1,2,1\n2,3,1\n3,5,4\n4,4,2\n", to: "data.csv")
      // The real network is too slow for a test of wording.
      lab.run("policy layers=1 hidden=8; critic layers=1 hidden=8")
      #expect(
        lab.run(example.source) == .done, "\(name): \(lab.failures.map { $0.rendered() })")
    }
  }

  @Test(arguments: ["TB-U", "TB-B", "RL-U", "RL-B", "RL-G", "RL-T"])
  func equalSeedsGiveEqualNumbersWhateverTheThreads(_ method: String) throws {
    let script = "\(Self.small); seed 3; method \(method); train 10 every=5"
    let first = try Lab(threads: 1).result(script)
    #expect(try Lab(threads: 3).result(script) == first)
    let other = "\(Self.small); seed 4; method \(method); train 10 every=5"
    #expect(try Lab().result(other) != first)
  }

  @Test func lookingNeverChangesLaterTraining() throws {
    let start = "\(Self.small); method RL-G; train 5"
    let plain = try Lab().result("\(start); train 5 every=1")
    let looking = try Lab().result(
      """
      \(start)
      sample 20; trace; trace end=(1, 2); inspect (0, 1); top 3 by=error; modes
      evaluate; evaluate samples=50; gradient; gradient direction=backward; show; env
      train 5 every=1
      """)
    #expect(plain == looking)
  }

  @Test func measuringInBetweenChangesNothing() throws {
    let often = try Lab()
    _ = often.result("\(Self.small); train 20 every=1; evaluate")
    let rarely = try Lab()
    _ = rarely.result("\(Self.small); train 20 every=20 measure=[]; evaluate")
    #expect(often.number("tv") == rarely.number("tv"))
  }

  @Test func undoBringsBackTheNumbersAndTheFuture() throws {
    let lab = try Lab()
    let before = lab.result("\(Self.small); method RL-B; train 5; evaluate")
    let future = lab.result("train 5")
    lab.run("undo")
    #expect(lab.result("evaluate") == before)
    #expect(lab.result("train 5") == future)
    lab.run("undo; env hypergrid side=4; undo")
    #expect(lab.result("evaluate") == before)
  }

  @Test func snapshotsKeepTheWholeState() throws {
    let lab = try Lab()
    let there = lab.result("\(Self.small); train 5; snapshot a; evaluate")
    let future = lab.result("train 3")
    #expect(lab.result("restore a; evaluate") == there)
    #expect(lab.result("train 3") == future)
  }

  @Test func theFirstInterruptKeepsAndTheSecondTakesBack() throws {
    let lab = try Lab()
    lab.run("\(Self.small); train 2")
    let outcome = lab.run("train 1000 every=7", observer: lab.interrupting(1))
    #expect(outcome == .interrupted)
    #expect(lab.notices.contains { $0.contains("stopped at step 9, after 7 of 1000") })
    #expect(lab.session.effectiveStatements.last == "train 7 every=7  # of 1000")
    _ = lab.result("show")
    #expect(lab.number("step") == 9)
    let aborted = lab.run("train 1000 every=7", observer: lab.interrupting(2))
    #expect(aborted == .interrupted)
    _ = lab.result("show")
    #expect(lab.number("step") == 9)
  }

  @Test func aRecordedSessionReplaysToTheSameNumbers() throws {
    let lab = try Lab()
    lab.run("\(Self.small); method RL-G; train 4; record session.gfn")
    lab.run("train 1000 every=3", observer: lab.interrupting(1))
    lab.run("train 2")
    lab.run("undo")
    let end = lab.result("train 3; evaluate")
    let script = try String(
      contentsOf: lab.folder.appendingPathComponent("session.gfn"), encoding: .utf8)
    #expect(script.contains("train 3 every=3  # of 1000"))
    #expect(!script.contains("undo"))
    #expect(try Lab().result("\(script); evaluate") == end)
  }

  @Test func showRebuildsTheConfiguration() throws {
    let lab = try Lab()
    lab.run(
      """
      seed 5; env hypergrid side=6 r0=0.001 reward="0.1 + sum(u)" modes="u[0] > 0.5" clip=none
      objective rl lambda=0.5 log_z=auto critic=none
      backward guided threshold=0.3 floor=0.001 steps=2
      policy layers=1 hidden=8; critic tabular; optimizer lr=0.01 lr_backward=0.02 clip=3
      """)
    guard
      case .record(let record)? = {
        lab.run("show"); return lab.values.last?.value
      }(),
      let script = record.display
    else {
      Issue.record("show gives no script")
      return
    }
    let end = lab.result("train 3 every=1")
    let other = try Lab()
    #expect(other.run(script) == .done, "\(other.failures.map { $0.rendered() })")
    #expect(other.result("train 3 every=1") == end)
    #expect(other.session.workbench.script == lab.session.workbench.script)
  }

  @Test func trainStopsWhereItsConditionHolds() throws {
    let lab = try Lab()
    lab.run("\(Self.small); train 1000 every=2 until=\"step >= 6\"")
    _ = lab.result("show")
    #expect(lab.number("step") == 6)
    lab.run("train total=8; train total=8")
    _ = lab.result("show")
    #expect(lab.number("step") == 8)
    // The condition brings its own measure.
    lab.run("train 2 every=1 measure=[] until=\"tv < 2\"")
    _ = lab.result("show")
    #expect(lab.number("step") == 9)
  }

  @Test func exactAndSampledEvaluationAgree() throws {
    let lab = try Lab()
    _ = lab.result("\(Self.small); train 100; evaluate")
    let tv = lab.number("tv")
    let reward = lab.number("mean_reward")
    _ = lab.result("evaluate samples=20000")
    #expect(lab.number("tv").isNaN)
    let floor = lab.number("tv_noise_floor")
    #expect(floor > 0.01 && floor < 0.05)
    #expect(abs(lab.number("tv_sampled") - tv) < floor + 0.02)
    #expect(abs(lab.number("mean_reward") - reward) < 5 * lab.number("mean_reward_se"))
  }

  @Test func tracesAddUp() throws {
    let lab = try Lab()
    lab.run("\(Self.small); method RL-B; train 3; trace seed=2")
    guard case .table(let table)? = lab.values.last?.value,
      case .number(let total, _)? = table.fields["total"]
    else {
      Issue.record("no table")
      return
    }
    let column = try #require(table.columns.firstIndex { $0.name == "r" })
    let sum = table.rows.reduce(0.0) { sum, row in
      if case .number(let reward, _) = row[column] { sum + reward } else { .nan }
    }
    #expect(abs(sum - total) < 1e-9)
    #expect(lab.code("trace path=[x0+, x1+, 0]") == "none")
    #expect(lab.code("trace path=[y]") == "state")
    #expect(lab.code("trace path=[5]") == "state")
    #expect(lab.code("trace end=(9, 9)") == "state")
  }

  @Test func probabilitiesOfAStateAddUp() throws {
    let lab = try Lab()
    lab.run("\(Self.small); method RL-B; train 3; inspect [3, 5]")
    guard case .table(let table)? = lab.values.last?.value else {
      Issue.record("no table")
      return
    }
    func sum(_ direction: String, _ name: String) -> Double {
      guard let column = table.columns.firstIndex(where: { $0.name == name }) else { return .nan }
      return table.rows.reduce(0.0) { sum, row in
        guard case .text(direction) = row[0], case .number(let p, _) = row[column] else {
          return sum
        }
        return sum + p
      }
    }
    #expect(abs(sum("child", "pf") - 1) < 1e-6)
    #expect(abs(sum("parent", "pb") - 1) < 1e-6)
  }

  @Test func mistakesAreNamed() throws {
    let lab = try Lab()
    #expect(lab.code("train 5") == "no-environment")
    #expect(lab.code("evaluate") == "no-environment")
    lab.run(Self.small)
    #expect(lab.code("train") == "missing-argument")
    #expect(lab.code("train 5 total=7") == "option")
    #expect(lab.code("inspect (8, 0)") == "state")
    #expect(lab.code("inspect ACGT") == "state")
    #expect(lab.code("gradient direction=backward") == "conflict")
    #expect(lab.code("explore epsilon=0.1; method RL-U") == "conflict")
    #expect(lab.code("explore epsilon=0; backward guided") == "conflict")
    #expect(lab.code("reward exponent=3") == "option")
    #expect(lab.code("policy tabular layers=3") == "option")
    #expect(lab.code("env hypergrid reward=\"-1\"") == "option")
    #expect(lab.code("env hypergrid dim=8 side=32; evaluate exact") == "too-large")
    #expect(lab.code("env sequence length=4") == "option")
    #expect(lab.code("env sequence preset=tfbind8 rewards=nowhere.tsv") == "file-not-found")
    try lab.write("AA\t1\nAB\t2\nBA\t3\n", to: "short.tsv")
    #expect(lab.code("env sequence length=2 alphabet=AB rewards=short.tsv") == "file")
    #expect(lab.failures.first?.message.contains("short.tsv: 1 of 4 sequences") == true)
  }

  @Test func theTableOfMethodsRunsOnEveryEnvironment() throws {
    let rows = (0..<16).map { index in
      String((0..<4).map { "AB"[String.Index(utf16Offset: index >> (3 - $0) & 1, in: "AB")] })
        + "\t\(index + 1)"
    }
    for mode in ["fill", "append-prepend"] {
      for method in [
        "TB-U", "TB-B", "RL-U", "RL-B", "RL-T", "RL-G", "PPO-U", "PPO-G", "TB-TLM", "RL-TLM",
      ] {
        let lab = try Lab()
        try lab.write(rows.joined(separator: "\n"), to: "t.tsv")
        let code = lab.code(
          """
          policy layers=1 hidden=8; critic layers=1 hidden=8
          env sequence mode=\(mode) length=4 alphabet=AB rewards=t.tsv normalize=minmax exponent=2
          method \(method); train 3; evaluate; sample 3; trace; inspect A; top 2; modes
          trace end=ABBA; gradient
          """)
        #expect(code == "none")
      }
    }
  }

  @Test func weightsAndTrajectoriesGoThroughFiles() throws {
    let lab = try Lab()
    let loss = lab.result(
      """
      \(Self.small); method RL-B; train 3; save w.safetensors; trajectories save t.json 5
      trajectories load t.json; gradient to=g.safetensors details=d.safetensors
      """)
    #expect(lab.result("gradient") == loss)
    let other = try Lab()
    for name in ["w.safetensors", "t.json"] {
      try FileManager.default.copyItem(
        at: lab.folder.appendingPathComponent(name),
        to: other.folder.appendingPathComponent(name))
    }
    let again = other.result(
      "\(Self.small); method RL-B; load w.safetensors; trajectories load t.json; gradient")
    #expect(again == loss)
    let backward = lab.result("gradient direction=backward")
    #expect(other.result("gradient direction=backward") == backward)
    #expect(other.code("env hypergrid side=2; trajectories load t.json") == "trajectory")
    #expect(other.code("load w.safetensors") == "shape")
    #expect(other.failures.first?.message.contains("[16, 16]") == true)
    #expect(other.code("load t.json") == "file")
    let gradients = try SafeTensors(
      [UInt8](try Data(contentsOf: lab.folder.appendingPathComponent("g.safetensors"))), path: "g")
    #expect(gradients.tensors["pf.0.weight"]?.shape == [16, 16])
    let details = try SafeTensors(
      [UInt8](try Data(contentsOf: lab.folder.appendingPathComponent("d.safetensors"))), path: "d")
    #expect(details.tensors["advantages"]?.shape.first == 5)
  }

  @Test func theSeedRestartsStreamsAndBeforeTrainingTheEstimators() throws {
    let lab = try Lab(seed: 9)
    lab.run("\(Self.small); seed 1")
    #expect(lab.notices.contains { $0.contains("replaces --seed 9") })
    let first = lab.result("train 3")
    let other = try Lab()
    #expect(other.result("\(Self.small); seed 1; train 3") == first)
    // After training it restarts the streams alone.
    let evaluated = lab.result("evaluate")
    lab.run("seed 2")
    #expect(lab.result("evaluate") == evaluated)
  }

  @Test func aLearningRateThatExplodesKeepsTheLastGoodStep() throws {
    let lab = try Lab()
    #expect(lab.code("\(Self.small); optimizer lr=1e30; train 50") == "non-finite")
    #expect(lab.failures.first?.message.contains("are kept") == true)
    _ = lab.result("show")
    #expect(lab.number("step") < 50)
    // Its numbers are finite.
    _ = lab.result("evaluate")
    #expect(lab.number("tv") <= 1)
  }

  @Test func trajectoriesThatLeaveTheGridAreRefused() throws {
    let lab = try Lab()
    lab.run("env hypergrid dim=2 side=8")
    for (name, text) in [
      ("exit", "{\"forward_trajectories\":[{\"states\":[[0,0],[0,0]],\"actions\":[2,2]}]}"),
      ("short", "{\"forward_trajectories\":[{\"states\":[[0]],\"actions\":[2]}]}"),
      ("far", "{\"forward_trajectories\":[{\"states\":[[0,0],[9,0]],\"actions\":[0,2]}]}"),
      ("action", "{\"forward_trajectories\":[{\"states\":[[0,0]],\"actions\":[-1]}]}"),
      ("empty", "{\"forward_trajectories\":[{\"states\":[],\"actions\":[]}]}"),
      ("back", "{\"backward_trajectories\":[{\"states\":[[0,0],[0,0]],\"actions\":[0]}]}"),
    ] {
      try lab.write(text, to: "\(name).json")
      #expect(lab.code("trajectories load \(name).json") == "trajectory", "\(name)")
    }
    try lab.write("[1, 2", to: "broken.json")
    #expect(lab.code("trajectories load broken.json") == "file")
  }

  @Test func largeGridsCanBeSampledAndTracedAndEvaluatedBySamples() throws {
    let lab = try Lab()
    _ = lab.result(
      """
      policy layers=1 hidden=8; env hypergrid dim=20 side=32
      sample 3; trace; inspect [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
      train 2; evaluate samples=20
      """)
    #expect(lab.number("samples") == 20)
    #expect(lab.number("mean_reward") > 0)
    #expect(lab.code("evaluate exact") == "too-large")
    #expect(lab.code("critic tabular; train 1") == "none")
  }

  @Test func aPolicyOfAnotherShapeStartsTrainingAnew() throws {
    let lab = try Lab()
    let anew =
      "the networks have another shape: training starts anew at step 0; 'undo' brings the old back"
    for shape in ["policy layers=2 hidden=16", "policy tabular"] {
      for method in ["TB-U", "RL-B", "DB-B", "FM"] {
        let fresh = lab.result(
          "\(Self.small); method \(method); \(shape); train 3 every=1; evaluate")
        lab.run("\(Self.small); method \(method); train 2 every=1 batch=8; sample 2")
        lab.run(shape)
        #expect(lab.notices == [anew], "\(method)")
        #expect(lab.result("train 3 every=1; evaluate") == fresh, "\(method)")
        #expect(lab.session.workbench.training?.history.steps == [1, 2, 3])
      }
    }
    let trained = lab.result("\(Self.small); train 2; evaluate")
    #expect(lab.result("policy layers=3; undo; evaluate") == trained)
    // What was loaded is lost as what was trained is.
    lab.run("\(Self.small); train 2; save w.safetensors; reset; load w.safetensors")
    lab.run("policy layers=3")
    #expect(lab.notices == [anew])
    lab.run("\(Self.small)")
    lab.run("policy layers=3")
    #expect(lab.notices.isEmpty)
  }

  @Test func aCriticOfAnotherShapeStartsAloneAnew() throws {
    let lab = try Lab()
    lab.run("\(Self.small); method RL-G; train 2 every=1")
    let before = lab.result("evaluate")
    lab.run("critic layers=2")
    #expect(
      lab.notices == [
        "value_forward, value_backward start anew with another shape, all else goes on; 'undo' brings the "
          + "old back"
      ])
    let after = lab.result("evaluate")
    #expect(lab.number("step") == 2 && lab.session.workbench.training?.history.count == 2)
    #expect(before == after)
    // New estimators of another objective leave all else as it was.
    lab.run("\(Self.small); method TB-U; train 2")
    lab.run("method DB-U")
    #expect(lab.notices.isEmpty && lab.session.workbench.training?.step == 2)
  }

  @Test func showListsTheSnapshotsWithTheirBytes() throws {
    let lab = try Lab()
    lab.run("\(Self.small); train 2 every=1; snapshot best")
    let bytes = try #require(lab.session.workbench.training?.byteCount)
    #expect(lab.notices == ["'best' holds \(Memory.text(bytes))"] && bytes > 1_000)
    guard
      case .record(let shown)? = {
        lab.run("show"); return lab.values.last?.value
      }()
    else {
      Issue.record("show shows no record")
      return
    }
    #expect(shown.display?.contains("\n# snapshot best: \(Memory.text(bytes))") == true)
  }

  @Test func loadedWeightsOutliveTheSeed() throws {
    let lab = try Lab()
    let there = lab.result("\(Self.small); train 5; save w.safetensors; evaluate")
    let tv = lab.number("tv")
    _ = lab.result("reset; load w.safetensors; seed 3; evaluate")
    #expect(lab.number("tv") == tv)
    #expect(!there.isEmpty)
    // Without them the seed before training starts anew.
    _ = lab.result("reset; evaluate")
    let fresh = lab.number("tv")
    _ = lab.result("seed 4; evaluate")
    #expect(lab.number("tv") != fresh)
  }

  @Test func looksAfterAnUndoReplay() throws {
    let lab = try Lab()
    lab.run("\(Self.small); record session.gfn")
    lab.run("train 5")
    lab.run("sample 3")
    lab.run("undo")
    let last = lab.result("sample 3")
    let script = try String(
      contentsOf: lab.folder.appendingPathComponent("session.gfn"), encoding: .utf8)
    #expect(try Lab().result(script) == last)
  }

  /// What a record says and what a fresh session answers to `question` after it.
  private func replay(_ lab: Lab, _ question: String) throws -> (script: String, answer: String) {
    let script = try String(
      contentsOf: lab.folder.appendingPathComponent("session.gfn"), encoding: .utf8)
    let other = try Lab()
    for name in (try? FileManager.default.contentsOfDirectory(atPath: lab.folder.path)) ?? [] {
      try? FileManager.default.copyItem(
        at: lab.folder.appendingPathComponent(name), to: other.folder.appendingPathComponent(name))
    }
    return (script, other.result("\(script)\n\(question)"))
  }

  @Test func recordsOfInterruptedStatementsReplay() throws {
    let lab = try Lab()
    lab.run("\(Self.small); record session.gfn")
    lab.run("let t = train 100000 every=2", observer: lab.interrupting(1, rows: false))
    lab.run(
      "for w in [\"foo\"] { train 1; train 100000 every=2 }",
      observer: lab.interrupting(1, rows: false))
    lab.run("let s = -3; let z = 1 / 0")
    lab.run("if true { train 2; let q = 3; exit }")
    let question = "let n = len($t); evaluate"
    let end = lab.result(question)
    let (script, answer) = try replay(lab, question)
    #expect(answer == end)
    #expect(script.contains("let t = train "))
    #expect(script.contains("every=2  # of 100000"))
    #expect(script.contains("let w = \"foo\""))
  }

  @Test func recordsOfGivenTextsAndIncludesReplay() throws {
    let lab = try Lab()
    try FileManager.default.createDirectory(
      at: lab.folder.appendingPathComponent("sub"), withIntermediateDirectories: true)
    try lab.write("def hello() { train 2 }\n", to: "sub/lib.gfn")
    lab.run("\(Self.small); record session.gfn; include \"sub/lib.gfn\"; hello")
    let end = lab.result("evaluate")
    #expect(try replay(lab, "evaluate").answer == end)
    lab.run("record other.gfn")
    let session = Session(
      commands: .program(), bench: Workbench(threads: 1),
      options: SessionOptions(
        workingDirectory: lab.folder.path, prebound: ["m": "RL-G", "n": "+5"]))
    _ = session.execute(
      Cell(
        source: "let m ?= \"TB-U\"; let n ?= 1; \(Self.small); method $m; record \"session.gfn\"")
    ) { _ in }
    #expect(try replay(lab, "show").answer.contains("RL-G"))
  }

  @Test func looksAfterAnUndoneSeedReplay() throws {
    for restart in ["seed 5", "reset"] {
      let lab = try Lab()
      lab.run("\(Self.small); record session.gfn")
      lab.run("sample 2")
      lab.run(restart)
      lab.run("undo")
      let end = lab.result("sample 3")
      let script = try String(
        contentsOf: lab.folder.appendingPathComponent("session.gfn"), encoding: .utf8)
      #expect(try Lab().result(script) == end, "\(restart)")
    }
  }

  @Test func undoKeepsTheLoadedBatchOnlyWhereItFits() throws {
    let lab = try Lab()
    lab.run("\(Self.small); trajectories save t.json 5; trajectories load t.json")
    let loss = lab.result("gradient")
    lab.run("env hypergrid dim=3 side=4; undo")
    #expect(lab.result("gradient") == loss)
    lab.run("env hypergrid dim=3 side=4; env hypergrid side=8; trajectories load t.json; undo")
    #expect(lab.code("gradient") == "none")
  }

  @Test func recordsAreSavedAsTablesOfOneRow() throws {
    let lab = try Lab()
    lab.run("\(Self.small); let e = evaluate; save $e to=e.csv")
    let text = try String(contentsOf: lab.folder.appendingPathComponent("e.csv"), encoding: .utf8)
    #expect(text.hasPrefix("exact,tv,"))
    #expect(text.split(separator: "\n").count == 2)
  }

  @Test func aRunThatEndsByTheClockIsRecordedByItsSteps() throws {
    let lab = try Lab()
    lab.run("\(Self.small); record session.gfn")
    lab.run("train 1000000 every=1 until=\"seconds > 0.01\"")
    _ = lab.result("show")
    let step = lab.number("step")
    #expect(step > 0 && step < 1_000_000)
    let script = try String(
      contentsOf: lab.folder.appendingPathComponent("session.gfn"), encoding: .utf8)
    #expect(script.contains("train \(Int(step)) every=1  # of 1000000"))
    #expect(lab.code("train 5 until=\"step\"") == "type-mismatch")
    _ = lab.result("show")
    #expect(lab.number("step") == step)
  }

  @Test func optionsWithoutEffectAreRefused() throws {
    let lab = try Lab()
    #expect(lab.code("method TB-U damping=3") == "option")
    #expect(lab.code("method RL-U check=authors") == "option")
    #expect(lab.code("method RL-B threshold=1") == "option")
    #expect(lab.code("objective tb lambda=0.5") == "option")
    #expect(lab.code("backward uniform steps=2") == "option")
    #expect(lab.code("method RL-T damping=0.1 check=authors") == "none")
  }

  @Test func theFisherMatrixTakesAShareOfTheStates() throws {
    let lab = try Lab()
    #expect(lab.code("method TB-U fisher=0.5") == "option")
    #expect(lab.code("\(Self.small); objective trpo fisher=0.25 damping=0.01; train 2") == "none")
    let script = lab.session.workbench.script
    #expect(script.contains("method RL-T damping=0.01 fisher=0.25"))
    let other = try Lab()
    #expect(other.run(script) == .done)
    #expect(other.result("train 2") == lab.result("reset; train 2"))
    #expect(lab.code("method RL-T fisher=1") == "none")
    #expect(!lab.session.workbench.script.contains("fisher"))
    for share in ["0", "1.5", "-1"] {
      #expect(lab.code("objective trpo fisher=\(share)") == "out-of-range")
      #expect(
        lab.failures.first?.message
          == "'fisher' is \(share), but must be greater than 0 and at most 1")
    }
  }

  @Test func aGuideThatHoldsNothingBackIsTold() throws {
    let lab = try Lab()
    lab.run("\(Self.small); method RL-G threshold=0.001; train 1")
    #expect(lab.notices.contains { $0.contains("guide's threshold") })
    lab.run("method RL-G; train 1")
    #expect(!lab.notices.contains { $0.contains("guide's threshold") })
  }

  @Test func changingTheRewardKeepsThePolicy() throws {
    let lab = try Lab()
    _ = lab.result("\(Self.small); train 20; evaluate")
    let entropyBefore = lab.number("mean_reward")
    _ = lab.result("reward r0=0.1; evaluate")
    #expect(lab.number("step") == 20)
    #expect(lab.number("evaluations") == 0)
    #expect(lab.number("mean_reward") > entropyBefore)
  }
}

/// Scripts under docs/examples with values of a test's own; that all of them run as they are is tested where
/// the documentation is.
@Suite struct ExampleTests {
  private static let folder =
    #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/docs/examples"

  private static let measurements = "\(folder)/../../data/SIX6_REF_R1_8mers.txt"
  private static var hasMeasurements: Bool {
    FileManager.default.fileExists(atPath: measurements)
  }

  private func outcome(_ name: String, _ prebound: [String: String] = [:]) throws -> Outcome {
    let script = try String(contentsOfFile: "\(Self.folder)/\(name).gfn", encoding: .utf8)
    let session = Session(
      commands: .program(), bench: Workbench(),
      options: SessionOptions(workingDirectory: Self.folder, prebound: prebound))
    var failures: [String] = []
    let outcome = session.execute(Cell(source: script, name: name)) { event in
      if case .failure(let diagnostic) = event { failures.append(diagnostic.rendered()) }
    }
    #expect(failures == [])
    return outcome
  }

  @Test func hypergridRunsToItsEnd() throws {
    #expect(try outcome("hypergrid", ["steps": "2"]) == .done)
  }

  @Test func bayesnetRunsToItsEnd() throws {
    #expect(
      try outcome(
        "bayesnet", ["steps": "4", "data": "bayesnet.csv", "truth": "bayesnet-truth.csv"]) == .done)
  }

  @Test func tfbind8SaysWhereItsDataComesFrom() throws {
    #expect(try outcome("tfbind8", ["rewards": "nowhere.txt"]) == .exit(1))
  }

  @Test(.enabled(if: hasMeasurements, "data/SIX6_REF_R1_8mers.txt is not at hand"))
  func tfbind8RunsOnTheRealTable() throws {
    #expect(try outcome("tfbind8", ["rewards": Self.measurements, "steps": "2"]) == .done)
  }
}
