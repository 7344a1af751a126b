import GFNParameters
import GFNTestSupport
import Testing

@testable import GFNLanguage

/// No input may crash the program, and reading, checking and running it must end.
@Suite struct RobustnessTests {
  /// A small generator with a fixed seed, so that a failure comes again.
  private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) ^ (state << 31)
    }
  }

  private static let pieces = [
    "let", "x", "=", "?=", "if", "else", "{", "}", "(", ")", "[", "]", "for", "in", "repeat", "2",
    "def", "f", "f(", "return", "break", "continue", "assert", "print", "expect", "error", "syntax",
    "time", "quiet", "train", "evaluate", "env", "hypergrid", "dim=", "batch=3", "$x", "$it", "$",
    "1..3", "..", ".", "-", "+", "*", "//", "%", "^", "==", "<", "and", "not", "\"", "'", "\"{",
    "}\"", ":.3f", "\\", "\n", ";", ",", "#", "# %%", "1e400", "-1e18", "9e18", "0x", "é",
    "\u{201C}",
    "\0", "\r\n", "\t", "?", "help", "undo", "snapshot a", "restore a", "history", "true", ".tv",
    "[-1]", "[99]", "sum(", "range(", "len(", "1e18)", "until=\"tv<1\"", "exit", "include \"a\"",
    "inspect", "fail", "bump",
  ]

  private static let scripts = [
    "def f(n, k=2) { if $n < 1 { return [1, 'a'] } else { return f($n - 1) } }\nprint f(3)",
    "let r = evaluate\nassert near($r.tv, 0.1, 0.1), \"tv {$r.tv:.3f}\"\nfor i in [1, 2] { train $i }",
    "expect error out-of-range { train 0 }\nenv hypergrid reward=\"x[0] + sum(u)\" dim=3 # c",
    "# %% Title\nlet t = (train 3)[-1].loss; print $t ^ -2 // 3 % 2, (1, 2), 1..(1 + 2)\n?train",
  ]

  @Test(arguments: 0..<40)
  func randomTokensNeitherCrashNorHang(seed: Int) {
    var dice = Dice(state: UInt64(seed) + 1)
    for _ in 0..<50 {
      let count = Int.random(in: 1...40, using: &dice)
      let source = (0..<count).map { _ in
        (Self.pieces.randomElement(using: &dice) ?? "") + (Bool.random(using: &dice) ? " " : "")
      }.joined()
      exercise(source, &dice)
    }
  }

  @Test func truncatedScriptsNeitherCrashNorHang() {
    var dice = Dice(state: 7)
    for script in Self.scripts {
      for length in 0...script.utf8.count {
        exercise(String(decoding: script.utf8.prefix(length), as: UTF8.self), &dice)
      }
    }
  }

  @Test func mutilatedScriptsNeitherCrashNorHang() {
    var dice = Dice(state: 11)
    for script in Self.scripts {
      for _ in 0..<300 {
        var bytes = Array(script.utf8)
        for _ in 0..<3 {
          bytes[Int.random(in: 0..<bytes.count, using: &dice)] = UInt8.random(
            in: 0...255, using: &dice)
        }
        exercise(String(decoding: bytes, as: UTF8.self), &dice)
      }
    }
  }

  @Test(arguments: [
    "(", "[", "{", "if true {", "-", "not ", "\"{", "1 + ", "1..", "f(", "$x[", "$x.a", "time ",
    "1^",
  ])
  func longRepetitionsNeitherCrashNorHang(piece: String) {
    var dice = Dice(state: 3)
    for prefix in ["", "print ", "let x = ", "train "] {
      exercise(prefix + String(repeating: piece, count: 20_000), &dice)
    }
  }

  @Test func longStringsTakeTimeInProportionToTheirLength() {
    let transcript = Transcript()
    transcript.run("let s = \"" + String(repeating: "{1}a", count: 100_000) + "\"\nprint len($s)")
    #expect(transcript.lines == ["200000"])
    #expect(growsInProportion { "let s = \"" + String(repeating: "{1}a", count: $0) + "\"" })
  }

  @Test(arguments: [
    "print #; ", "let x# = #\n", "let x# ?= [#, a]\n", "for i# in 1..2 { let x = $i# }\n",
    "let x# = 1; def f#(a) { return $x# + $a }\n",
    "expect error undefined-variable { print $x# }\n",
    "print $x#\n", "snapshot a; restore a; let x# = 1; undo\n",
  ])
  func longScriptsTakeTimeInProportionToTheirLength(statement: String) {
    let isProportional = growsInProportion { count in
      (0..<count).map { statement.replacing("#", with: "\($0)") }.joined()
    }
    #expect(isProportional)
  }

  /// Whether eight times the script takes about eight times the work, and not sixty-four times. The
  /// thread's own time is measured, so that other work on the machine does not count.
  private func growsInProportion(_ script: (Int) -> String) -> Bool {
    // The caches of a busy machine may spoil some attempts, but not all.
    (0..<5).contains { _ in
      time(of: script(16_000)) < 24 * time(of: script(2_000))
    }
  }

  private func time(of script: String) -> Double {
    let transcript = Transcript()
    let start = threadTime()
    transcript.run(script)
    return threadTime() - start
  }

  private func exercise(_ source: String, _ dice: inout Dice) {
    let transcript = Transcript()
    _ = transcript.session.needsMoreInput(source)
    let offset = Int.random(in: -1...(source.utf8.count + 1), using: &dice)
    _ = transcript.session.completions(for: source, at: offset)
    // 'while' is left out of the pieces, and loops over 9e18 are not: they are interrupted.
    let isLoop = source.contains("repeat") || source.contains("for")
    if isLoop, source.contains("e18") { transcript.session.interruption.request() }
    transcript.run(source)
    for failure in transcript.failures {
      #expect(!failure.code.isEmpty && failure.line >= 0 && failure.column >= 0)
    }
  }
}
