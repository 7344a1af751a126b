import Foundation
import GFNCore
import GFNLanguage
import GFNParameters
import GFNPrograms

/// Problems of one's own: declared environments, formulas and programs, beside what ships.
extension Bench {
  func own(_ output: Output) throws {
    if isWanted("own grid") { try declaredGrid(output) }
    if isWanted("own formula") { try formulas(output) }
    if isWanted("own program") { try programs(output) }
  }

  private static let grid = """
    environment grid(dim=2, side=64) {
      cells x[dim] in 0..side-1
      action up(i in 0..dim-1) { x[i]: +1 }
      reward 0.01 + 0.5 * all(2*abs(2*x[i]-side+1) > side-1 for i in 0..dim-1) + 2 * all(5*abs(2*x[i]-side+1) > 3*(side-1) and 5*abs(2*x[i]-side+1) < 4*(side-1) for i in 0..dim-1)
    }
    """

  private static let noFiles = FileReader { _ in [] }

  // MARK: - A declared grid beside the shipped one

  private func declaredGrid(_ output: Output) throws {
    let shipped = try BenchEnvironment.grid(2, 64, warmUp: 0).make()
    let kind = EnvironmentKind.declared(try EnvironmentDeclaration(Self.grid))
    let declared = try kind.make(Options(), Self.noFiles)
    let item = BenchEnvironment.grid(2, 64, warmUp: isQuick ? 50 : 200)
    let trained = try trained(item, shipped)
    var steps: [[Double]] = [[], []]
    let trainers = try [shipped, declared].map { try Trainer($0, trained, pool) }
    var states = [trained, trained]
    // One after the other, so that both meet the same machine.
    for round in 0..<(isQuick ? 30 : 150) {
      for place in 0..<2 {
        let seconds = try Machine.seconds {
          _ = try trainers[place].step(&states[place], batch: 128)
        }
        if round >= 10 { steps[place].append(seconds) }
      }
    }
    output.own("own grid 64x64: TB-U step", median(steps[1]), beside: median(steps[0]))
    var walks: [[Double]] = [[], []]
    for _ in 0..<9 {
      for (place, environment) in [shipped, declared].enumerated() {
        walks[place].append(Machine.seconds { Self.walk(environment, steps: 200_000) })
      }
    }
    output.own(
      "own grid 64x64: 200,000 masks and steps", median(walks[1]), beside: median(walks[0]))
    var evaluations: [[Double]] = [[], []]
    for _ in 0..<(isQuick ? 3 : 9) {
      for (place, environment) in [shipped, declared].enumerated() {
        let evaluation = ExactEvaluation(environment, pool)
        evaluations[place].append(
          try Machine.seconds { _ = try evaluation.terminatingProbabilities(trained) })
      }
    }
    output.own("own grid 64x64: evaluate", median(evaluations[1]), beside: median(evaluations[0]))
  }

  /// Masks both ways, an action and its undoing, all over the states.
  private static func walk(_ environment: any Environment, steps: Int) {
    let actions = environment.forwardActionCount
    withUnsafeTemporaryAllocation(of: Bool.self, capacity: 2 * actions) { masks in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: environment.stateWidth) { cells in
        guard let mask = masks.baseAddress, let state = cells.baseAddress else { return }
        environment.initialState(into: state)
        var taken = 0
        for step in 0..<steps {
          environment.forwardMask(state, into: mask)
          environment.backwardMask(state, into: mask + actions)
          let action = step % (actions - 1)
          if mask[action] {
            _ = environment.step(state, forward: action)
            taken += 1
          } else {
            environment.initialState(into: state)
          }
        }
        precondition(taken > 0)
      }
    }
  }

  // MARK: - Formulas

  private func formulas(_ output: Output) throws {
    // Ten operations: four in each bracket's middle, a product, a sum.
    let formula = try Formula(
      "0.1 + (x[0] - 3) * (x[1] + 2) / 7 + abs(x[0] - x[1]) * 0.5 + x[1] * x[0]",
      variables: ["x"])
    let code = try FormulaCompiler.compile(
      formula.formula.tree, FormulaNames(["x": .cells(first: 0, count: 2)]))
    let count = 10_000_000
    let times = (0..<3).map { _ in
      Machine.seconds {
        var sum = 0.0
        var state: (Int32, Int32) = (0, 0)
        withUnsafeMutablePointer(to: &state) { pointer in
          pointer.withMemoryRebound(to: Int32.self, capacity: 2) { cells in
            for number in 0..<count {
              cells[0] = Int32(truncatingIfNeeded: number & 63)
              cells[1] = Int32(truncatingIfNeeded: number >> 6 & 63)
              sum += code(cells)
            }
          }
        }
        precondition(sum > 0)
      }
    }
    output.own("own formula of ten operations: evaluations/s", rate: Double(count) / median(times))
    let options = Options([
      ("side", .number(1024)),
      ("reward", .formula(try Formula("exp(-sum((u - 0.7)^2))", variables: ["u"]).formula)),
    ])
    var states: any Environment = try BenchEnvironment.grid(2, 64, warmUp: 0).make()
    let check = try Machine.seconds {
      guard let kind = EnvironmentKind.named("hypergrid") else { return }
      states = try kind.make(options, Self.noFiles)
    }
    var configuration = try Self.configuration("TB-U")
    configuration.policy.isTabular = true
    let state = try TrainingState(configuration, in: states, seed: 0)
    let solve = try Machine.seconds {
      let flow = try BalancedFlow(states, state, pool)
      _ = try flow.solution(of: state)
    }
    output.own("own formula at 1024x1024: check", seconds: check)
    output.own("own formula at 1024x1024: solve", seconds: solve)
  }

  // MARK: - Programs

  private func programs(_ output: Output) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "gfn-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let script = folder.appending(path: "score.py")
    try """
    import json, sys, time
    pause = float(sys.argv[1])
    for line in sys.stdin:
        q = json.loads(line)
        if "objects" not in q: continue
        if pause: time.sleep(pause * len(q["objects"]))
        print(json.dumps({"id": q["id"], "scores": [1.0 + w.count("A") for w in q["objects"]]}), flush=True)
    """.write(to: script, atomically: true, encoding: .utf8)
    func scorer(_ pause: Double, workers: Int, cache: String? = nil) throws -> ProgramScorer {
      try ProgramScorer(
        ScoringRequest(
          command: "python3 '\(script.path)' \(pause)", workers: workers, cache: cache,
          environment: "words")
      ) { _ in }
    }
    guard (try? scorer(0, workers: 1)) != nil else { return }
    var number = 0
    func words(_ count: Int) -> [String] {
      (0..<count).map { _ in
        number += 1
        return "ACGT\(number)"
      }
    }
    for cache in [nil, folder.appending(path: "scores.db").path] {
      let quick = try scorer(0, workers: 1, cache: cache)
      _ = try quick.scores(of: words(128))
      let rounds = try (0..<100).map { _ in
        let asked = words(128)
        return try Machine.seconds { _ = try quick.scores(of: asked) }
      }
      output.own(
        "own program: 128 new objects\(cache == nil ? "" : ", kept in a cache")",
        median(rounds), beside: try Self.secondsAlone(script.path, words(128)))
    }
    var times: [Double] = []
    for workers in [1, 2] {
      let slow = try scorer(0.01, workers: workers)
      _ = try slow.scores(of: words(workers))
      let asked = words(128)
      times.append(try Machine.seconds { _ = try slow.scores(of: asked) })
    }
    output.own("own program: 128 objects of 10 ms, one worker", times[0], beside: times[1])
    try cachedSteps(output, folder, script.path)
  }

  /// What the program needs for a question by itself: the line is there, and nobody waits for its answer.
  private static func secondsAlone(_ script: String, _ words: [String]) throws -> Double {
    let times = 2_000
    let measuring = """
      import io, json, runpy, sys, time
      line = json.dumps({"id": 1, "objects": json.loads(sys.argv[2])}) + "\\n"
      sys.stdin, out = io.StringIO(line * \(times)), sys.stdout
      sys.argv, sys.stdout = [sys.argv[1], "0"], io.StringIO()
      start = time.perf_counter()
      runpy.run_path(sys.argv[0])
      out.write(str((time.perf_counter() - start) / \(times)))
      """
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", measuring, script, JSONNode.list(words.map { .text($0) }).text(),
    ]
    process.standardOutput = output
    try process.run()
    let text = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Double(text) ?? .nan
  }

  /// Steps when the program has scored everything, beside those with a table.
  private func cachedSteps(_ output: Output, _ folder: URL, _ script: String) throws {
    guard let kind = EnvironmentKind.named("sequence") else { return }
    let shape: [(name: String, value: OptionValue)] = [
      ("mode", .text("append")), ("length", .number(8)), ("alphabet", .text("ACGT")),
    ]
    let table = try BenchEnvironment(
      name: "", kind: "sequence",
      options: Options(shape + [("rewards", .text("table"))]), warmUp: 0
    ).make()
    let reader = FileReader(
      { _ in [] },
      scorer: { try ProgramScorer($0) { _ in } })
    let asked = try kind.make(
      Options(shape + [("program", .text("python3 '\(script)' 0"))]), reader)
    // All of it is known beforehand.
    _ = try TargetDistribution(asked, pool)
    let environments = [table, asked]
    let trainers = try environments.map { environment in
      let state = try TrainingState(try Self.configuration("TB-U"), in: environment, seed: 1)
      return (try Trainer(environment, state, pool), state)
    }
    var states = trainers.map(\.1)
    var steps: [[Double]] = [[], []]
    for round in 0..<(isQuick ? 30 : 150) {
      for place in 0..<2 {
        let seconds = try Machine.seconds {
          _ = try trainers[place].0.step(&states[place], batch: 128)
        }
        if round >= 10 { steps[place].append(seconds) }
      }
    }
    output.own("own program, all known: TB-U step", median(steps[1]), beside: median(steps[0]))
  }
}
