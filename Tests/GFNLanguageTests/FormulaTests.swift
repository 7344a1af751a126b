import Foundation
import GFNParameters
import GFNTestSupport
import Testing

@testable import GFNLanguage

@Suite struct FormulaTests {
  /// A state with x = (1, 3) on a side of 8; `tv` and `step` are handed over.
  private static let names = FormulaNames(
    [
      "x": .cells(first: 0, count: 2), "u": .cells(first: 0, count: 2, over: 2),
      "dim": .number(2), "side": .number(8), "w": .list([0.5, 2]), "tv": .input(0),
      "step": .input(1), "size": .abbreviation(.call("len", [.name("x")])),
    ], letters: ["A": 1, "C": 3])

  private static func code(_ text: String, _ functions: FormulaFunctions = .none) throws
    -> FormulaCode
  {
    let formula = try Formula(
      text, variables: names.meanings.keys.sorted(), functions, at: nil)
    return try FormulaCompiler.compile(formula.formula.tree, names)
  }

  private static func value(_ text: String, tv: Double = 0.01, step: Double = 10) throws -> Double {
    try code(text)([1, 3], inputs: [tv, step])
  }

  @Test(
    arguments: [
      ("x[0] + x[-1]", 4.0), ("sum(u)", 2), ("max(abs(u - 0.5))", 1),
      ("dim * side ^ 2", 128), ("-(2) ^ 2", -4), ("exp(0) + len(x)", 3), ("mean([1, 2])", 1.5),
      ("sum((x - 3)^2)", 4), ("std(x)", 2.0.squareRoot()), ("prod(x) + size", 5),
      ("if(x[0] > 3, 1/0, 7)", 7), ("2 * (x[0] == 1) + (x[1] > 5)", 2), ("count(x, 3)", 1),
      ("count(x, \"A\")", 1), ("x[1] == \"C\"", 1), ("sum(i * x[i] for i in 0..len(x)-1)", 3),
      ("prod(i for i in 1..x[1])", 6), ("sum(i for i in 1..1000)", 500500),
      ("sum(w[i] * x[i] for i in 0..1)", 6.5), ("max(x[i] for i in 0..1)", 3),
      ("min(x[i] - i for i in 0..dim-1)", 1), ("any(x[i] == 3 for i in 0..1)", 1),
      ("all(x[i] == 3 for i in 0..1)", 0), ("all(x[i] > 0 for i in 1..0)", 1),
      ("sum(sum(x[i] * x[j] for j in 0..i) for i in 0..1)", 13), ("x == [1, 3]", 1),
      ("x != [1, 3]", 0), ("not (x == [1, 2])", 1), ("round(2.345, 2)", 2.35), ("-7 // 2", -4),
      ("-7 % 3", 2), ("near(x[0], 1.05, 0.1)", 1), ("sum(0..4)", 10), ("round(u[1])", 2),
      ("x[0] > 5 and 1/0 > 0 or x[1] == 3", 1), ("if(true, 2, 1/0)", 2), ("floor(-0.5)", -1),
    ])
  func formulasGiveTheirNumber(text: String, value: Double) throws {
    #expect(try Self.value(text) == value)
    // What is printed for other programs to read is the same formula.
    let printed = try Formula(text, variables: Self.names.meanings.keys.sorted()).formula.tree
      .source
    #expect(try Self.value(printed) == value, "\(printed)")
  }

  @Test func loopsThatAreNotUnrolledGiveTheSame() throws {
    #expect(try Self.value("sum((i % 7) * x[i % 2] for i in 0..999)") == 5997)
    #expect(try Self.value("all(i >= 0 for i in 0..x[1]*1000)") == 1)
    #expect(try Self.value("any(i == 2500 for i in 0..x[1]*1000)") == 1)
    #expect(try Self.value("min(abs(i - 70) for i in 0..x[1]*1000)") == 0)
  }

  @Test func nothingIsWorkedOutAgainAndAgain() throws {
    let start = threadTime()
    #expect(try Self.value(String(repeating: "-", count: 150) + "x[0]") == 1)
    let loops = ["i", "j", "k", "l", "m", "n"].map { "for \($0) in 0..63)" }.joined()
    #expect(
      FormulaFault(try Self.value("\(String(repeating: "sum(", count: 6))i * n \(loops)"))
        == .length)
    #expect(threadTime() - start < 2)
  }

  @Test(
    arguments: [
      ("1 / (x[0] - 1)", FormulaFault.divisionByZero), ("x[x[1]]", .index), ("x[2]", .index),
      ("max(i for i in x[1]..x[0])", .nothing), ("sum(i for i in 0..x[1]*1e9)", .length),
    ])
  func whereThereIsNoValueTheFaultSaysWhy(text: String, fault: FormulaFault) throws {
    #expect(FormulaFault(try Self.value(text)) == fault)
  }

  @Test(
    arguments: [
      ("x", "list"), ("x + [1, 2, 3]", "one length"), ("x > 3", "all(x[i]"),
      ("1 and 2", "true or false"), ("not x[0]", "true or false"),
      ("if(x[0], 1, 2)", "true or false"),
      ("all(x)", "conditions"), ("x[0] == \"Q\"", "letters A, C"),
      ("sum(i for i in 0.5..3)", "integers"),
      ("x[0][1]", "no list"), ("(0..x[0])[1]", "known beforehand"),
    ])
  func whatMakesNoSenseIsSaid(text: String, reason: String) {
    #expect {
      _ = try Self.code(text)
    } throws: { error in
      "\(error)".contains(reason)
    }
  }

  @Test func conditionsHoldOrDoNot() throws {
    let formula = try Formula("tv < 0.05 and not step < 10", variables: ["tv", "step", "jsd"])
    #expect(formula.variables == ["tv", "step"])
    #expect(try Self.value("tv < 0.05 and not step < 10", step: 10) == 1)
    #expect(try Self.value("tv < 0.05 and not step < 10", step: 9) == 0)
  }

  @Test func aDefinitionOfOneReturnIsWrittenOut() throws {
    var parser = Parser(
      SourceFile(
        name: "defs",
        text: """
          def bump(a, width=2) { return exp(-($a / $width)^2) }
          def twice(a) { return 2 * bump($a) }
          def long(a) { print $a; return 1 }
          def outer(a) { return $a * $k }
          def loop(a) { return loop($a) }
          """))
    var functions = FormulaFunctions()
    for case .definition(let definition) in parser.parseScript().statements.map(\.kind) {
      functions.own[definition.name.text] = [definition]
    }
    let formula = try Formula("twice(x[0] + 1)", variables: ["x"], functions, at: nil)
    #expect(formula.formula.source == "2 * exp(-((x[0] + 1) / 2) ^ 2)")
    #expect(try Self.code("twice(x[0])", functions)([1, 3]) == 2 * exp(-0.25))
    for (text, reason) in [
      ("long(1)", "one 'return'"), ("outer(1)", "make it a parameter"), ("loop(1)", "calls itself"),
      ("bump()", "argument"), ("twize(1)", "twice"),
    ] {
      #expect {
        _ = try Formula(text, variables: [], functions, at: nil)
      } throws: { error in
        let error = error as? CommandError
        return "\(error?.message ?? "") \(error?.fix ?? "")".contains(reason)
      }
    }
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
    "sum(i for i in 0..3, 2)", "mean(i for i in 0..3)", "sum(j for i in 0..3)", "tv.x",
    "sum(tv for)",
  ])
  func malformedFormulasAreRefusedBeforeTheyRun(text: String) {
    #expect(throws: CommandError.self) { try Formula(text, variables: ["tv"]) }
  }
}
