import Foundation
import Testing

@testable import GFNCommands
@testable import GFNLanguage

/// Mistakes in what arguments say together, found before a script runs.
@Suite struct StaticJudgementTests {
  private func codes(_ statement: String) throws -> [String] {
    let lab = try Lab()
    return lab.session.check(Cell(source: statement)).map(\.code)
  }

  @Test(
    arguments: [
      ("method TB-U damping=1", "option"), ("objective db log_z=2", "option"),
      ("backward uniform threshold=2", "option"), ("train", "missing-argument"),
      ("train 3 total=4", "option"), ("train 3 until=\"tv\"", "type-mismatch"),
      ("evaluate exact samples=3", "option"), ("top 3 by=error samples=3", "option"),
      ("load s.safetensors resume=true from=a", "option"), ("collect runs", "missing-argument"),
      ("collect \"3x\" a=1", "wrong-type"), ("compare TB-U seeds=1", "missing-argument"),
      ("compare TB-U seeds=1 steps=2 seconds=3", "option"),
      ("compare TB-U seeds=3..1 steps=2", "option"), ("compare [] seeds=1 steps=2", "option"),
      ("compare [TB-U, TB-U] seeds=1 steps=2", "option"),
      ("gradient variance direction=forward", "unknown-option"),
      ("gradient variance objectives=[tb] fit=3", "option"),
      ("env graph edges='s0 -> a; a -> b; b -> a' rewards='b 1'", "option"),
      ("env graph edges='s0 -> a b' rewards='a -1; b 1'", "option"), ("env graph", "option"),
    ])
  func whatNeverWorksIsFoundBeforeAnythingRuns(_ statement: String, _ code: String) throws {
    #expect(try codes(statement) == [code])
    // Nothing before it has run.
    let lab = try Lab()
    #expect(lab.run("print 1; \(statement)") == .failed)
    #expect(lab.failures.map(\.phase) == [.check])
  }

  @Test(
    arguments: [
      "let n = 3; train $n", "let n = 3; train total=$n", "let m = \"TB-U\"; method $m damping=1",
      "let o = \"reward\"; top 3 by=$o samples=3", "let s = 1..2; compare TB-U seeds=$s steps=2",
      "let n = 2; compare TB-U seeds=1 steps=$n",
      "let o = [\"rl\"]; gradient variance objectives=$o fit=3",
      "let e = \"s0 -> a\"; env graph edges=$e rewards='a 1'", "env graph file=graph.txt",
      "let t = \"tv < 1\"; train 3 until=$t", "for c in [\"a\", \"b\"] { collect $c x=1 }",
    ])
  func whatOnlyRunningCanTellIsNotReported(_ script: String) throws {
    #expect(try codes(script) == [])
  }

  @Test func whatTheCheckCouldNotSeeIsRefusedWhenItRuns() throws {
    let lab = try Lab()
    lab.run("let m = \"TB-U\"; method $m damping=1")
    #expect(lab.failures.map(\.phase) == [.run])
    #expect(lab.failures.map(\.code) == ["option"])
    #expect(
      lab.code("\(ScienceTests.small); let s = []; compare TB-U seeds=$s steps=2") == "option")
  }
}
