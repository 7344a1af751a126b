import Foundation
import GFNCore
import GFNParameters
import GFNPrograms
import GFNTestSupport
import OrderedCollections
import Testing

@testable import GFNCommands
@testable import GFNLanguage

/// Rewards of one's own: formulas, tables and programs on every environment.
@Suite struct OwnRewardTests {
  private static let small = "policy layers=1 hidden=16; critic layers=1 hidden=16"

  // MARK: - Formulas

  @Test(
    arguments: [
      ("env hypergrid side=4 reward=\"1 + x[0]\"", "2,3", 3.0),
      ("env sequence length=4 alphabet=ACGT mode=append reward=\"1 + count(x, 'C')\"", "CACC", 4),
      ("env sequence length=3 alphabet=ACGT mode=append min_length=1 reward=\"size\"", "CA", 2),
      ("env sequence length=3 alphabet=ACGT reward=\"if(x[0] == 'G', 5, 1)\"", "GAA", 5),
      ("env bitsequence length=4 reward=\"1 + sum(x)\"", "0111", 4),
      (
        "env graph edges='s0 -> a b; a -> x; b -> x y' rewards='x 1; y 3' reward=\"1 + (node == 'x')\"",
        "x", 2
      ),
      ("env perfect-tree depth=2 reward=\"1 + leaf\"", "1,0", 3),
      ("env set size=4 choose=2 reward=\"1 + x[0] * x[3]\"", "0,3", 2),
    ])
  func everyEnvironmentTakesAFormula(_ environment: String, _ object: String, _ reward: Double)
    throws
  {
    let lab = try Lab()
    #expect(
      lab.run("\(Self.small); \(environment); method TB-U; train 3 batch=8; top 2; evaluate")
        == .done,
      "\(lab.failures.map { $0.rendered() })")
    let made = try #require(lab.session.workbench.environment)
    let cells = try made.state(from: .word(object))
    #expect(abs(made.reward(cells) - reward) < 1e-12)
    #expect(lab.session.workbench.training?.step == 3)
    // Another formula keeps what was learned; a table of one's own takes its place.
    #expect(lab.run("reward reward=\"7\"") == .done, "\(lab.failures.map { $0.rendered() })")
    #expect(lab.session.workbench.training?.step == 3)
    #expect(lab.session.workbench.environment.map { abs($0.reward(cells) - 7) < 1e-12 } == true)
  }

  @Test func aFormulaThatIsNoRewardNamesTheObject() throws {
    let lab = try Lab()
    for (formula, word) in [
      ("count(x, 'A') - 1", "'CCCC'"), ("1 / count(x, 'T')", "divides by zero"),
      ("x[7]", "not there"),
      ("log(-1 - x[0])", "nan"), ("x", "list"), ("count(x, 'Q')", "letters A, C, G, T"),
      ("0", "everywhere"),
    ] {
      let code = lab.code("env sequence length=4 alphabet=ACGT reward=\"\(formula)\"")
      #expect(code == "option", "\(formula)")
      #expect(
        lab.failures.first?.message.contains(word) == true, "\(lab.failures.map { $0.rendered() })")
    }
    // One in a million.
    #expect(
      lab.code("env sequence length=10 alphabet=ACGT reward=\"1 - 2 * (count(x, 'T') == 10)\"")
        == "option")
    #expect(lab.failures.first?.message.contains("'TTTTTTTTTT'") == true)
  }

  @Test func modesAreAConditionWhereNoOthersAreKnown() throws {
    let lab = try Lab()
    #expect(
      lab.run(
        """
        env set size=4 choose=2 modes="x[0] == 1"; assert (env).modes == 3
        env perfect-tree depth=3 reward="1 + leaf" modes="leaf > 5"; assert (env).modes == 2
        """) == .done, "\(lab.failures.map { $0.rendered() })")
    #expect(lab.code("env set modes=\"x[0]\"") == "option")
  }

  // MARK: - Sequences that append, and end anywhere

  @Test(arguments: [("append", 4), ("append", 2), ("append-prepend", 2), ("append-prepend", 4)])
  func growingSequencesAreGraphs(_ mode: String, _ least: Int) throws {
    let lab = try Lab()
    #expect(
      lab.run(
        "env sequence length=4 alphabet=ABC mode=\(mode) min_length=\(least) reward=\"1 + size\"")
        == .done, "\(lab.failures.map { $0.rendered() })")
    let environment = try #require(lab.session.workbench.environment)
    let objects = (least...4).reduce(0) { $0 + Int(pow(3.0, Double($1))) }
    #expect(
      environment.enumeration == Enumeration(states: 1 + 3 + 9 + 27 + 81, terminating: objects))
    var seen = Set<Int>()
    for index in 0..<121 {
      let state = environment.state(at: index)
      #expect(environment.index(state) == index)
      let mask = environment.forwardMask(state)
      let size = state.count { $0 >= 0 }
      #expect(mask[environment.exitAction] == (size >= least))
      #expect(
        environment.backwardMask(state).count { $0 } == (size == 0 ? 0 : mode == "append" ? 1 : 2))
      if mask[environment.exitAction] {
        let number = environment.terminatingIndex(state)
        #expect(environment.terminatingState(at: number) == state)
        seen.insert(number)
      }
      for action in 0..<environment.exitAction where mask[action] {
        var child = state
        let back = child.withUnsafeMutableBufferPointer { buffer in
          buffer.baseAddress.map { environment.step($0, forward: action) } ?? -1
        }
        #expect(environment.index(child) > index)
        var parent = child
        let inverse = parent.withUnsafeMutableBufferPointer { buffer in
          buffer.baseAddress.map { environment.step($0, backward: back) } ?? -1
        }
        #expect(parent == state && inverse == action)
      }
    }
    #expect(seen == Set(0..<objects))
    #expect(
      lab.run("\(Self.small); method TB-U; train 2 batch=8; evaluate; top 3; verify; sample 3")
        == .done,
      "\(lab.failures.map { $0.rendered() })")
  }

  @Test(arguments: ["", "min_length=1"]) func appendedWordsAreLearned(_ lengths: String) throws {
    let lab = try Lab()
    _ = lab.result(
      """
      policy layers=2 hidden=32
      env sequence length=3 alphabet=ACGT mode=append \(lengths) reward="0.2 + count(x, 'G')^2"
      method TB-U; train 400 batch=64; evaluate
      """)
    #expect(lab.number("tv") < 0.05)
    #expect(lab.run("let t = trace end=GA; ") == (lengths.isEmpty ? .failed : .done))
  }

  @Test func whatHasOneLengthSaysSo() throws {
    let lab = try Lab()
    #expect(lab.code("env sequence length=4 alphabet=AC min_length=2 reward=\"1\"") == "option")
    #expect(lab.failures.first?.message.contains("mode=append") == true)
    #expect(
      lab.code("env sequence length=4 alphabet=AC mode=append min_length=5 reward=\"1\"")
        == "option")
    #expect(lab.code("env sequence length=4 alphabet=AC") == "option")
    #expect(lab.failures.first?.message.contains("program=") == true)
  }

  // MARK: - Tables

  @Test func aPartialTableScoresTheRest() throws {
    let lab = try Lab()
    try lab.write("object\tscore\nGGGG\t5\nACGT\t2\nTTTT\t-1\n", to: "measured.tsv")
    let head = "env sequence length=4 alphabet=ACGT mode=append rewards=measured.tsv"
    #expect(lab.code(head) == "file")
    #expect(lab.failures.first?.message.contains("253 of 256") == true)
    #expect(lab.failures.first?.message.contains("missing=SCORE") == true)
    #expect(lab.run("\(head) missing=0.001 min=0.001 max=none") == .done)
    #expect(
      lab.notices == ["scores -1…5 became rewards 0.001…5: min=0.001"], "\(lab.notices)")
    #expect(
      lab.run(
        "assert near((evaluate).log_z_exact, log(7 + 254 * 0.001), 1e-9); top 3; assert (env).modes == 1"
      )
        == .done, "\(lab.failures.map { $0.rendered() })")
    #expect(lab.run("\(head) missing=0.5") == .done)
    #expect(lab.notices == ["scores -1…5 became rewards 0.002…10: min=0.001, max=10"])
    // Words of several lengths.
    try lab.write("AC,3\nACG,4\n", to: "words.csv")
    #expect(
      lab.run(
        """
        env sequence length=3 alphabet=ACGT mode=append min_length=2 rewards=words.csv missing=1 max=none
        assert near((evaluate).log_z_exact, log(3 + 4 + 78), 1e-9)
        """) == .done, "\(lab.failures.map { $0.rendered() })")
  }

  @Test func everyEnvironmentTakesATable() throws {
    let lab = try Lab()
    try lab.write("x,reward\n\"1,1\",3\n\"2,0\",4\n", to: "grid.csv")
    try lab.write("{\"object\": \"0,1\", \"score\": 2}\n", to: "set.jsonl")
    #expect(
      lab.run(
        """
        env hypergrid side=3 rewards=grid.csv missing=1
        assert near((evaluate).log_z_exact, log(3 + 4 + 7), 1e-9)
        env set size=4 choose=2 rewards=set.jsonl missing=0.5 exponent=2
        assert near((evaluate).log_z_exact, log(4 + 5 * 0.25), 1e-9)
        reward rewards=set.jsonl missing=1
        assert near((evaluate).log_z_exact, log(2^2 + 5), 1e-9)
        """) == .done, "\(lab.failures.map { $0.rendered() })")
    for (table, word) in [
      ("0,9\t1", "0…3"), ("0\t1", "may end there"), ("0,1\t1\n0,1\t2", "already"),
      ("0,1\t-1", "≥ 0"),
      ("0,2\t1\n0,1\tx", "no number"), ("", "lists no object"),
    ] {
      try lab.write(table, to: "bad.tsv")
      #expect(lab.code("env set size=4 choose=2 rewards=bad.tsv missing=1") == "file", "\(table)")
      #expect(
        lab.failures.first?.message.contains(word) == true, "\(lab.failures.map { $0.rendered() })")
    }
    for stray in ["missing=1", "workers=2", "returns=score", "exponent=2"] {
      #expect(lab.code("env set \(stray)") == "option", "\(stray)")
    }
    #expect(lab.code("env hypergrid reward=\"1\" rewards=grid.csv missing=1") == "option")
    #expect(lab.failures.first?.message.contains("exclude each other") == true)
  }

  /// All words are known, though the states are too many to walk.
  @Test func aTargetNeedsItsObjectsAlone() throws {
    let lab = try Lab()
    _ = lab.result(
      """
      policy layers=1 hidden=8; env sequence length=10 alphabet=ACGT reward="1 + (count(x, 'G') == 10)"
      evaluate samples=20 heldout=5
      """)
    #expect((lab.session.workbench.environment?.enumeration?.states ?? 0) == 9_765_625)
    #expect(abs(lab.number("log_z_exact") - log(1_048_577)) < 1e-9)
    #expect(lab.session.workbench.environment?.hasKnownTarget == true)
    let exact = try #require(lab.values.last?.value)
    guard case .record(let record) = exact, case .list(let names)? = record.fields["exact_figures"],
      case .list(let estimates)? = record.fields["estimated_figures"]
    else {
      Issue.record("no lists")
      return
    }
    #expect(names.map(\.displayText) == ["tv_noise_floor", "log_z_exact"])
    #expect(estimates.map(\.displayText).contains("elbo"))
  }

  // MARK: - Replay of given objects

  @Test func theBufferStartsWithGivenObjects() throws {
    let lab = try Lab()
    try lab.write("1,1\n2,2\n", to: "objects.txt")
    try lab.write("x,score\n\"3,3\",2\n", to: "objects.csv")
    #expect(
      lab.run(
        """
        \(Self.small); env hypergrid side=4; method TB-U; explore replay=objects from=objects.txt
        """) == .done, "\(lab.failures.map { $0.rendered() })")
    let buffer = lab.session.workbench.training?.replayBuffer
    #expect(buffer?.elements == [1, 1, 2, 2])
    #expect(
      lab.run(
        "train 2 batch=8; undo 2; explore replay=objects capacity=5 from=objects.csv; train 1 batch=8"
      )
        == .done, "\(lab.failures.map { $0.rendered() })")
    #expect(lab.code("explore replay=none; explore from=objects.txt") == "option")
    try lab.write("1,1\n9,9\n", to: "bad.txt")
    #expect(lab.code("explore replay=objects from=bad.txt") == "file")
    #expect(lab.failures.first?.message.contains("bad.txt:2") == true)
    #expect(lab.code("method RL-U; explore replay=objects from=objects.txt") != "none")
  }
}
