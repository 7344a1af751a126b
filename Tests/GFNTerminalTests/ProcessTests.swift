import Foundation
import GFNTestSupport
import Testing

@testable import GFNTerminal

/// Exit statuses, streams and arguments of the program without a terminal.
@Suite struct ProcessTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  // MARK: - Exit statuses

  @Test func aScriptThatEndsIsZero() throws {
    try folder.write("print \"hello\"\n", to: "a.gfn")
    for arguments in [["a.gfn"], ["run", "a.gfn"]] {
      let run = try ProgramUnderTest.run(arguments, in: folder.url)
      #expect(run.status == 0)
      #expect(run.output == "hello\n")
      #expect(run.errors.isEmpty)
    }
  }

  @Test func aFailedAssertionIsOneAndKeepsWhatCameBefore() throws {
    let run = try ProgramUnderTest.run("-e", "print 1; assert 1 > 2; print 3")
    #expect(run.status == 1)
    #expect(run.output == "1\n")
    #expect(run.errors.contains("1 > 2 does not hold"))
  }

  @Test func aMissingFileIsOneAndNamed() throws {
    let run = try ProgramUnderTest.run("run", "nowhere.gfn")
    #expect(run.status == 1)
    #expect(run.errors == "gfn: cannot read 'nowhere.gfn': no such file or directory\n")
  }

  @Test func aScriptThatFailsTheCheckIsTwoAndRunsNothing() throws {
    try folder.write("print 1\nprnt 2\n", to: "a.gfn")
    let run = try ProgramUnderTest.run("a.gfn", in: folder.url)
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("a.gfn:2:1: error: "))
    #expect(run.errors.contains("\n  prnt 2\n  ^~~~\n"))
  }

  @Test(arguments: [["--sed"], ["--output", "xml"], ["a", "no-binding"], ["check"], ["-e"]])
  func wrongUsageIsTwoAndOnStandardError(arguments: [String]) throws {
    let run = try ProgramUnderTest.run(arguments)
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("Error: "))
  }

  @Test func exitGivesItsOwnStatus() throws {
    #expect(try ProgramUnderTest.run("-e", "exit 7; print 1").status == 7)
    #expect(try ProgramUnderTest.run("-e", "exit").status == 0)
  }

  @Test func keepGoingRunsOnAndStillIsOne() throws {
    let run = try ProgramUnderTest.run("--keep-going", "-e", "assert 1 > 2", "-e", "print 3")
    #expect(run.status == 1)
    #expect(run.output == "3\n")
  }

  @Test func helpAndVersionGoToStandardOutput() throws {
    let help = try ProgramUnderTest.run("--help")
    #expect(help.status == 0)
    #expect(help.output.contains("gfn [run] FILE|- [NAME=VALUE …]"))
    #expect(try ProgramUnderTest.run("--version").output.hasPrefix("gfn "))
  }

  @Test func resultsThatCannotBeWrittenAreAFailure() throws {
    let command = "'\(try ProgramUnderTest.path)' -e 'print 1' >/dev/full"
    let run = try folder.shell(command)
    #expect(run.status == 1)
    #expect(run.output.contains("cannot write to standard output: no space left on device"))
  }

  @Test func aClosedStreamGivesItsNumberToNoFile() throws {
    try folder.write(
      """
      env hypergrid dim=2 side=4
      log csv="m.csv"
      record "r.gfn"
      print "printed"
      train 1
      load "none.csv"

      """, to: "a.gfn")
    let program = try ProgramUnderTest.path
    for closed in [">&-", "2>&-", "<&-", "<&- >&- 2>&-"] {
      _ = try folder.shell("cd '\(folder.url.path)' && '\(program)' a.gfn \(closed)")
      let log = try folder.read("m.csv")
      #expect(log.hasPrefix("step,"), "\(closed)")
      for text in [log, try folder.read("r.gfn")] {
        #expect(!text.contains("printed\n") && !text.contains("error:"), "\(closed)")
      }
      _ = try folder.shell("rm '\(folder.url.path)'/m.csv '\(folder.url.path)'/r.gfn")
    }
  }

  // MARK: - Where statements come from

  @Test func standardInputIsRunWithAndWithoutADash() throws {
    for arguments in [["-"], ["run", "-"], []] {
      let run = try ProgramUnderTest.run(arguments, input: "let x = 2\nprint $x + 1\n")
      #expect(run.status == 0)
      #expect(run.output == "3\n")
    }
  }

  @Test func statementsOfTheCommandLineAreOneScript() throws {
    let run = try ProgramUnderTest.run("-e", "let x = 1; print $x", "-e", "print $x + 1")
    #expect(run.output == "1\n2\n")
  }

  @Test func aScriptRunsByItsFirstLine() throws {
    let program = parent(of: try ProgramUnderTest.path)
    let script = try folder.writeProgram(
      "#!/usr/bin/env -S gfn run\nlet n ?= 1\nprint $n\n", to: "script")
    let run = try folder.shell("'\(script.path)' n=5", path: program)
    #expect(run.output == "5\n")
  }

  @Test func namesCanBeGivenFromOutside() throws {
    try folder.write("let steps ?= 10\nprint $steps\n", to: "a.gfn")
    #expect(try ProgramUnderTest.run("a.gfn", "steps=3", in: folder.url).output == "3\n")
    #expect(try ProgramUnderTest.run("a.gfn", in: folder.url).output == "10\n")
    let wrong = try ProgramUnderTest.run("run", "a.gfn", "stpes=3", in: folder.url)
    #expect(wrong.status == 2)
    #expect(wrong.output.isEmpty)
    #expect(wrong.errors.contains("'stpes="))
    #expect(wrong.errors.contains("did you mean 'steps="))
  }

  @Test func aFileThatIsNoTextIsRefused() throws {
    try Data([0x70, 0xFF, 0xFE]).write(to: folder.url.appending(path: "a.gfn"))
    let run = try ProgramUnderTest.run("a.gfn", in: folder.url)
    #expect(run.status == 1)
    #expect(
      run.errors
        == "gfn: 'a.gfn' is not UTF-8 text; convert it: iconv -f ISO-8859-1 -t UTF-8 'a.gfn' > NEW\n"
    )
  }

  @Test func scriptsNeverReadTheRcFile() throws {
    let home = try TemporaryFolder()
    try home.write("print \"from rc\"\n", to: "config/gfn/rc.gfn")
    let run = try ProgramUnderTest.run(
      ["-e", "print 1"], environment: ["XDG_CONFIG_HOME": home.url.path + "/config"])
    #expect(run.output == "1\n")
  }

  // MARK: - check

  @Test func checkReportsEveryErrorOfEveryFile() throws {
    try folder.write("prnt 1\nprint $nothing\n", to: "a.gfn")
    try folder.write("print 1\n", to: "good.gfn")
    try folder.write("if {\n", to: "b.gfn")
    let run = try ProgramUnderTest.run("check", "a.gfn", "good.gfn", "b.gfn", in: folder.url)
    #expect(run.status == 2)
    for place in ["a.gfn:1:1:", "a.gfn:2:7:", "b.gfn:1:"] { #expect(run.errors.contains(place)) }
    #expect(!run.errors.contains("good.gfn"))
    let good = try ProgramUnderTest.run("check", "good.gfn", in: folder.url)
    #expect(good.status == 0)
    #expect(good.output.isEmpty)
    #expect(good.errors.isEmpty)
  }

  @Test func checkTakesTheValuesThatRunWouldTake() throws {
    try folder.write("let n ?= 3\nprint $n\n", to: "n.gfn")
    #expect(try ProgramUnderTest.run("check", "n.gfn", "n=5", in: folder.url).status == 0)
    let unknown = try ProgramUnderTest.run("check", "n.gfn", "m=5", in: folder.url)
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("'m='"))
    #expect(try ProgramUnderTest.run("check", "n=5", in: folder.url).status == 2)
    #expect(try ProgramUnderTest.run("check", "n.gfn", "n=5", "n=6", in: folder.url).status == 2)
  }

  // MARK: - The benchmark

  @Test func theBenchmarkPrintsOneObjectALine() throws {
    let program = try ProgramUnderTest.path(of: "gfn-bench")
    let run = try folder.shell("'\(program)' --quick --json --only '64x64 TB-U'")
    #expect(run.status == 0)
    let objects = try run.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(objects.count == 3)
    let training = try #require(objects.last)
    #expect(training["case"] as? String == "64x64 TB-U")
    for field in ["ms_per_step", "distinct", "visits", "gflop", "efficiency"] {
      #expect(training[field] as? Double ?? 0 > 0, "\(field)")
    }
  }

  // MARK: - Forms of output

  @Test func jsonIsOneObjectALine() throws {
    let run = try ProgramUnderTest.run(
      "--output", "json", "-e", "print \"a\\\"b\"", "-e", "", "-e", "assert 1 > 2, \"no\"")
    #expect(run.output == "{\"line\": 1, \"command\": \"print\", \"value\": \"a\\\"b\"}\n")
    let errors = try JSONSerialization.jsonObject(with: Data(run.errors.utf8)) as? [String: Any]
    #expect(errors?["line"] as? Int == 3)
    #expect(errors?["code"] is String)
    #expect((errors?["message"] as? String)?.contains("no") == true)
  }

  @Test func echoShowsEachStatementBeforeItsResults() throws {
    let run = try ProgramUnderTest.run("--echo", "-e", "let x = 1; print $x\nrepeat 1 {\n}")
    #expect(run.output == "> let x = 1\n> print $x\n1\n> repeat 1 {\n> }\n")
  }

  @Test func aPipeGetsNoColourUnlessItIsAsked() throws {
    #expect(!(try ProgramUnderTest.run("-e", "prnt 1").errors.contains("\u{1B}")))
    let coloured = try ProgramUnderTest.run("--color", "always", "-e", "prnt 1")
    #expect(coloured.errors.contains("\u{1B}[1;31merror:\u{1B}[0m"))
  }

  @Test func aValueGivenTwiceIsWrongUsage() throws {
    try folder.write("let n ?= 1\nprint $n\n", to: "n.gfn")
    let run = try ProgramUnderTest.run("run", folder.url.path + "/n.gfn", "n=2", "n=3")
    #expect(run.status == 2)
    #expect(run.errors.contains("'n=' is given twice"))
    #expect(run.output.isEmpty)
  }

  @Test func aSeedThatARecordCannotHoldIsWrongUsage() throws {
    let run = try ProgramUnderTest.run("--seed", "9007199254740993", "-e", "print 1")
    #expect(run.status == 2)
    #expect(run.errors.contains("'--seed 9007199254740993' is not between 0 and 9007199254740992"))
    for option in ["--seed", "--threads"] {
      let negative = try ProgramUnderTest.run(option, "-1", "-e", "print 1")
      #expect(negative.status == 2)
      #expect(negative.errors.contains("'\(option) -1' is not between"))
    }
    #expect(try ProgramUnderTest.run("--seed", "9007199254740992", "-e", "print 1").status == 0)
  }

  // MARK: - Signals

  @Test(arguments: [SIGINT, SIGTERM])
  func aStoppedScriptDiesByTheSignal(signal: Int32) throws {
    try folder.write("print \"started\"\nrepeat 100000000 { let x = 1 }\n", to: "a.gfn")
    let typist = try Typist(["run", folder.url.path + "/a.gfn"])
    try typist.expect("started")
    typist.send(signal)
    #expect(try typist.end() == 128 + signal)
  }

  @Test(arguments: [SIGQUIT, SIGSEGV, SIGILL, SIGABRT])
  func aCrashGivesTheTerminalBackAndAsksNothing(signal: Int32) throws {
    let typist = try Typist.atPrompt()
    #expect(!typist.isCooked)
    typist.send(signal)
    #expect(try typist.end() & ~0x80 == signal)
    #expect(typist.isCooked)
    #expect(!typist.raw.contains("Press space"))
    #expect(typist.raw.contains("gfn: crashed") == (signal != SIGQUIT))
  }

  @Test func aFileThatMayNotGrowIsAnError() throws {
    let program = try ProgramUnderTest.path
    let run = try folder.shell(
      "ulimit -f 1; '\(program)' -e 'env hypergrid side=8; save \"\(folder.url.path)/a.safetensors\"'"
    )
    #expect(run.status == 1)
    #expect(run.output.contains("file too large"), "\(run.output)")
  }

  @Test func aScriptIsAFileOrAPipeThatTheCallerOpened() throws {
    let program = try ProgramUnderTest.path
    let pipe = folder.url.path + "/pipe.gfn"
    try #require(mkfifo(pipe, 0o600) == 0)
    for (path, kind) in [
      (pipe, "a named pipe"), ("/dev/zero", "a device"), (folder.url.path, "a folder"),
    ] {
      let run = try ProgramUnderTest.run("run", path)
      #expect(run.status == 1)
      #expect(run.errors == "gfn: '\(path)' is \(kind), not a script\n")
    }
    for command in [
      "(sleep 0.2; echo print 1) | '\(program)' /dev/stdin",
      "bash -c \"'\(program)' <(sleep 0.2; echo print 1)\"",
    ] { #expect(try folder.shell(command).output == "1\n") }
  }

  @Test func aStoppedTrainingKeepsWhatItLearnedAndNamesTheFile() throws {
    try folder.write(
      "env hypergrid dim=2 side=8\nmethod TB-U\ntrain 1000000 every=5\n", to: "a.gfn")
    let typist = try Typist(["run", folder.url.path + "/a.gfn"])
    try typist.expect("mean_reward")
    try typist.expect("\r\n")
    typist.send(SIGTERM)
    try typist.expect("gfn: interrupted; the training state is in 'a.interrupted.safetensors'")
    #expect(try typist.end() == 128 + SIGTERM)
    #expect(try typist.home.read("a.interrupted.safetensors").isEmpty == false)
  }

  @Test func aReaderOfRowsThatHasEnoughEndsTheTraining() throws {
    let program = try ProgramUnderTest.path
    let run = try folder.shell(
      "'\(program)' -e 'env hypergrid side=4; train 100000000 every=1' | head -n 1")
    #expect(run.output.hasPrefix("     step"))
  }

  @Test func aReaderThatHasEnoughEndsTheProgramQuietly() throws {
    let program = try ProgramUnderTest.path
    let run = try folder.shell("'\(program)' -e 'repeat 1000000 { print \"line\" }' | head -n 2")
    #expect(run.output == "line\nline\n")
  }
}
