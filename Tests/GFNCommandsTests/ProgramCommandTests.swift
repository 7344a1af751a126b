import Foundation
import GFNCore
import GFNParameters
import GFNTestSupport
import Testing

@testable import GFNCommands
@testable import GFNLanguage

/// `program=` on `env` and `reward`.
@Suite struct ProgramCommandTests {
  private static let small = "policy layers=1 hidden=16; critic layers=1 hidden=16"
  private static let program = """
    import json, sys
    for line in sys.stdin:
        q = json.loads(line)
        if "objects" not in q: continue
        with open(sys.argv[1], "a") as file: file.writelines(w + "\\n" for w in q["objects"])
        print(json.dumps({"id": q["id"], "scores": [SCORE for w in q["objects"]]}), flush=True)

    """

  /// A session that may start Python, with a program that writes down what it scores.
  private struct Bench {
    let lab: Lab
    let command: String

    init(_ score: String = "0.5 + w.count(\"G\")", permission: ProgramPermission = .all) throws {
      lab = try Lab(permission: permission)
      try lab.write(program.replacing("SCORE", with: score), to: "score.py")
      let folder = lab.folder.path
      command = "program=\"python3 \(folder)/score.py \(folder)/asked\""
    }

    var asked: [String] {
      let text = try? String(contentsOf: lab.folder.appending(path: "asked"), encoding: .utf8)
      return text?.split(separator: "\n").map(String.init) ?? []
    }
  }

  private static let words = "env sequence length=5 alphabet=ACGT mode=append"

  @Test func aProgramIsAskedOnceForEachObjectAndTrainsAsAFormulaDoes() throws {
    let bench = try Bench()
    func trained(_ lab: Lab, _ environment: String) throws -> Network? {
      #expect(
        lab.run(
          "\(Self.small); \(environment); method TB-U; explore replay=objects; train 8 batch=16")
          == .done, "\(lab.failures.map { $0.rendered() })")
      return lab.session.workbench.training?.networks[.forwardPolicy]
    }
    let own = try trained(bench.lab, "\(Self.words) \(bench.command) workers=2 cache=scores.db")
    #expect(own == (try trained(Lab(), "\(Self.words) reward=\"0.5 + count(x, 'G')\"")))
    let asked = bench.asked
    #expect(!asked.isEmpty && Set(asked).count == asked.count)
    #expect(
      bench.lab.run("let e = evaluate samples=50 heldout=5; print $e.program_evaluations") == .done)
    #expect(bench.lab.printed == ["\(bench.asked.count)"])
    #expect(Set(bench.asked).count == bench.asked.count)
    #expect(bench.lab.run("top 3; sample 2; trace; inspect _; plot logo; plot histogram") == .done)
    #expect(bench.lab.notices.contains { $0.contains("that the program has scored") })
    // The same again, from the cache alone.
    let before = bench.asked.count
    #expect(own == (try trained(bench.lab, "\(Self.words) \(bench.command) cache=scores.db")))
    #expect(bench.asked.count == before)
  }

  @Test func whatNeedsAllObjectsAsksForAll() throws {
    let bench = try Bench()
    #expect(
      bench.lab.run(
        "\(Self.small); env sequence length=3 alphabet=ACGT \(bench.command); method TB-U; train 2 batch=4"
      )
        == .done, "\(bench.lab.failures.map { $0.rendered() })")
    #expect(bench.lab.run("evaluate") == .done)
    #expect(bench.lab.notices.contains { $0.contains("'evaluate exact' asks it for all") })
    _ = bench.lab.result("evaluate exact")
    #expect(bench.asked.count == 64 && Set(bench.asked).count == 64)
    #expect(abs(bench.lab.number("log_z_exact") - log(64 * (0.5 + 0.75))) < 1e-9)
    // Now it is as good as a table.
    #expect(bench.lab.run("evaluate; solve; verify; top 3 by=error") == .done)
    #expect(bench.asked.count == 64)
    #expect(
      bench.lab.run(
        "policy layers=1 hidden=8; env sequence length=12 alphabet=ACGT \(bench.command)") == .done,
      "\(bench.lab.failures.map { $0.rendered() })")
    #expect(bench.lab.code("evaluate exact") == "too-large")
    #expect(bench.lab.code("solve") == "too-large")
  }

  @Test(arguments: ["FM", "ModDB-U", "RL-G threshold=0.6"])
  func objectivesThatReadOtherRewardsAskForThem(_ method: String) throws {
    let bench = try Bench("0.5 + 0.1 * len(w)")
    #expect(
      bench.lab.run(
        "\(Self.small); env hypergrid side=4 \(bench.command); method \(method); train 3 batch=8")
        == .done, "\(bench.lab.failures.map { $0.rendered() })")
    #expect(Set(bench.asked).count == bench.asked.count)
    #expect(Set(bench.asked).count > 8)
  }

  @Test func whatItReturnsIsSaid() throws {
    let logs = try Bench("-0.5 * w.count(\"A\")")
    #expect(
      logs.lab.run(
        "env sequence length=3 alphabet=ACGT \(logs.command) returns=log_reward; evaluate exact")
        == .done, "\(logs.lab.failures.map { $0.rendered() })")
    #expect(abs(logs.lab.number("log_z_exact") - 3 * log(3 + exp(-0.5))) < 1e-9)
    let scores = try Bench("w.count(\"A\") - 1")
    #expect(
      scores.lab.run(
        "env sequence length=2 alphabet=AC \(scores.command) returns=score min=0.5 exponent=2; evaluate exact"
      )
        == .done, "\(scores.lab.failures.map { $0.rendered() })")
    #expect(scores.lab.notices.contains("a score y becomes the reward max(y, 0.5)^2"))
    #expect(abs(scores.lab.number("log_z_exact") - log(1 + 0.25 * 3)) < 1e-9)
    #expect(
      scores.lab.code("env sequence length=2 alphabet=AC \(scores.command) returns=score max=10")
        == "option")
    #expect(
      scores.lab.code("env sequence length=2 alphabet=AC \(scores.command) exponent=3") == "option")
  }

  @Test func aRewardOfAProgramTakesTheFormersPlace() throws {
    let bench = try Bench()
    #expect(
      bench.lab.run(
        """
        \(Self.small); \(Self.words) reward="1 + count(x, 'A')"; method TB-U; train 4 batch=8
        reward \(bench.command) cache=scores.db; train 2 batch=8
        """) == .done, "\(bench.lab.failures.map { $0.rendered() })")
    #expect(bench.lab.session.workbench.training?.step == 6)
    #expect(bench.lab.run("reward reward=\"1\"; train 1 batch=8") == .done)
    #expect(bench.lab.session.workbench.environment?.program == nil)
    #expect(bench.lab.run("undo 2; train 1 batch=8") == .done)
    #expect(bench.lab.session.workbench.environment?.program != nil)
  }

  @Test func aFaultKeepsTheLastWholeStep() throws {
    // From the hundredth object on it answers nonsense.
    let bench = try Bench(
      "(0.5 + w.count(\"G\")) if sum(1 for _ in open(sys.argv[1])) < 100 else \"high\"")
    let lab = bench.lab
    #expect(
      lab.run(
        "\(Self.small); \(Self.words) \(bench.command) cache=scores.db; method TB-U; train 50 batch=16"
      )
        == .failed)
    let failure = try #require(lab.failures.first)
    #expect(failure.code == "program")
    for word in ["the text 'high' as a score", "twice", "printf", "python3"] {
      #expect(failure.message.contains(word), "\(failure.message)")
    }
    let step = try #require(lab.session.workbench.training?.step)
    #expect(step > 2 && step < 20)
    // The state is that of so many whole steps.
    let again = try Lab()
    #expect(
      again.run(
        "\(Self.small); \(Self.words) reward=\"0.5 + count(x, 'G')\"; method TB-U; train \(step) batch=16"
      )
        == .done)
    #expect(
      again.session.workbench.training?.networks[.forwardPolicy]
        == lab.session.workbench.training?.networks[.forwardPolicy])
  }

  @Test func onlyWhatIsPermittedIsStarted() throws {
    for (permission, isRun) in [
      (ProgramPermission.none, false), (.named(["python3"]), true), (.named(["ruby"]), false),
      (.all, true),
    ] {
      let bench = try Bench(permission: permission)
      let code = bench.lab.code("\(Self.words) \(bench.command); method TB-U; train 1 batch=4")
      #expect(code == (isRun ? "none" : "run-refused"))
      if !isRun {
        #expect(
          bench.lab.failures.first?.rendered().contains("--allow-run python3") == true,
          "\(bench.lab.failures.map { $0.rendered() })")
        #expect(bench.asked.isEmpty)
      }
    }
    // What a person types may; what they only name may not.
    let bench = try Bench(permission: .none)
    let statement = "\(Self.words) \(bench.command)"
    var codes: [String] = []
    func type(_ source: String) -> Outcome {
      bench.lab.session.execute(Cell(source: source, isTyped: true)) { event in
        if case .failure(let diagnostic) = event { codes.append(diagnostic.code) }
      }
    }
    #expect(type("\(statement); method TB-U; train 1 batch=4") == .done)
    try bench.lab.write(statement, to: "other.gfn")
    #expect(type("include \"other.gfn\"") == .failed)
    #expect(codes == ["run-refused"])
    // A checkpoint that names a program starts none.
    #expect(
      type("\(Self.small); \(statement); method TB-U; train 1 batch=4; save a.safetensors") == .done
    )
    let alone = try Lab()
    let file = bench.lab.folder.appending(path: "a.safetensors").path
    #expect(alone.code("load \"\(file)\" resume=true") == "run-refused")
  }

  @Test func aMissingProgramAndACacheThatIsNoneAreFoundAtOnce() throws {
    let lab = try Lab(permission: .all)
    #expect(lab.code("\(Self.words) program=\"no-such-program-at-all\"") == "program")
    #expect(lab.failures.first?.message.contains("PATH") == true)
    #expect(lab.code("\(Self.words) program=\"python3 'x\"") == "program")
    #expect(lab.code("\(Self.words) program=\"\"") == "program")
    try lab.write("a,b\n1,2\n", to: "table.csv")
    let bench = "program=\"python3 x.py\""
    #expect(lab.code("\(Self.words) \(bench) cache=table.csv") == "program")
    #expect(lab.failures.first?.message.contains("no cache of scores") == true)
    #expect(lab.code("\(Self.words) \(bench) cache=\"/etc/scores.db\"") == "write-refused")
    try lab.write("let x = 1\n", to: "running.gfn")
    lab.session.files.note(input: "running.gfn", as: .script)
    #expect(lab.code("\(Self.words) \(bench) cache=running.gfn") == "file-unwritable")
  }

  @Test func checkFindsWhatIsWrongBeforeAnythingRuns() throws {
    let lab = try Lab(permission: .all)
    for (script, code) in [
      ("env hypergrid program=\"x\" worker=2", "unknown-option"),
      ("env hypergrid program=\"x\" workers=0", "out-of-range"),
      ("env hypergrid returns=loss", "unknown-word"),
      ("environment w(n=3) {\n cells x[n] in 0..1\n}\nenv w m=2", "unknown-option"),
    ] {
      let found = lab.session.check(Cell(source: script))
      #expect(found.map(\.code) == [code], "\(script)")
    }
  }
}
