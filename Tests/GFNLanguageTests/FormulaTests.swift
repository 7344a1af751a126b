import GFNParameters
import GFNTestSupport
import Testing

@testable import GFNLanguage

@Suite struct FormulaTests {
  @Test(
    arguments: [
      ("x[0] + x[-1]", 4.0), ("sum(u)", 1.5), ("max(abs(u - 0.5))", 0.5),
      ("dim * side ^ 2", 128), ("-(2) ^ 2", -4), ("exp(0) + len(x)", 3), ("mean([1, 2])", 1.5),
    ])
  func formulasGiveTheirNumber(text: String, value: Double) throws {
    let formula = try Formula(text, variables: ["x", "u", "dim", "side"])
    let bindings: [String: Value] = [
      "x": .list([.number(1), .number(3)]), "u": .list([.number(0.5), .number(1)]),
      "dim": .number(2), "side": .number(8),
    ]
    #expect(try formula.evaluate(bindings) == value)
  }

  @Test func conditionsHoldOrDoNot() throws {
    let formula = try Formula("tv < 0.05 and not step < 10", variables: ["tv", "step", "jsd"])
    #expect(formula.variables == ["tv", "step"])
    #expect(try formula.isTrue(["tv": .number(0.01), "step": .number(10)]))
    #expect(try !formula.isTrue(["tv": .number(0.01), "step": .number(9)]))
    #expect(throws: CommandError.self) {
      try formula.evaluate(["tv": .number(0), "step": .number(0)])
    }
    #expect(throws: CommandError.self) { try formula.isTrue(["tv": .number(0.01)]) }
  }

  @Test func aNaNHasNoSign() throws {
    let negative = -Double.nan
    #expect(NumberFormat.significant(4).string(negative) == "nan")
    #expect(NumberFormat(".3f")?.string(negative) == "nan")
    #expect(formatted(negative) == "nan" && formatted(-.infinity) == "-inf")
    #expect(
      Transcript.of("print sqrt(-1), \"{sqrt(-1):.3f}\", \"{0 * -sqrt(-1)}\"") == ["nan nan nan"])
  }

  @Test(arguments: [
    "", "tv <", "tv < 0.05)", "$tv", "tvv", "train 5", "f(tv)", "exists(tv)", "tv tv",
  ])
  func malformedFormulasAreRefusedBeforeTheyRun(text: String) {
    #expect(throws: CommandError.self) { try Formula(text, variables: ["tv"]) }
  }

  @Test func aHundredThousandEvaluationsTakeSeconds() throws {
    let formula = try Formula("0.01 + 0.5 * exp(-a * a) + b", variables: ["a", "b"])
    let bindings: [String: Value] = ["a": .number(0.5), "b": .number(2)]
    let start = threadTime()
    for _ in 0..<100_000 { _ = try formula.evaluate(bindings) }
    #expect(threadTime() - start < 2)
  }
}
