import Foundation
import GFNParameters
import Testing

@testable import GFNCore

@Suite struct BGeScoreTests {
  private func observations(
    _ text: String, _ preparation: Observations.Preparation = Observations.Preparation()
  ) throws -> Observations {
    try Observations(Array(text.utf8), path: "t.csv", preparation)
  }

  private func score(_ variables: Int, rows: Int = 12) throws -> BGeScore {
    try BGeScore(
      try observations(SmallNetwork.table(variables, rows: rows)), path: "t.csv", alphaMu: 1,
      alphaW: nil)
  }

  /// All 543 graphs have the score that the paper's authors' code gives them.
  @Test func scoresMatchTheAuthors() throws {
    let fixture = try Fixture("bayesnet_4") { _ in }
    let graphs = try #require(fixture.arrays.arrays["exact.all_graphs"])
    let bits = try #require(graphs.smallIntegers)
    let expected = try #require(fixture.arrays.tensors["exact.all_log_rewards"]).values
    #expect(graphs.shape == [543, 16])
    for (index, value) in expected.enumerated() {
      let cells = Array(bits[(16 * index)..<(16 * index + 16)])
      let found = fixture.environment.logReward(cells)
      #expect(abs(found - Double(value)) <= 1e-4 * abs(Double(value)) + 1e-3, "\(cells)")
    }
  }

  /// Graphs with the same independences have the same score: what the E in BGe stands for.
  @Test func equivalentGraphsHaveEqualScores() throws {
    for options: [(String, OptionValue)] in [
      [], [("alpha_mu", .number(0.3)), ("alpha_w", .number(9.5))],
    ] {
      let network = try SmallNetwork.make(4, options)
      func logReward(_ text: String) throws -> Double {
        network.logReward(try network.state(from: .word(text)))
      }
      for (one, other) in [
        ("0>1", "1>0"), ("0>1 1>2", "2>1 1>0"), ("0>1 1>2", "1>0 1>2"),
        ("0>1 0>2 1>2", "2>1 2>0 1>0"),
      ] {
        #expect(abs(try logReward(one) - logReward(other)) < 1e-10)
      }
      #expect(abs(try logReward("0>2 1>2") - logReward("0>2 2>1")) > 1e-3)
    }
  }

  /// Two observations of two variables, by hand. R = t I + S + (2/3) x̄ x̄ᵀ with t = ½.
  @Test func aScoreByHand() throws {
    let score = try BGeScore(
      try observations("a,b\n1,0\n-1,2\n"), path: "t.csv", alphaMu: 1, alphaW: nil)
    // x̄ = (0, 1), S = [[2, −2], [−2, 2]], R = [[2.5, −2], [−2, 2.5 + 2/3]].
    let r00 = 2.5
    let determinant = 2.5 * (2.5 + 2.0 / 3) - 4
    // α_w − n = 2, N = 2.
    let alone =
      0.5 * log(1.0 / 3) + lgamma(2.5) - lgamma(1.5) - log(Double.pi) + 1.5 * log(0.5)
      - 2.5 * log(r00)
    #expect(abs(score.local(0, parents: 0) - alone) < 1e-12)
    let child =
      0.5 * log(1.0 / 3) + lgamma(3.0) - lgamma(2.0) - log(Double.pi) + 2.5 * log(0.5)
      + 2.5 * log(r00) - 3 * log(determinant)
    #expect(abs(score.local(1, parents: 1) - child) < 1e-12)
  }

  @Test func theCacheGivesTheNumbersOfTheTable() throws {
    let score = try score(5)
    let table = LocalScores(score, prior: .fair, temperature: 2, mostParents: 4)
    let cache = LocalScores(
      score, prior: .fair, temperature: 2, mostParents: 4, isTabulated: false)
    for node in 0..<5 {
      for set in 0..<UInt64(32) where set >> UInt64(node) & 1 == 0 {
        let choose = [1.0, 4, 6, 4, 1][set.nonzeroBitCount]
        let direct =
          (score.local(node, parents: set) - score.local(node, parents: 0) - log(choose)) / 2
        // Asked for twice: computed, then kept.
        for found in [
          table(node, parents: set), cache(node, parents: set), cache(node, parents: set),
        ] {
          #expect(abs(found - direct) < 1e-12)
        }
      }
    }
  }

  @Test func theCacheServesSeveralThreads() throws {
    let score = try score(14, rows: 30)
    let cache = LocalScores(score, prior: .uniform, temperature: 1, mostParents: 13)
    let pool = ThreadPool(threads: 4)
    var sums = [Double](repeating: 0, count: 8)
    sums.withUnsafeMutableBufferPointer { sums in
      pool.run(blocks: 8) { block in
        for set in 1..<UInt64(256) { sums[block] += cache(13, parents: set) }
      }
    }
    #expect(sums.allSatisfy { $0 == sums[0] && $0.isFinite })
  }

  @Test func priorsWeighEdges() throws {
    let plain = try SmallNetwork.make(3)
    let chain = try plain.state(from: .word("0>1 0>2 1>2"))
    let base = plain.logReward(chain)
    func difference(_ options: [(String, OptionValue)]) throws -> Double {
      try SmallNetwork.make(3, options).logReward(chain) - base
    }
    #expect(abs(try difference([("prior", .text("edge"))]) - 3 * log(0.5)) < 1e-12)
    #expect(
      abs(
        try difference([("prior", .text("edge")), ("beta", .number(0.1))]) - 3 * log(0.1)) < 1e-12)
    // One node with one parent of two, one with both.
    #expect(abs(try difference([("prior", .text("fair"))]) + log(2)) < 1e-12)
    #expect(abs(try difference([("temperature", .number(4))]) + 0.75 * base) < 1e-12)
    #expect(throws: CoreError.self) { try SmallNetwork.make(3, [("beta", .number(0.1))]) }
    #expect(throws: CoreError.self) { try SmallNetwork.make(3, [("alpha_w", .number(4))]) }
  }

  /// Rewards beyond floating point leave every exact quantity finite but R itself.
  @Test func hugeScoresStayExact() throws {
    var stream = RandomStream(seed: 1, .looking)
    let lines = (0..<400).map { _ -> String in
      let x = stream.uniform()
      return "\(x),\(x + 1e-6 * stream.uniform()),\(stream.uniform())"
    }
    let network = try SmallNetwork.make(
      3, [("standardize", .boolean(true))], table: (["a,b,c"] + lines).joined(separator: "\n"))
    let target = try TargetDistribution(network)
    #expect(target.rewards.contains(.infinity))
    #expect(target.logZ.isFinite)
    #expect(abs(target.probabilities.reduce(0, +) - 1) < 1e-12)
    let metrics = DistributionPair(
      learned: [Double](repeating: 1.0 / 25, count: 25), target: target)
    #expect(metrics.klLearned.isFinite)
    #expect(metrics.meanLogReward.isFinite)
    #expect(metrics.accuracy > 0 && metrics.accuracy < 1)
  }

  // MARK: - Tables

  @Test func tablesAreReadWithQuotesMarksAndAnyLineEnds() throws {
    let table = try observations("\u{FEFF}\"a \"\"x\"\"\",\"b,c\"\r\n1, 2 \r\n\r\n\"3\",4e0\r\n")
    #expect(table.names == ["a \"x\"", "b,c"])
    #expect(table.values == [1, 2, 3, 4])
    #expect(try observations("\"\"\"q\",b\r1,2\r3,4").names == ["\"q", "b"])
    #expect(try observations("a\tb\n1\t2\n3\t4\n").values == [1, 2, 3, 4])
    #expect(try observations("0,1\n5,2\n3,4\n").names == ["0", "1"])
  }

  @Test func rowsAreChosenAndNumbersTransformed() throws {
    let text = "a,b\n1,10\n2,20\n4,70\n8,40\n"
    #expect(try observations(text, .init(rows: [2, 3])).values == [2, 20, 4, 70])
    let logs = try observations(text, .init(takesLogarithm: true)).values
    #expect(logs[6] == log(8))
    let standard = try observations(text, .init(standardizes: true)).values
    for column in 0..<2 {
      let values = (0..<4).map { standard[2 * $0 + column] }
      #expect(abs(values.reduce(0, +)) < 1e-12)
      #expect(abs(values.reduce(0) { $0 + $1 * $1 } - 3) < 1e-12)
    }
  }

  @Test(arguments: [
    ("", "t.csv: is empty"),
    ("a,b\n1,x\n2,3\n", "t.csv:2: column 2 ('b') holds 'x'"),
    ("a,b\n1,2\n,3\n", "t.csv:3: column 1 ('a') has no value"),
    ("a,b\n1,2\n3,NA\n", "t.csv:3: column 2 ('b') has no value"),
    ("a,b\n1,2\n3,inf\n", "t.csv:3: column 2 ('b') holds 'inf', which is not finite"),
    ("a,b\n1,2\n3\n", "t.csv:3: has 1 field, the header has 2"),
    ("a,b\n1,2\n", "t.csv: a score needs at least 2 data rows, not 1"),
    ("a,b\n", "t.csv: a score needs at least 2 data rows, not 0"),
    ("a\n1\n2\n", "t.csv:1: has 1 column;"),
    ("a,a\n1,2\n2,3\n", "t.csv:1: column 2 has the name of an earlier one"),
    (",a,b\n0,1,2\n1,2,3\n", "t.csv:1: column 1 has no name"),
    ("1.5,2\n2,3\n4,5\n", "t.csv:1: holds numbers"),
    ("a,\"b\n1,2\n", "t.csv:1: a quote is not closed"),
  ])
  func mistakesInTablesAreNamed(_ text: String, _ message: String) {
    let error = #expect(throws: CoreError.self) { try observations(text) }
    #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
  }

  @Test func mistakesOfPreparationAreNamed() {
    func reason(_ text: String, _ preparation: Observations.Preparation) -> String {
      let error = #expect(throws: CoreError.self) { try observations(text, preparation) }
      return error?.description ?? ""
    }
    #expect(
      reason("a,b\n1,2\n0,3\n", .init(takesLogarithm: true)).hasPrefix(
        "t.csv:3: column 1 ('a') holds 0, which has no logarithm"))
    #expect(
      reason("a,b\n0.1,2\n0.1,3\n0.1,4\n", .init(standardizes: true)).hasPrefix(
        "t.csv: column 1 ('a') is constant"))
    #expect(
      reason("a,b\n1,2\n0,3\n", .init(rows: [1, 3])).hasPrefix("rows: there is no row 3"))
    #expect(reason("a,b\n1,2\n0,3\n", .init(rows: [])).contains("at least 2 data rows, not 0"))
  }
}
