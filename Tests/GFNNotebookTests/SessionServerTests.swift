import Foundation
import GFNCommands
import GFNFigures
import GFNLanguage
import GFNTestSupport
import Testing

@testable import GFNNotebook

/// The protocol of `gfn session`, without a process.
@Suite struct SessionServerTests {
  /// What the server answers to these lines, and its exit status.
  private func serve(
    _ lines: [String], prebound: [String: String] = [:]
  ) throws -> (events: [[String: Any]], status: Int32) {
    var rest = lines[...]
    var sent: [String] = []
    let server = SessionServer(
      version: "0",
      makeSession: {
        Session(
          commands: .program(), bench: Workbench(),
          options: SessionOptions(isInteractive: true, prebound: prebound))
      },
      nextLine: { rest.popFirst().map { .line(Array($0.utf8)) } ?? .end },
      sendLine: {
        sent.append($0)
        return true
      })
    let status = server.run()
    let events = try sent.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    return (events, status)
  }

  private func request(_ fields: [String: Any]) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: fields), as: UTF8.self)
  }

  private func answer(to fields: [String: Any]) throws -> [String: Any] {
    let events = try serve([try request(fields)]).events
    #expect(events.count == 1)
    return try #require(events.first)
  }

  private func execute(_ code: String) throws -> String {
    try request(["id": 1, "type": "execute", "code": code])
  }

  // MARK: - Execution

  @Test func cellsShareASessionAndEveryEventBearsTheId() throws {
    let (events, status) = try serve([
      try request(["id": "a", "type": "execute", "code": "let x = 2"]),
      try request(["id": 7, "type": "execute", "code": "print \"é\", $x + 1"]),
    ])
    #expect(status == 0)
    #expect(events.map { $0["event"] as? String } == ["done", "stream", "done"])
    #expect(events[0]["id"] as? String == "a")
    #expect(events[1]["id"] as? Int == 7)
    #expect(events[1]["name"] as? String == "stdout")
    #expect(events[1]["text"] as? String == "é 3\n")
    #expect(events[2]["status"] as? String == "ok")
  }

  @Test func aTableIsTextAndData() throws {
    let events = try serve([try execute("env list")]).events
    let data = try #require(events[0]["data"] as? [String: Any])
    #expect((data["text/plain"] as? String)?.contains("hypergrid") == true)
    #expect((data["application/vnd.gfn+json"] as? [[String: Any]])?.first?["name"] is String)
  }

  @Test func aNoteIsMarkdown() throws {
    let events = try serve([try execute("note \"*so*\"")]).events
    let data = try #require(events[0]["data"] as? [String: Any])
    #expect(data["text/markdown"] as? String == "*so*")
  }

  @Test func anErrorNamesThePlaceInTheCell() throws {
    let cell: [String: Any] = [
      "type": "execute", "code": "print 1\nassert 1 > 2", "name": "cell 4", "line": 10,
    ]
    let events = try serve([try request(cell)]).events
    #expect(events.map { $0["event"] as? String } == ["stream", "error", "done"])
    #expect(events[1]["code"] as? String == "assertion")
    #expect(events[1]["line"] as? Int == 11)
    #expect((events[1]["text"] as? String)?.hasPrefix("cell 4:11:8: error: ") == true)
    #expect(events[2]["status"] as? String == "error")
  }

  @Test func anExitEndsTheSessionWithItsStatus() throws {
    let (events, status) = try serve([try execute("exit 3"), try execute("print 1")])
    #expect(status == 3)
    #expect(events.count == 1)
    #expect(events[0]["status"] as? String == "exit")
    #expect(events[0]["exit"] as? Int == 3)
  }

  @Test func aResetForgetsEverything() throws {
    let events = try serve([
      try execute("let x = 1"), try request(["type": "reset"]), try execute("print $x"),
    ]).events
    #expect(events.map { $0["event"] as? String } == ["done", "done", "error", "done"])
    #expect(events[2]["code"] as? String == "undefined-variable")
  }

  @Test func anyCellMayTakeAValueFromOutside() throws {
    let (events, _) = try serve(
      [try execute("print 1"), try execute("let n ?= 1\nprint $n")], prebound: ["n": "5"])
    #expect(events.compactMap { $0["text"] as? String } == ["1\n", "5\n"])
  }

  @Test func whatIsOverSoonShowsNoProgress() throws {
    let events = try serve([
      try execute("env hypergrid dim=2 side=4; method TB-U; quiet { train 3 }")
    ]).events
    #expect(!events.contains { $0["event"] as? String == "progress" })
  }

  // MARK: - Questions

  @Test func aQuestionIsPutUntilAnAnswerCounts() throws {
    let cell: [String: Any] = [
      "id": 1, "type": "execute", "asks": true,
      "code": "let a = ask \"where?\" choices=[up, down] default=up\nprint $a",
    ]
    let (events, _) = try serve([
      try request(cell), #"{"type": "answer", "text": "left"}"#, #"{"id": 5, "type": "info"}"#,
      #"{"type": "answer", "text": " down "}"#, try request(cell),
      #"{"type": "answer", "text": ""}"#, try request(cell), #"{"type": "answer", "text": null}"#,
    ])
    let kinds = events.map { $0["event"] as? String ?? "" }
    #expect(
      kinds == [
        "ask", "ask", "error", "done", "stream", "done", "ask", "stream", "done", "ask", "stream",
        "done",
      ])
    #expect(events[0]["choices"] as? [String] == ["up", "down"])
    #expect(events[1]["remark"] as? String == "'left' is none of up, down")
    #expect(events[2]["id"] as? Int == 5)
    #expect(events[4]["text"] as? String == "down\n")
    #expect(events[7]["text"] as? String == "up\n")
    #expect(events[11]["status"] as? String == "interrupted")
  }

  @Test func aFrontEndThatDoesNotAskGetsTheDefault() throws {
    let events = try serve([try execute("print (ask \"where?\" default=up)")]).events
    #expect(events.first?["event"] as? String == "stream")
    #expect(events.compactMap { $0["text"] as? String }.joined().hasSuffix("up\n"))
    #expect(events.last?["status"] as? String == "ok")
  }

  @Test func theEndOfInputIsNoAnswer() throws {
    let cell: [String: Any] = ["type": "execute", "asks": true, "code": "let a = ask \"where?\""]
    let (events, status) = try serve([try request(cell)])
    #expect(status == 0)
    #expect(events.last?["status"] as? String == "interrupted")
  }

  // MARK: - Editing

  @Test func placesCountUnicodeScalars() throws {
    // One character of two scalars, and one beyond the basic plane.
    let code = "print \"e\u{301}😀\"; tra # no"
    let found = try answer(to: ["type": "complete", "code": code, "cursor": 16])
    #expect(found["cursor_start"] as? Int == 13)
    #expect(found["cursor_end"] as? Int == 16)
    let matches = try #require(found["matches"] as? [[String: Any]])
    #expect(matches.compactMap { $0["text"] as? String }.contains("train"))
  }

  @Test func anOptionWaitsForItsValue() throws {
    let found = try answer(to: ["type": "complete", "code": "train 100 ba"])
    let match = try #require((found["matches"] as? [[String: Any]])?.first)
    #expect(match["text"] as? String == "batch=")
    #expect(match["final"] as? Bool == false)
  }

  @Test(arguments: [
    ("train 10 batch=64", 12, "batch", "train batch="),
    ("train 10 ", 9, "train", "train [N]"), ("undo", 2, "undo", "undo [COUNT]"),
    ("method RL-G", 9, "RL-G", "method RL-G"),
  ])
  func aWordIsExplained(code: String, cursor: Int, word: String, beginning: String) throws {
    let found = try answer(to: ["type": "inspect", "code": code, "cursor": cursor])
    #expect(found["word"] as? String == word)
    let text = try #require((found["data"] as? [String: Any])?["text/plain"] as? String)
    #expect(text.hasPrefix(beginning))
  }

  @Test func anOptionIsThatOfItsCommand() throws {
    let found = try answer(to: ["type": "inspect", "code": "gradient batch=64", "cursor": 11])
    let text = try #require((found["data"] as? [String: Any])?["text/plain"] as? String)
    #expect(text.hasPrefix("gradient batch="))
    #expect(!text.contains("train batch="))
  }

  @Test func aVariableIsExplainedByItsValue() throws {
    let events = try serve([
      try execute("let rate = 0.25"),
      try request(["type": "inspect", "code": "print $rate", "cursor": 9]),
    ]).events
    let data = try #require(events[1]["data"] as? [String: Any])
    #expect(data["text/plain"] as? String == "$rate, a number\n  0.25")
  }

  @Test func nothingIsSaidOnNothing() throws {
    for code in ["", "  ", "\"\"", "$unknown"] {
      #expect(try answer(to: ["type": "inspect", "code": code])["found"] as? Bool == false)
    }
  }

  @Test(arguments: [
    ("print 1", "complete", nil), ("prnt 1", "invalid", nil), ("repeat 2 {", "incomplete", "  "),
    ("if true {\n  repeat 2 {\n    print 1", "incomplete", "    "), ("print )", "invalid", nil),
  ])
  func aCellIsJudgedBeforeItRuns(code: String, state: String, indent: String?) throws {
    let found = try answer(to: ["type": "is_complete", "code": code])
    #expect(found["state"] as? String == state)
    #expect(found["indent"] as? String == indent)
  }

  // MARK: - What is no request

  @Test(arguments: [
    "nonsense", "[1]", "\"text\"", "{", "{}", #"{"type": 3}"#, #"{"type": "dance"}"#,
    #"{"type": "execute"}"#, #"{"type": "execute", "code": 3}"#,
    #"{"type": "execute", "code": "", "line": 1e300}"#,
    #"{"type": "execute", "code": "", "name": {}}"#,
    #"{"type": "execute", "code": "", "asks": "yes"}"#,
    #"{"type": "complete", "code": "", "cursor": -1}"#,
    #"{"type": "complete", "code": "", "cursor": 0.5}"#, #"{"type": "answer", "text": "up"}"#,
    String(repeating: "[", count: 100_000),
  ])
  func aMalformedRequestIsAnErrorAndTheSessionGoesOn(line: String) throws {
    let (events, status) = try serve([line, try execute("print 1")])
    #expect(status == 0)
    #expect(events.map { $0["event"] as? String } == ["error", "done", "stream", "done"])
    #expect(events[0]["code"] as? String == "request")
    #expect(events[1]["status"] as? String == "error")
  }

  @Test func unknownFieldsAndPlacesBeyondTheEndAreHarmless() throws {
    let found = try answer(to: [
      "id": 1, "type": "complete", "code": "tra", "cursor": 99, "new": ["a": [1]],
    ])
    #expect(found["cursor_end"] as? Int == 3)
  }

  // MARK: - Lines

  @Test func linesAreCutAtNewlinesAloneAndTooLongOnesPassedOver() throws {
    let long = String(repeating: "x", count: (16 << 20) + 1)
    let text = "a\nb\r\n\n" + long + "\nlast"
    let folder = try TemporaryFolder()
    let handle = try FileHandle(forReadingFrom: try folder.write(text, to: "requests"))
    var lines = RequestLines(descriptor: handle.fileDescriptor)
    var found: [RequestLine] = []
    for _ in 0..<7 { found.append(lines.next()) }
    #expect(found[0] == .line(Array("a".utf8)))
    #expect(found[1] == .line(Array("b\r".utf8)))
    #expect(found[2] == .line([]))
    #expect(found[3] == .tooLong)
    #expect(found[4] == .line(Array("last".utf8)))
    #expect(found[5...] == [.end, .end])
  }

  // MARK: - Pace

  @Test func whatIsReportedAtOnceIsNotShown() {
    var pace = ProgressPace()
    func report(isLast: Bool) -> GFNLanguage.Progress {
      GFNLanguage.Progress(
        command: "train", done: 1, total: 2, readings: [], secondsLeft: nil, isLast: isLast)
    }
    let shown = (0..<100).map { _ in pace.isDue(report(isLast: false)) }
    let isEndShown = pace.isDue(report(isLast: true))
    #expect(!shown.contains(true))
    #expect(!isEndShown)
  }
}
