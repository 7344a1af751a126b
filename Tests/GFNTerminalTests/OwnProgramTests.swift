import Foundation
import GFNTestSupport
import Testing

/// A program of the user's beside the whole program: permission, and what a kill leaves.
@Suite struct OwnProgramTests {
  private static let program = """
    import json, os, sys, time
    print(os.getpid(), file=open("pids", "a"))
    for line in sys.stdin:
        q = json.loads(line)
        if "objects" not in q: continue
        time.sleep(float(os.environ.get("PAUSE", "0")))
        with open("asked", "a") as file: file.writelines(w + "\\n" for w in q["objects"])
        print(json.dumps({"id": q["id"], "scores": [0.5 + w.count("G") for w in q["objects"]]}), flush=True)

    """

  private static let script = """
    policy layers=1 hidden=16
    env sequence length=12 alphabet=ACGT mode=append program="python3 score.py" workers=2 cache=scores.db
    method TB-U; explore replay=objects; train 30 batch=16 every=10; top 3; evaluate samples=50

    """

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(Self.program, to: "score.py")
    try folder.write(Self.script, to: "run.gfn")
    return folder
  }

  private func lines(_ name: String, in folder: TemporaryFolder) -> [String] {
    (try? folder.read(name))?.split(separator: "\n").map(String.init) ?? []
  }

  private func isGone(_ processes: [String]) -> Bool {
    for _ in 0..<200 {
      if processes.compactMap({ Int32($0) }).allSatisfy({ kill($0, 0) != 0 }) { return true }
      usleep(10_000)
    }
    return false
  }

  @Test func afterAKillNothingIsScoredTwiceAndTheNumbersAreTheSame() throws {
    let whole = try folder()
    let expected = try ProgramUnderTest.run(
      ["run", "--allow-run", "python3", "run.gfn"], in: whole.url)
    #expect(expected.status == 0, "\(expected.errors)")
    let all = lines("asked", in: whole)
    #expect(all.count > 100 && Set(all).count == all.count)
    #expect(isGone(lines("pids", in: whole)))

    let torn = try folder()
    let process = Process()
    process.executableURL = URL(filePath: try ProgramUnderTest.path)
    process.arguments = ["run", "--allow-run", "python3", "run.gfn"]
    process.currentDirectoryURL = torn.url
    process.environment = torn.environment.merging(["PAUSE": "0.05"]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    while process.isRunning, lines("asked", in: torn).count < 60 { usleep(5_000) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    #expect(isGone(lines("pids", in: torn)), "a program has survived")
    let asked = lines("asked", in: torn)
    #expect(asked.count < all.count)

    let again = try ProgramUnderTest.run(
      ["run", "--allow-run", "python3", "run.gfn"], in: torn.url)
    #expect(again.status == 0, "\(again.errors)")
    func numbers(_ output: String) -> String {
      output.split(separator: "\n").filter { !$0.contains("program_evaluations") }
        .joined(separator: "\n")
    }
    #expect(numbers(again.output) == numbers(expected.output))
    // What was at the program when it was killed was not answered: at most a question a worker.
    let total = lines("asked", in: torn)
    #expect(Set(total) == Set(all))
    #expect(total.count - Set(total).count <= 32)
  }

  @Test func withoutPermissionItSaysTheLineToAdd() throws {
    let folder = try folder()
    let refused = try ProgramUnderTest.run(["run", "run.gfn"], in: folder.url)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("start gfn with --allow-run python3"))
    #expect(lines("asked", in: folder).isEmpty)
    // It passes the check, which starts nothing.
    let checked = try ProgramUnderTest.run(["check", "run.gfn"], in: folder.url)
    #expect(checked.status == 0)
  }

  @Test(
    arguments: [
      ["--allow-run", "python3", "run", "run.gfn"], ["run", "--allow-run", "run.gfn"],
      ["run", "run.gfn", "--allow-run"], ["--allow-run", "run.gfn"],
      ["run", "--allow-run", "ruby", "--allow-run", "python3", "run.gfn"],
    ])
  func theOptionStandsWhereOthersDo(arguments: [String]) throws {
    let folder = try folder()
    try folder.write(
      "env sequence length=3 alphabet=AC program=\"python3 score.py\"\nevaluate exact\n",
      to: "run.gfn")
    let run = try ProgramUnderTest.run(arguments, in: folder.url)
    #expect(run.status == 0, "\(run.errors)")
    #expect(lines("asked", in: folder).count == 8)
  }

  @Test func aNotebookCarriesTheDeclaration() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      environment coins(n=3) {
        cells coin[n] in 0..1
        action turn(i in 0..n-1) { coin[i]: 0 -> 1 }
        reward 1 + sum(coin)
      }
      env coins n=4
      print (evaluate).log_z_exact

      """, to: "coins.gfn")
    for name in ["coins.ipynb", "coins.html", "coins.md"] {
      let made = try ProgramUnderTest.run(["export", "coins.gfn", "-o", name], in: folder.url)
      #expect(made.status == 0, "\(made.errors)")
      #expect(try folder.read(name).contains("turn"))
    }
    let back = try ProgramUnderTest.run(
      ["import", "coins.ipynb", "-o", "back.gfn"], in: folder.url)
    #expect(back.status == 0, "\(back.errors)")
    let run = try ProgramUnderTest.run(["run", "back.gfn"], in: folder.url)
    #expect(run.status == 0 && run.output.contains("3.8712"), "\(run.errors) \(run.output)")
  }
}
