import Foundation
import GFNParameters
import GFNTestSupport
import OrderedCollections
import Testing

@testable import GFNLanguage

@Suite struct CollectTests {
  private func shown(_ source: String) -> String { Transcript.of(source).last ?? "" }

  @Test func rowsAreCollectedByTheNamesOfTheirColumns() {
    #expect(
      shown("collect t a=1 b=x; collect t b=y c=[1, 2]; print $t")
        == #"print: [{"a": 1, "b": "x", "c": null}, {"a": null, "b": "y", "c": [1, 2]}]"#)
  }

  @Test func loopsAndDefinitionsFillTheTableOfTheScript() {
    #expect(
      shown("def add(n) { collect t n=$n }\nfor n in 1..3 { add $n }\nprint sum($t.n)") == "6")
    // A table of the definition's own stays there.
    #expect(
      shown(
        "def own() { let t = summary [1]; collect t n=5; return len($t) }\nlet k = own()\n"
          + "collect t n=1\nprint $k, len($t)") == "2 1")
  }

  @Test func theCheckKnowsTheTableAfterwardsAndNotBefore() {
    #expect(Transcript.codes(of: "collect t n=1; print $t.n[0]") == [])
    #expect(Transcript.codes(of: "print $t; collect t n=1") == ["undefined-variable"])
    #expect(Transcript.codes(of: "def f() { collect t n=1 }\nf\nprint $t") == [])
    #expect(Transcript.codes(of: "collect t n=$nothing") == ["undefined-variable"])
    #expect(Transcript.codes(of: "collect n=1") == ["missing-argument"])
    // A definition of an earlier cell fills it in a later one.
    let transcript = Transcript()
    transcript.run("def f() { collect t n=1 }")
    #expect(transcript.run("f; print len($t)") == .done)
  }

  @Test func whatCannotBeCollectedIsNamed() {
    #expect(Transcript.codes(of: "collect t") == ["missing-argument"])
    #expect(Transcript.codes(of: "let t = 1; collect t n=1") == ["type-mismatch"])
    #expect(Transcript.codes(of: "collect 1t n=1") == ["malformed-number"])
    #expect(Transcript.codes(of: "collect \"a b\" n=1") == ["wrong-type"])
    #expect(Transcript.codes(of: "let x = collect t n=1") == ["no-value"])
  }

  @Test func anAbortTakesTheRowsBack() {
    let transcript = Transcript()
    transcript.run("collect t n=1")
    #expect(transcript.session.variables["t"]?.elementCount == 1)
    transcript.run("for n in 1..3 { collect t n=$n; assert $n < 2 }")
    // A failure keeps what was collected, as every variable keeps its value.
    #expect(transcript.session.variables["t"]?.elementCount == 3)
  }

  @Test func aCopyOfATableStaysAsItWas() {
    #expect(shown("collect t n=1; let u = $t; collect t n=2; print len($u), len($t)") == "1 2")
  }

  @Test func tensOfThousandsOfRowsAreCollectedInSeconds() {
    // A copy of the table for every row would take minutes.
    let clock = ContinuousClock()
    let duration = clock.measure {
      #expect(shown("for n in 1..60000 { collect t n=$n }\nprint len($t)") == "60000")
    }
    #expect(duration < .seconds(20))
  }

  @Test func theRecordKeepsWhatIsCollected() {
    let transcript = Transcript()
    transcript.run("collect t n=1")
    transcript.run("for n in 2..3 { collect t n=$n }")
    let script = transcript.session.effectiveStatements.joined(separator: "\n")
    #expect(shown("\(script)\nprint $t.n") == "[1, 2, 3]")
  }

  // MARK: - summary

  private static let runs = """
    collect t method=A seed=1 tv=1 note=x
    collect t method=B seed=1 tv=10 note=x
    collect t method=A seed=2 tv=3 note=x
    collect t method=A seed=3 tv=8 note=y

    """

  @Test func meansAndDeviationsAreThoseByHand() {
    // 1, 3, 8: mean 4, squares 9 + 1 + 16 = 26, sd √13.
    #expect(
      shown("\(Self.runs)print (summary $t by=method)")
        == #"print: [{"method": "A", "n": 3, "seed_mean": 2, "seed_sd": 1, "tv_mean": 4, "#
        + #""tv_sd": 3.605551275463989}, {"method": "B", "n": 1, "seed_mean": 1, "seed_sd": null, "#
        + #""tv_mean": 10, "tv_sd": null}]"#)
    #expect(
      shown("for n in 1..2 { collect s n=$n x=1 }; print (summary $s by=n)")
        == #"print: [{"n": 1, "rows": 1, "x_mean": 1, "x_sd": null}, "#
        + #"{"n": 2, "rows": 1, "x_mean": 1, "x_sd": null}]"#)
    #expect(shown("\(Self.runs)print (summary $t).tv_mean") == "[5.5]")
    #expect(shown("\(Self.runs)print (summary $t by=[method, note]).n") == "[2, 1, 1]")
  }

  @Test func missingNumbersAreLeftOutAndCounted() {
    let script =
      "\(Self.runs)collect t method=B seed=2\ncollect t method=B seed=3 tv=(log(0) * 0)\n"
    #expect(shown("\(script)print (summary $t by=method).tv_n") == "[3, 1]")
    #expect(shown("\(script)print (summary $t by=method).tv_mean") == "[4, 10]")
  }

  @Test func whatCannotBeSummarisedIsNamed() {
    #expect(Transcript.codes(of: "\(Self.runs)summary $t by=methods") == ["unknown-field"])
    #expect(
      Transcript.codes(of: "\(Self.runs)summary $t by=[seed, seed]") == ["duplicate-argument"])
    #expect(Transcript.codes(of: "summary 3") == ["wrong-type"])
    #expect(Transcript.codes(of: "summary $t") == ["undefined-variable"])
  }

  @Test func anEmptyTableHasAnEmptySummary() {
    #expect(shown("let e = []\nprint len((summary $e))") == "0")
  }

  // MARK: - Files

  @Test func listsAreTables() throws {
    func table(_ value: Value) throws -> String {
      try TableFile("t.csv").text(of: #require(value.asTable))
    }
    #expect(try table(.list([.number(1), .text("a,b")])) == "value\n1\n\"a,b\"\n")
    #expect(try table(.range(1, 2)) == "value\n1\n2\n")
    let nested = Record(["a": .list([.number(1), .text("x")]), "b": .record(Record(["c": .none]))])
    #expect(
      try table(.list([.record(nested), .record(Record(["d": .boolean(true)]))]))
        == "a,b,d\n\"[1, \"\"x\"\"]\",\"{\"\"c\"\": null}\",\n,,true\n")
    #expect(Value.number(1).asTable == nil)
    #expect(Value.range(0, .max).asTable == nil)
  }

  @Test func whatIsWrittenAsCSVReadsBack() throws {
    let table = Table(
      columns: [Column("a"), Column("b c")],
      rows: [[.text("x,\"y\"\nz"), .none], [.text(""), .text("ü")]])
    let text = try TableFile("t.csv").text(of: table)
    let records = try CSV.records(Array(text.utf8))
    #expect(records.map(\.fields) == [["a", "b c"], ["x,\"y\"\nz", ""], ["", "ü"]])
  }
}
