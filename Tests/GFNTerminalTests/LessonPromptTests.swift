import Foundation
import GFNTestSupport
import Testing

/// Lessons as a person at a terminal goes through them, and questions.
@Suite struct LessonPromptTests {
  private static let controlC = "\u{3}"
  private static let script = """
    # %% [markdown]
    # # Counting
    # How **far**?

    # %%
    let x = 1
    env hypergrid dim=1 side=4

    # %% Up
    let x = $x + 1
    # %%
    assert $x > 2
    # %%
    print "and out"
    # %% [markdown]
    # The end of it.
    """

  private let home: TemporaryFolder

  init() throws {
    home = try TemporaryFolder()
    try home.write(Self.script, to: "lessons/03-counting.gfn")
    try home.write(
      "print \"started\"\nrepeat 100000000 { let y = 1 }\n", to: "lessons/04-endless.gfn")
  }

  private func open(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Typist {
    try Typist(
      arguments, home: home,
      environment: ["GFN_LESSONS": home.url.path + "/lessons"].merging(environment) { $1 })
  }

  /// Someone who has opened the lesson from the shell.
  private func student() throws -> Typist {
    let typist = try open(["lesson", "counting"])
    let shown = try typist.expect("gfn [3: 1/4]> ")
    #expect(shown.contains("How far?"))
    #expect(shown.contains("  let x = 1\r\n"))
    return typist
  }

  @Test func enterRunsCellsAndAnythingCanBeTypedInBetween() throws {
    let typist = try student()
    #expect(
      try typist.enter(expecting: "gfn [3: 2/4]> ").contains("  # Up\r\n  let x = $x + 1\r\n"))
    try typist.enter("let x = 10", expecting: "gfn [3: 2/4]> ")
    try typist.enter("next", expecting: "gfn [3: 3/4]> ")
    try typist.enter("print $x", expecting: "\n11\r\n")
    try typist.enter(expecting: "gfn [3: 4/4]> ")
    let ending = try typist.enter(expecting: "gfn [3: end]> ")
    #expect(ending.contains("and out\r\n"))
    #expect(ending.contains("The end of it."))
    #expect(ending.contains("'lesson 4' is the next one"))
    try typist.enter(expecting: "gfn> ")
    try typist.enter("print $x", expecting: "\n11\r\n")
  }

  @Test func backBringsBackTheSessionSeveralTimes() throws {
    let typist = try student()
    try typist.enter(expecting: "gfn [3: 2/4]> ")
    try typist.enter(expecting: "gfn [3: 3/4]> ")
    try typist.enter("let x = 50; train 2 batch=2", expecting: "gfn [3: 3/4]> ")
    #expect(try typist.enter("back", expecting: "gfn [3: 2/4]> ").contains("let x = $x + 1"))
    try typist.enter("print $x, (show).step", expecting: "\n1 0\r\n")
    try typist.enter("back", expecting: "gfn [3: 1/4]> ")
    try typist.enter("print $x", expecting: "error:")
    try typist.enter("back", expecting: "This is the first cell")
  }

  @Test func aFailingCellKeepsTheLessonThereUntilItPassesOrIsSkipped() throws {
    let typist = try student()
    try typist.enter(expecting: "gfn [3: 2/4]> ")
    try typist.enter(expecting: "gfn [3: 3/4]> ")
    let failure = try typist.enter(expecting: "gfn [3: 3/4]> ")
    #expect(failure.contains("03-counting.gfn:12:8: error: 2 > 2 does not hold"))
    #expect(failure.contains("the lesson stays here"))
    try typist.enter("skip", expecting: "gfn [3: 4/4]> ")
    try typist.enter("back", expecting: "gfn [3: 3/4]> ")
    try typist.enter("let x = 3", expecting: "gfn [3: 3/4]> ")
    try typist.enter(expecting: "gfn [3: 4/4]> ")
  }

  @Test func controlCInACellKeepsTheLessonThere() throws {
    let typist = try open(["lesson", "4"])
    try typist.expect("gfn [4: 1/1]> ")
    try typist.enter(expecting: "\nstarted")
    typist.type(Self.controlC)
    try typist.expect("interrupted")
    try typist.expect("the lesson stays here")
    try typist.expect("gfn [4: 1/1]> ")
  }

  @Test func stopLeavesTheLessonAndItsWordsMeanNothingAfterwards() throws {
    let typist = try open([])
    try typist.expect("gfn> ")
    try typist.enter("lesson cou\t", expecting: "gfn [3: 1/4]> ")
    try typist.enter("ski\t", expecting: "gfn [3: 2/4]> ")
    try typist.enter("stop", expecting: "gfn> ")
    try typist.enter(
      "next", expecting: "'next' is a word of lessons at the prompt, and no lesson is running")
    try typist.expect("gfn> ")
    try typist.enter("help next", expecting: "run the cell and go on to the next one")
  }

  // MARK: - Presenting

  @Test func aPresentationTypesUntilAKeyStopsItAndGoesOnWithResume() throws {
    let typist = try open(["lesson", "3", "--present"])
    #expect(!(try typist.expect("gfn [3: 1/4]> ")).contains("let x = 1"))
    typist.type(" ")
    try typist.expect("let x = 1\r\n")
    try typist.expect("gfn [3: 1/4]> env hy")
    typist.type("q")
    try typist.expect("The typing has stopped")
    try typist.expect("gfn [3: 1/4]> ")
    try typist.enter("print $x + 40", expecting: "\n41\r\n")
    try typist.expect("gfn [3: 1/4]> ")
    try typist.enter("resume", expecting: "env hypergrid dim=1 side=4\r\n")
    try typist.expect("gfn [3: 2/4]> ")
    typist.type(" ")
    try typist.expect("let x = $x + 1\r\n")
    try typist.expect("gfn [3: 3/4]> ")
    typist.type(" ")
    try typist.expect("the lesson stays here")
    try typist.expect("gfn [3: 3/4]> ")
    typist.type("exit 3\r")
    #expect(try typist.end() == 3)
  }

  @Test(arguments: [["lesson", "3"], ["lesson", "3", "--present"], ["lesson", "nothing"]])
  func withoutATerminalALessonIsWrongUsage(_ arguments: [String]) throws {
    let run = try ProgramUnderTest.run(
      arguments, environment: ["GFN_LESSONS": home.url.path + "/lessons"])
    #expect(run.status == 2)
    #expect(
      run.errors.contains(
        arguments.contains("3")
          ? "'gfn run \(home.url.path)/lessons/03-counting.gfn'" : "there is no lesson 'nothing'"))
  }

  @Test func theListNeedsNoTerminal() throws {
    let run = try ProgramUnderTest.run(
      "lesson", environment: ["GFN_LESSONS": home.url.path + "/lessons"])
    #expect(run.status == 0)
    #expect(run.output.contains("3  counting  Counting  How far?"))
  }

  // MARK: - Questions

  @Test func aQuestionIsAskedAtThePromptAndInAScript() throws {
    try home.write(
      "let a = ask \"which?\" choices=[up, right] default=up\nprint \"went {$a}\"\n", to: "a.gfn")
    for arguments in [[], ["a.gfn"]] {
      let typist = try open(arguments)
      if arguments.isEmpty {
        try typist.expect("gfn> ")
        typist.type("include \"a.gfn\"\r")
      }
      try typist.expect("which? (up, right) [up] ")
      try typist.enter("left", expecting: "'left' is none of up, right")
      try typist.expect("[up] ")
      try typist.enter("ri\t", expecting: "\nwent right")
    }
  }

  @Test func anEmptyAnswerIsTheDefaultAndControlCInterrupts() throws {
    let typist = try open([])
    try typist.expect("gfn> ")
    try typist.enter("print 1 + (ask \"n?\" default=6)", expecting: "n? [6] ")
    try typist.enter(expecting: "\n7\r\n")
    try typist.enter("let z = ask \"n?\"", expecting: "n? ")
    typist.type("12" + Self.controlC)
    try typist.expect("interrupted")
    try typist.expect("gfn> ")
    try typist.enter("print $z", expecting: "has no value")
  }

  @Test func controlCAtAQuestionEndsAScript() throws {
    try home.write("let a = ask \"which?\"\nprint \"on\"\n", to: "a.gfn")
    let typist = try open(["a.gfn"])
    try typist.expect("which? ")
    typist.type(Self.controlC)
    #expect(try typist.end() == 130)
  }

  @Test func helpIsAsWideAsTheWindow() throws {
    let typist = try Typist.atPrompt(columns: 50)
    let help = try typist.enter("help train", expecting: "gfn> ")
    #expect(help.split(separator: "\r\n").allSatisfy { $0.count < 50 })
  }
}
