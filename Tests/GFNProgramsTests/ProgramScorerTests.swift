import Dispatch
import Foundation
import GFNParameters
import GFNTestSupport
import Glibc
import Synchronization
import Testing

@testable import GFNPrograms

@Suite(.serialized) struct ProgramScorerTests {
  /// A Python program below a temporary folder.
  private struct Script {
    let folder: TemporaryFolder
    let path: String

    init(_ body: String) throws {
      folder = try TemporaryFolder()
      path = folder.path + "/score.py"
      try folder.write(Self.head + body + "\n", to: "score.py")
    }

    var command: String { "python3 '\(path)'" }

    /// Reads questions as `ids` and `words`, and answers by `answer(id, words)`.
    private static let head = """
      import json, os, signal, sys, time
      def value(word): return 0.5 + word.count("A")
      def say(**fields): print(json.dumps(fields), flush=True)
      def questions():
          for line in sys.stdin:
              q = json.loads(line)
              if "objects" in q: yield q["id"], q["objects"]

      """
  }

  private static let plain = """
    for id, words in questions(): say(id=id, scores=[value(w) for w in words])
    """

  private static func scorer(
    _ script: Script, workers: Int = 1, cache: String? = nil, timeout: Double = 5,
    returns: String = "reward", interruption: Interruption? = nil,
    _ say: @escaping @Sendable (String) -> Void = { _ in }
  ) throws -> ProgramScorer {
    try ProgramScorer(
      ScoringRequest(
        command: script.command, workers: workers, cache: cache, timeout: timeout,
        returns: returns, environment: "words"),
      interruption: interruption, standardError: say)
  }

  private static let words = (0..<50).map { "A\(String(repeating: "A", count: $0 % 7))C\($0)" }

  private static func value(_ word: String) -> Double { 0.5 + Double(word.count { $0 == "A" }) }

  /// No process of these groups is left.
  private static func areGone(_ groups: [pid_t]) -> Bool {
    for _ in 0..<200 {
      if groups.allSatisfy({ kill(-$0, 0) != 0 && errno == ESRCH }) { return true }
      usleep(10_000)
    }
    return false
  }

  @Test(arguments: [1, 2, 3, 7]) func scoresDoNotDependOnTheWorkers(workers: Int) throws {
    let script = try Script(Self.plain)
    let scorer = try Self.scorer(script, workers: workers)
    #expect(try scorer.scores(of: Self.words) == Self.words.map(Self.value))
    #expect(scorer.evaluations == 50)
    #expect(try scorer.scores(of: ["AAC0", "A1"]) == [2.5, 1.5])
    #expect(try scorer.scores(of: Self.words) == Self.words.map(Self.value))
    #expect(scorer.evaluations == 52)
    let groups = scorer.groups
    #expect(groups.count == workers)
    scorer.close()
    #expect(Self.areGone(groups))
  }

  @Test func aLargeQuestionAndItsAnswerDoNotBlockEachOther() throws {
    // It answers while it still reads: both pipes fill.
    let script = try Script(
      """
      for id, words in questions(): say(id=id, scores=[float(len(w)) for w in words])
      """)
    let scorer = try Self.scorer(script)
    let words = (0..<60_000).map { "W\($0)" }
    #expect(try scorer.scores(of: words) == words.map { Double($0.count) })
  }

  @Test func whatWasScoredIsKeptFromRunToRun() throws {
    let script = try Script(Self.plain)
    let cache = script.folder.path + "/scores.db"
    do {
      let scorer = try Self.scorer(script, workers: 2, cache: cache)
      _ = try scorer.scores(of: Self.words)
    }
    let later = try Self.scorer(script, cache: cache)
    #expect(try later.scores(of: Self.words) == Self.words.map(Self.value))
    #expect(later.evaluations == 0)
    #expect(later.groups.isEmpty)
    // Another question of the same objects is another problem.
    let other = try Self.scorer(script, cache: cache, returns: "log_reward")
    _ = try other.scores(of: ["A1"])
    #expect(other.evaluations == 1)
    // Two that use the file at once see what the other has kept.
    let first = try Self.scorer(script, cache: cache)
    let second = try Self.scorer(script, cache: cache)
    _ = try first.scores(of: ["AAA1"])
    _ = try second.scores(of: ["AAA2"])
    _ = try second.scores(of: ["AAA1"])
    #expect(first.evaluations == 1 && second.evaluations == 1)
  }

  @Test func aFileThatIsNoCacheIsRefusedAndLeft() throws {
    let script = try Script(Self.plain)
    try script.folder.write("object,score\n", to: "table.csv")
    let error = #expect(throws: ProgramFault.self) {
      try Self.scorer(script, cache: script.folder.path + "/table.csv")
    }
    #expect(error?.reason.contains("no cache") == true)
    #expect(try script.folder.read("table.csv") == "object,score\n")
  }

  private struct Wrong: Sendable, CustomTestStringConvertible {
    var name: String
    var body: String
    var reason: String
    var testDescription: String { name }

    init(_ name: String, _ reason: String, _ body: String) {
      self.name = name
      self.body = body
      self.reason = reason
    }
  }

  private static let wrongs: [Wrong] = [
    Wrong("exits", "ended with status 3", "print('no model', file=sys.stderr); sys.exit(3)"),
    Wrong(
      "exits in the middle", "ended with status 1",
      "for id, words in questions(): raise ValueError('bad word')"),
    Wrong("dies by a signal", "signal 9", "os.kill(os.getpid(), 9)"),
    Wrong("hangs", "silent for 0.3 s", "time.sleep(1000)"),
    Wrong(
      "too few scores", "1 score for 3 objects",
      "for id, words in questions(): say(id=id, scores=[1.0])"),
    Wrong(
      "NaN", "no finite number",
      "for id, words in questions(): say(id=id, scores=[float('nan')] * 3)"),
    Wrong(
      "text", "the text 'high'", "for id, words in questions(): say(id=id, scores=['high'] * 3)"),
    Wrong("null", "null", "for id, words in questions(): say(id=id, scores=[1, None, 2])"),
    Wrong(
      "negative", "the reward -1", "for id, words in questions(): say(id=id, scores=[1, -1, 2])"),
    Wrong(
      "no newline", "without an end of the line",
      "for id, words in questions():\n  for _ in range(1 << 14): sys.stdout.write('1' * (1 << 16))"),
    Wrong(
      "a stray print", "standard output, which is for answers",
      "print('loading the model', flush=True)\n\(plain)"),
    Wrong(
      "another question", "question 99",
      "for id, words in questions(): say(id=99, scores=[1.0] * 3)"),
    Wrong(
      "no scores", "without \"scores\"", "for id, words in questions(): say(id=id, rewards=[1] * 3)"
    ),
    Wrong("says why", "said: no GPU", "for id, words in questions(): say(id=id, error='no GPU')"),
    Wrong(
      "a grandchild holds the pipe", "ended with status 4",
      "if os.fork() == 0: os.close(1); os.close(2); time.sleep(1000)\nsys.exit(4)"),
  ]

  @Test(arguments: wrongs) private func whatGoesWrongIsSaidAndNothingIsLeft(wrong: Wrong) throws {
    let script = try Script(wrong.body)
    let groups = Mutex<Set<pid_t>>([])
    let scorer = try Self.scorer(script, timeout: wrong.name == "hangs" ? 0.3 : 5)
    scorer.onStart = { group in groups.withLock { _ = $0.insert(group) } }
    let before = residentBytes()
    let error = #expect(throws: ProgramFault.self) { try scorer.scores(of: ["AC", "CC", "GC"]) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains(wrong.reason), "\(text)")
    #expect(text.contains("'AC'") || text.contains("'CC'"), "\(text)")
    #expect(text.contains("twice"))
    #expect(text.contains("printf"))
    // Other tests run beside this one; a GiB of answer would show all the same.
    if wrong.name == "no newline" { #expect(residentBytes() - before < 600 << 20) }
    // It was started again once.
    #expect(groups.withLock { $0.count } == 2)
    #expect(Self.areGone(groups.withLock { Array($0) }))
    #expect(scorer.groups.isEmpty)
  }

  @Test func pythonNeedNotFlush() throws {
    let script = try Script(
      """
      for id, words in questions(): print(json.dumps({"id": id, "scores": [value(w) for w in words]}))
      """)
    #expect(try Self.scorer(script, timeout: 3).scores(of: ["AA"]) == [2.5])
  }

  @Test func lastWordsAreTold() throws {
    let script = try Script("print('no weights in m.pt', file=sys.stderr); sys.exit(1)")
    let lines = Mutex<[String]>([])
    let scorer = try Self.scorer(script) { line in lines.withLock { $0.append(line) } }
    let error = #expect(throws: ProgramFault.self) { try scorer.scores(of: ["A"]) }
    #expect(error?.reason.contains("last words on standard error: no weights in m.pt") == true)
    #expect(lines.withLock { $0.first } == "no weights in m.pt")
  }

  @Test func whatFailsOnceIsAskedAgain() throws {
    let script = try Script(
      """
      flag = sys.argv[0] + ".flag"
      for id, words in questions():
          if not os.path.exists(flag):
              open(flag, "w").close()
              sys.exit(1)
          say(id=id, scores=[value(w) for w in words])
      """)
    let scorer = try Self.scorer(script)
    #expect(try scorer.scores(of: ["AA", "C"]) == [2.5, 0.5])
  }

  @Test func afterAFaultItCanBeAskedAgain() throws {
    let script = try Script(
      """
      for id, words in questions():
          if "bad" in words: say(id=id, scores=[])
          else: say(id=id, scores=[value(w) for w in words])
      """)
    let scorer = try Self.scorer(script)
    #expect(throws: ProgramFault.self) { try scorer.scores(of: ["bad"]) }
    #expect(try scorer.scores(of: ["AA"]) == [2.5])
  }

  @Test func aFloodOfComplaintsIsNeitherWaitedForNorKept() throws {
    let script = try Script(
      """
      import threading
      def flood():
          while True: sys.stderr.write("x" * 1000 + "\\n")
      threading.Thread(target=flood, daemon=True).start()
      \(Self.plain)
      """)
    let count = Mutex(0)
    let scorer = try Self.scorer(script, timeout: 20) { _ in count.withLock { $0 += 1 } }
    for round in 0..<5 { _ = try scorer.scores(of: ["A\(round)"]) }
    #expect(count.withLock { $0 } < 2000)
    let groups = scorer.groups
    scorer.close()
    #expect(Self.areGone(groups))
  }

  @Test func whoIgnoresTheEndIsEnded() throws {
    let script = try Script(
      """
      for s in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT): signal.signal(s, signal.SIG_IGN)
      for id, words in questions(): say(id=id, scores=[value(w) for w in words])
      while True: time.sleep(1)
      """)
    let scorer = try Self.scorer(script)
    _ = try scorer.scores(of: ["A"])
    let groups = scorer.groups
    scorer.close()
    #expect(Self.areGone(groups))
  }

  @Test func anInterruptEndsTheWaitAtOnce() throws {
    let script = try Script("time.sleep(1000)")
    let interruption = Interruption()
    let scorer = try Self.scorer(script, timeout: 100, interruption: interruption)
    let thread = Thread200(interruption)
    thread.start()
    let start = ContinuousClock.now
    #expect(throws: Interruption.GivenUp.self) { try scorer.scores(of: ["A"]) }
    // The program would be waited for a hundred seconds.
    #expect(ContinuousClock.now - start < .seconds(20))
    #expect(interruption.takeGivenUp())
    #expect(scorer.groups.isEmpty)
  }

  @Test func aMissingProgramIsFoundBeforeItIsAsked() throws {
    for (command, reason) in [
      ("no-such-program-here x", "in PATH"), ("./no/such/file", "no program './no/such/file'"),
      ("/etc/passwd", "may be run"), ("", "empty"), ("python3 'x", "close"),
    ] {
      let error = #expect(throws: ProgramFault.self) {
        try ProgramScorer(ScoringRequest(command: command, environment: "")) { _ in }
      }
      #expect(error.map { "\($0)" }?.contains(reason) == true, "\(command)")
    }
  }

  @Test func wordsAreThoseOfAShell() throws {
    for (text, words) in [
      ("python3 score.py --model m.pt", ["python3", "score.py", "--model", "m.pt"]),
      (#"a "b c" 'd "e"' f\ g"#, ["a", "b c", "d \"e\"", "f g"]),
      (#"x "" y\"z"#, ["x", "", "y\"z"]),
    ] { #expect(try CommandWords(text).words == words) }
  }

  /// What ends groups when this process is gone waits on a pipe; its end is what a kill -9 leaves.
  @Test func theWatchdogEndsTheGroupWhenTheLifelineBreaks() throws {
    let script = try Script(
      """
      for s in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT): signal.signal(s, signal.SIG_IGN)
      if os.fork() == 0: time.sleep(1000)
      while True: time.sleep(1)
      """)
    let worker = try ProgramWorker(
      try CommandWords(script.command), greeting: "", say: { _ in })
    usleep(300_000)
    let group = worker.group
    worker.breakLifeline()
    usleep(100_000)
    // The leader is ours to reap.
    worker.kill()
    #expect(Self.areGone([group]))
  }
}

/// Asks for an interrupt after 200 ms.
private struct Thread200 {
  let interruption: Interruption

  init(_ interruption: Interruption) { self.interruption = interruption }

  func start() {
    let interruption = interruption
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(200)) {
      interruption.request()
    }
  }
}

/// Bytes of this process in memory.
private func residentBytes() -> Int {
  let statistics = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
  let fields = statistics.split(separator: " ").compactMap { Int($0) }
  return fields.count > 1 ? fields[1] * 4096 : 0
}
