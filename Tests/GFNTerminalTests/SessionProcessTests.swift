import Foundation
import Testing

/// `gfn session` as a process: signals, and how it ends.
@Suite struct SessionProcessTests {
  private let training = """
    env hypergrid dim=2 side=8
    method TB-U
    train 100000000 every=50000000
    """

  @Test func anInterruptStopsAfterTheStepAndKeepsWhatWasTrained() throws {
    let frontEnd = try FrontEnd(["--threads", "1"])
    try frontEnd.send(["id": 1, "type": "execute", "code": training])
    let progress = try #require(try frontEnd.events(to: "progress").last)
    #expect(progress["command"] as? String == "train")
    #expect((progress["readings"] as? [[String: Any]])?.isEmpty == false)
    frontEnd.interrupt()
    let done = try #require(try frontEnd.events(to: "done").last)
    #expect(done["status"] as? String == "interrupted")
    try frontEnd.send(["id": 2, "type": "execute", "code": "let now = show; print $now.step > 0"])
    #expect(try frontEnd.next()["text"] as? String == "true\n")
  }

  @Test func anInterruptBetweenCellsDoesNothing() throws {
    let frontEnd = try FrontEnd()
    try frontEnd.send(["type": "info"])
    _ = try frontEnd.next()
    frontEnd.interrupt()
    frontEnd.interrupt()
    usleep(20_000)
    try frontEnd.send(["type": "execute", "code": "repeat 3 { print 1 }"])
    let events = try frontEnd.events(to: "done")
    #expect(events.count == 4)
    #expect(events.last?["status"] as? String == "ok")
  }

  @Test func theEndOfInputEndsTheSession() throws {
    let frontEnd = try FrontEnd()
    try frontEnd.send(["type": "execute", "code": "print 1"])
    frontEnd.closeInput()
    #expect(try frontEnd.events(to: "done").count == 2)
    #expect(try frontEnd.end() == 0)
  }

  @Test func aCellThatExitsEndsTheSessionWithItsStatus() throws {
    let frontEnd = try FrontEnd()
    try frontEnd.send(["type": "execute", "code": "exit 7"])
    #expect(try frontEnd.next()["exit"] as? Int == 7)
    #expect(try frontEnd.end() == 7)
  }

  @Test func noComputingIsLeftBehindAFrontEndThatHasGone() throws {
    let frontEnd = try FrontEnd()
    try frontEnd.send([
      "type": "execute", "code": "print 1; quiet { repeat 1000000000 { let x = 1 } }",
    ])
    _ = try frontEnd.next()
    frontEnd.closeOutput()
    #expect(try frontEnd.end() == 128 + SIGPIPE)
  }

  @Test func standardOutputCarriesTheProtocolAlone() throws {
    let run = try ProgramUnderTest.run(
      ["session", "--output", "json", "x=3"],
      input: "\n{\"id\": 1, \"type\": \"execute\", \"code\": \"let x ?= 1\\nprint $x\"}\nnonsense")
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    let lines = run.output.split(separator: "\n")
    #expect(lines.first == #"{"id": 1, "event": "stream", "name": "stdout", "text": "3\n"}"#)
    #expect(lines.count == 4)
  }

  @Test(arguments: [[], ["--output", "json", "--quiet"], ["--output", "json", "a=1", "a=2"]])
  func wrongUsageIsTwo(arguments: [String]) throws {
    let run = try ProgramUnderTest.run(["session"] + arguments)
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("Error: "))
  }
}
