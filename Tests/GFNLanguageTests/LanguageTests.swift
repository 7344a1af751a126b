import GFNTestSupport
import Testing

@testable import GFNLanguage

@Suite struct LanguageTests {
  /// What `print` writes for each expression.
  @Test(
    arguments: [
      ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("-2^2", "-4"), ("2^-1", "0.5"),
      ("2^3^2", "512"), ("7 // 2", "3"), ("-7 // 2", "-4"), ("-7 % 3", "2"), ("7 % -3", "-2"),
      ("5.5 % 2", "1.5"), ("1 - 2 - 3", "-4"), ("8 / 4 / 2", "1"), (".5 + .5", "1"),
      ("1e-3 * 1000", "1"), ("10_000 + 1", "10001"), ("1 / 3", "0.3333333333333333"),
      ("2^53", "9007199254740992"), ("not true or true", "true"), ("not 1 == 2", "true"),
      ("true and false or true", "true"), ("1 < 2 and 2 < 3", "true"),
      ("'a' < 'b'", "true"), ("'1' == 1", "false"), ("[1, 2] == [1, 2]", "true"),
      ("1..3 == [1, 2, 3]", "true"), ("(3, 5)", "[3, 5]"), ("[3, 5,]", "[3, 5]"),
      ("[1, -2, word, 'a b']", "[1, -2, word, a b]"), ("1..5", "1..5"), ("len(1..5)", "5"),
      ("[1, 2] + 1", "[2, 3]"), ("[1, 2] * [3, 4]", "[3, 8]"), ("-[1, 2]", "[-1, -2]"),
      ("[4, 5, 6][-1]", "6"), ("(4, 5, 6)[0]", "4"), ("abs(-2)", "2"), ("exp(0)", "1"),
      ("log(1)", "0"), ("sqrt(9)", "3"), ("min(3, 1, 2)", "1"), ("max([3, 1])", "3"),
      ("sum(1..4)", "10"), ("mean(1, 2)", "1.5"), ("std(1, 3)", "1.4142135623730951"),
      ("len('né')", "2"), ("round(2.5)", "3"), ("round(2.345, 2)", "2.35"), ("floor(-0.5)", "-1"),
      ("range(3)", "[0, 1, 2]"), ("range(1, 3)", "[1, 2]"), ("range(3, 0, -1)", "[3, 2, 1]"),
      ("near(1, 1.05, 0.1)", "true"), ("exists('no such file')", "false"),
      ("keys((evaluate))", "[tv, revision]"), ("(evaluate).tv", "0.093"),
      ("(evaluate)['tv']", "0.093"), ("(train 3).loss", "[0.3333333333333333]"),
      ("(train 3)[-1].step", "3"), ("\"{1 + 1}\"", "2"), ("\"{1/3:.3f}|{2:5d}\"", "0.333|    2"),
      ("\"\\{\\t\\\"\\\\\"", "{\t\"\\"), ("'\\n{x}'", "\\n{x}"), ("\"{\"in\"}\"", "in"),
      ("00000", "00000"), ("true", "true"), ("log(0)", "-inf"),
    ])
  func expressionsHaveTheirValue(expression: String, value: String) {
    #expect(Transcript.of("print \(expression)") == [value])
  }

  @Test(
    arguments: [
      ("let x = 3; let x = $x + 1; print $x", ["4"]),
      ("let x ?= 3; let x ?= 4; print $x", ["3"]),
      ("if false { print 1 } else if 1 < 2 { print 2 } else { print 3 }", ["2"]),
      ("for i in 1..3 { print $i }", ["1", "2", "3"]),
      ("for i in [a, 'b c'] { print $i }", ["a", "b c"]),
      ("for i in -2..-1 { print $i }", ["-2", "-1"]),
      ("print len(-2..2), -2..-1, -2^2, 3 -2", ["5 -2..-1 -4 1"]),
      ("for row in (train 2) { print $row.step }", ["2"]),
      ("let i = 0\nwhile $i < 2 { print $i\n let i = $i + 1 }", ["0", "1"]),
      ("let n = 0; repeat 3 { let n = $n + 1 }; print $n", ["3"]),
      ("for i in 1..9 { if $i == 2 { continue }; if $i > 3 { break }; print $i }", ["1", "3"]),
      ("def f(a, b=2) { return $a * $b }\nprint f(3), f(3, b=5), f(b=1, a=4)", ["6 15 4"]),
      ("def f(a) { print $a }\nf 3; f a=word; f 'a b'", ["3", "word", "a b"]),
      ("print f(4)\ndef f(n) { if $n < 2 { return 1 }; return $n * f($n - 1) }", ["24"]),
      ("let x = 1\ndef f() { let x = 2; return $x }\nprint f(), $x", ["2 1"]),
      ("let x = 1\ndef f() { return $x }\nprint f()", ["1"]),
      ("def f(n=$x) { print $n }\nlet x = 3\nf", ["3"]),
      (
        "let loc = 1\ndef inner(v=$loc) { print $v }\ndef outer() { let loc = 2; inner }\nouter",
        ["1"]
      ),
      (
        "def f(a, b=$a, c=($b + 1)) { print $a, $b, $c }\nf 1; f 1 c=5; f 1 2",
        ["1 1 2", "1 1 5", "1 2 3"]
      ),
      ("def f(a=($b + 1), b=1) { print $a }\nf b=3", ["4"]),
      ("def f() { print 1 }\nf\ndef f(a) { print $a }\nf 2", ["1", "2"]),
      (
        "if true { def f() { print 1 } } else { def f(a) { print $a } }\nf", ["1"]
      ),
      ("def a() { b }\ndef c() { def b() { print 1 } }\nc; a", ["1"]),
      ("let r = evaluate; print $r.tv", ["0.093"]),
      ("let r = (evaluate).tv; print $r", ["0.093"]),
      ("def e() { evaluate; return evaluate }\nlet r = e\nprint $r.tv", ["0.093"]),
      ("let s = 'a'; print \"{$s}{$s}\"", ["aa"]),
      ("evaluate; print $it.tv", ["evaluate: {\"tv\": 0.093, \"revision\": 0}", "0.093"]),
      ("quiet { evaluate; print 1 }", ["1"]), ("quiet evaluate", []),
      ("repeat 1 { train 2 }", ["train (compact): [{\"step\": 2, \"loss\": 0.5}]"]),
      ("let t = time train 2\nassert $t >= 0 and $t < 60", []),
      ("train \\\n 2 \\\n  batch=3", ["train: [{\"step\": 2, \"loss\": 0.5}]"]),
      ("train (1 +\n 1)", ["train: [{\"step\": 2, \"loss\": 0.5}]"]),
      ("train 1e0 # comment; print 2", ["train: [{\"step\": 1, \"loss\": 1}]"]),
      (
        "env HyperGrid dim=3 reward=Cosine",
        [#"env: {"kind": "hypergrid", "dim": 3, "reward": "cosine"}"#]
      ),
      (
        "env hypergrid reward=\"x[0] + sum(u)\"",
        [#"env: {"kind": "hypergrid", "dim": 2, "reward": "x[0] + sum(u)"}"#]
      ),
      ("inspect 00000", [#"inspect: {"source": "00000", "form": "word 00000"}"#]),
      ("inspect (3, 5)", [#"inspect: {"source": "[3, 5]", "form": "list of 2"}"#]),
      ("state [3]", [#"state: {"source": "[3]", "form": "list of 1"}"#]),
      ("inspect AC__TG", [#"inspect: {"source": "AC__TG", "form": "word AC__TG"}"#]),
      ("let s = 0012; inspect $s", [#"inspect: {"source": "0012", "form": "word 0012"}"#]),
      ("#!/usr/bin/env -S gfn run\nprint 1", ["1"]),
      ("\u{FEFF}print 1\r\nprint 2\r\n", ["1", "2"]),
      ("expect error unknown-command { trian 5 }\nprint 1", ["1"]),
      ("expect error syntax { print 1 + }\nprint 1", ["1"]),
      ("expect error division-by-zero { print 1 / 0 }\nprint 1", ["1"]),
      ("expect error broken { fail }", []),
      ("expect error undefined-variable { print $nope }", []),
      (
        "?undo",
        [
          Help(commands: CommandTable(LanguageCommands.all), definitions: [:]).text(on: "undo")
            ?? ""
        ]
      ),
    ])
  func scriptsSay(source: String, lines: [String]) {
    #expect(Transcript.of(source) == lines)
  }

  @Test func aFailingAssertPrintsBothSides() {
    let text = Transcript.of("let r = evaluate\nassert $r.tv < 0.05, \"too far\"").first ?? ""
    #expect(text.contains("error: 0.093 < 0.05 does not hold: too far\n"))
    #expect(Transcript.of("assert near(1, 2, 0.5)").first?.contains("near(1, 2, 0.5) does") == true)
    #expect(Transcript.of("assert 1 < 2 and 'a' == 'b'").first?.contains("\"a\" == \"b\"") == true)
  }

  @Test func anExpectedErrorThatDoesNotComeIsAnError() {
    #expect(Transcript.codes(of: "expect error broken { print 1 }") == ["expected-error"])
    #expect(Transcript.codes(of: "expect error other { fail broken }") == ["expected-error"])
  }

  /// Looking one parameter up among all others, for each of them, would take minutes.
  @Test func aDefinitionMayHaveVeryManyParameters() {
    let names = (0..<20_000).map { "p\($0)" }
    let script =
      "def f(\(names.map { $0 + "=1" }.joined(separator: ", "))) { return $p19999 }\n"
      + "print f(2), f(\(names.map { $0 + "=3" }.joined(separator: ", ")))"
    #expect(Transcript.of(script) == ["1 3"])
  }

  @Test func aLongBlockIsNotReadAnewWithEveryLine() {
    let session = Session(commands: CommandTable([]))
    let block = "if true {\n" + String(repeating: "  let a = 1\n", count: 2_000)
    for (line, needsMore) in [("  let b = 2", true), ("}", false), ("  let c = [1", true)] {
      #expect(session.needsMoreInput(block + line, after: line) == needsMore, "\(line)")
      #expect(session.needsMoreInput(block + line) == needsMore, "\(line)")
    }
    // A line that goes on is over with the next one.
    let text = String(repeating: "let a = 1\n", count: 1_000) + "let b = \\\n"
    #expect(!session.needsMoreInput(text + "  2", after: "  2"))
  }

  @Test func recursionToTheLimitWorksAndBeyondItIsAnError() {
    let script = "def f(n) { if $n == 0 { return 0 } else { return 1 + f($n - 1) } }\n"
    #expect(Transcript.of(script + "print f(999)") == ["999"])
    #expect(Transcript.codes(of: script + "print f(1000)") == ["recursion-limit"])
    #expect(Transcript.codes(of: "def f() { f }\nf") == ["recursion-limit"])
  }

  @Test func nestingToTheLimitWorksAndBeyondItIsAnError() {
    func nested(_ depth: Int) -> String {
      "print " + String(repeating: "(", count: depth) + "1" + String(repeating: ")", count: depth)
    }
    #expect(Transcript.of(nested(200)) == ["1"])
    #expect(Transcript.codes(of: nested(201)) == ["nesting-too-deep"])
    let blocks = String(repeating: "if true {", count: 201) + String(repeating: "}", count: 201)
    #expect(Transcript.codes(of: blocks).contains("nesting-too-deep"))
    let sum = "print 1" + String(repeating: " + 1", count: 2_000)
    #expect(Transcript.codes(of: sum) == ["nesting-too-deep"])
  }

  @Test func growingValuesEndInAnErrorInsteadOfALackOfMemory() {
    #expect(
      Transcript.codes(of: "let s = 'ab'; while true { let s = \"{$s}{$s}\" }")
        == ["value-too-large"])
    #expect(
      Transcript.codes(of: "let s = [1]; while true { let s = [$s, $s] }") == ["value-too-large"])
    #expect(Transcript.codes(of: "let s = [1]; while true { let s = [$s] }") == ["value-too-large"])
    #expect(Transcript.codes(of: "print range(1e15)") == ["value-too-large"])
  }

  @Test func aCallThatFitsNoDefinitionOfItsNameIsRefused() {
    let script = "def f() { print 1 }\nif true { def f(a) { print $a } }\n"
    #expect(Transcript.codes(of: script + "f 1 2") == ["too-many-arguments"])
    #expect(Transcript.codes(of: "def f(a=$a) { print 1 }") == ["undefined-variable"])
    let transcript = Transcript()
    transcript.run("def f() { print 1 }")
    transcript.run("print 2\ndef f(a) { print $a }\nf")
    #expect(transcript.lines.first?.hasPrefix("2") == false)
    #expect(transcript.failures.map(\.code) == ["missing-argument"])
  }

  @Test func aCallWithoutAValueIsNoValue() {
    #expect(Transcript.codes(of: "def f() { bump }\nlet x = f()") == ["no-value"])
    #expect(Transcript.codes(of: "def f() { bump }\nlet x = f") == ["no-value"])
  }

  @Test func anExitEndsTheScriptWithItsStatus() {
    let transcript = Transcript()
    #expect(transcript.run("print 1; exit 3; print 2") == .exit(3))
    #expect(transcript.lines == ["1"])
    #expect(transcript.run("def f() { exit 4 }\nf; print 2") == .exit(4))
    #expect(transcript.run("quit") == .exit(0))
  }

  @Test func aScriptStopsAtItsFirstErrorUnlessToldToKeepGoing() {
    #expect(Transcript.of("fail; print 1").count == 1)
    let transcript = Transcript(options: SessionOptions(keepGoing: true))
    #expect(transcript.run("fail; print 1") == .failed)
    #expect(transcript.lines.last == "1")
  }

  @Test func whatHangsOnAFailedLetIsSkippedAndIsNoErrorOfItsOwn() {
    let transcript = Transcript(options: SessionOptions(keepGoing: true))
    let script =
      "let x = 1 / 0\nlet y = $x + 1\ndef f() { print $y }\nf\nprint 1\nlet x = 2\nprint $x"
    #expect(transcript.run(script) == .failed)
    #expect(transcript.failures.map(\.code) == ["division-by-zero"])
    #expect(
      transcript.lines.dropFirst() == [
        "note: skipped: '$x' has no value, as the statement that sets it failed",
        "note: skipped: '$y' has no value, as the statement that sets it failed", "1", "2",
      ])
  }

  @Test func whatWasGivenIsJudgedByTheCheckAsRunJudgesIt() {
    func codes(_ given: String, _ script: String) -> [String] {
      Transcript(options: SessionOptions(prebound: ["n": given])).session
        .check(Cell(source: script, name: "a.gfn")).map(\.code)
    }
    let script = "let n ?= 3\ntrain $n"
    #expect(codes("4", script).isEmpty)
    #expect(codes("abc", script) == ["wrong-type"])
    #expect(codes("0", script) == ["out-of-range"])
    #expect(codes("abc", "let n ?= 3\nexpect error wrong-type { train $n }").isEmpty)
    // There the statement may not run, or the variable have another value.
    for safe in [
      "let n ?= 3\nif $n == \"abc\" { exit }\ntrain $n",
      "let n ?= 3\nif $n != \"abc\" { train $n }",
      "let n ?= 3\nwhile $n != \"abc\" { train $n }",
      "let n ?= 3\nlet n = 5\ntrain $n",
      "let n ?= 3\ndef f(n) { train $n }\nf 5",
      "let n ?= 3\ndef f() { exit }\nf\ntrain $n",
    ] { #expect(codes("abc", safe).isEmpty, "\(safe)") }
  }

  @Test func aCellThatDoesNotPassTheCheckRunsNothing() {
    let transcript = Transcript()
    transcript.run("bump\nprint 1\ntrian 5")
    #expect(transcript.failures.map(\.phase) == [.check])
    #expect(transcript.lines.count == 1 && transcript.session.bench.revision == 0)
  }

  @Test func anExpectedStaticErrorIsNotRun() {
    let transcript = Transcript()
    transcript.run("expect error out-of-range { bump; train 0 }")
    #expect(transcript.outcome == .done && transcript.session.bench.revision == 0)
  }

  @Test func theCheckHasNoFalseAlarms() {
    let script = """
      if exists("x") { let a = 1 }
      for i in 1..3 { if $i > 1 { print $late }; let late = $i }
      def f(x) { return $x + $later }
      let later = 2
      let r = evaluate
      if false { let r = train 3 }
      expect error unknown-field { print $r.step }
      """
    let session = Session(commands: CommandTable(TestCommands.all))
    #expect(session.check(Cell(source: script)).map(\.message) == [])
  }

  @Test func valuesFromOutsideReplaceDefaults() {
    let transcript = Transcript(options: SessionOptions(prebound: ["n": "7", "s": "a b"]))
    transcript.run("let n ?= 3; let s ?= 'x'; let m ?= 1; print $n + 1, $s, $m")
    #expect(transcript.lines == ["8 a b 1"])
    let unknown = Transcript(options: SessionOptions(prebound: ["step": "7"]))
    unknown.run("let steps ?= 3")
    #expect(unknown.failures.map(\.code) == ["unknown-binding"])
    #expect(unknown.failures.first?.fix == "did you mean 'steps='?")
  }

  @Test func moreInputIsNeededExactlyWhileSomethingIsOpen() {
    let session = Session(commands: CommandTable(TestCommands.all))
    for text in [
      "if true {", "print (1 +", "print [1,", "print \"a", "train 5 \\", "def f(",
      "for i in 1..3 {\n  train $i", "print \"{1 +", "if true {\n  print \"a",
      "if true {\n  print 'a\nb", "if true {\n  for i in 1..3 {", "if true {\n  print (1,",
    ] {
      #expect(session.needsMoreInput(text), "\(text)")
    }
    for text in ["", "train 5", "if true { }", "train ) (", "# (", "print 1 +", "print 'a'"] {
      #expect(!session.needsMoreInput(text), "\(text)")
    }
  }
}
