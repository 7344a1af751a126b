import GFNFigures
package import GFNLanguage
import GFNParameters

/// Serves a front end, as a notebook's kernel, that writes requests and reads events, both as JSON
/// objects, one a line: docs/session-protocol.md describes them.
package final class SessionServer {
  /// The version of the protocol.
  static let version = 1

  let makeSession: () -> Session
  let programVersion: String
  private let nextLine: () -> RequestLine
  private let sendLine: (String) -> Bool
  var session: Session
  /// The front end can be written to.
  private var isConnected = true

  /// - Parameters:
  ///   - makeSession: makes the session, also anew for a `reset`.
  ///   - version: of the program.
  ///   - nextLine: waits for the next request.
  ///   - sendLine: takes a line without its newline; false where nobody receives it.
  package init(
    version: String, makeSession: @escaping () -> Session,
    nextLine: @escaping () -> RequestLine, sendLine: @escaping (String) -> Bool
  ) {
    programVersion = version
    self.makeSession = makeSession
    self.nextLine = nextLine
    self.sendLine = sendLine
    session = Self.fresh(makeSession)
  }

  /// Serves until the requests end, or a cell exits.
  /// - Returns: the exit status of the program.
  package func run() -> Int32 {
    while isConnected {
      let request = nextLine()
      // SIGINT from here on is about this request.
      session.interruption.reset()
      switch request {
      case .end: return 0
      case .tooLong: reply(to: .null).refuse(RequestLine.tooLongMessage)
      case .line(let line):
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
        if let status = serve(line) { return status }
      }
    }
    return 1
  }

  private static func fresh(_ makeSession: () -> Session) -> Session {
    let session = makeSession()
    session.observer = SessionRecorder(takesEveryCellAsTyped: true)
    // A session's first cell must take every NAME=VALUE; here any cell may.
    session.releaseBindings()
    return session
  }

  private func reply(to id: JSONNode) -> SessionReply {
    SessionReply(id: id) { [self] line in isConnected = sendLine(line) && isConnected }
  }

  /// - Returns: the status with which a cell exits, if it does.
  private func serve(_ line: [UInt8]) -> Int32? {
    do {
      let request = try SessionRequest(line)
      return try serve(request, reply(to: request.id))
    } catch let refusal as SessionRequest.Refusal {
      reply(to: refusal.id).refuse(refusal.message)
    } catch {
      reply(to: .null).refuse("\(error)")
    }
    return nil
  }

  private func serve(_ request: SessionRequest, _ reply: SessionReply) throws -> Int32? {
    switch request.kind {
    case .execute: return try execute(request, reply)
    case .complete: try complete(request, reply)
    case .inspect: try inspect(request, reply)
    case .isComplete: try judge(request, reply)
    case .answer: reply.refuse("'answer' without a question")
    case .reset:
      session = Self.fresh(makeSession)
      reply.done(.ok)
    case .info:
      reply.done(
        .ok,
        [
          "protocol": .integer(Self.version), "language": .text("gfn"),
          "version": .text(programVersion),
        ])
    }
    return nil
  }

  // MARK: - Execution

  /// Lines beyond it would not be absolute in any file.
  private static let lastLine = 1_000_000_000

  private func execute(_ request: SessionRequest, _ reply: SessionReply) throws -> Int32? {
    let cell = Cell(
      source: try request.text("code"), name: try request.optionalText("name") ?? "input",
      firstLine: try request.integer("line", in: 1...Self.lastLine) ?? 1)
    let asks = try request.flag("asks")
    session.asker = asks ? { [self] in answer(to: $0, reply) } : nil
    defer { session.asker = nil }
    let pictures = PictureFiles(session.options.figureWriter)
    var pace = ProgressPace()
    let outcome = session.execute(cell) { event in
      if case .progress(let progress) = event {
        if pace.isDue(progress) { reply.event("progress", progress.fields) }
        return
      }
      var recorder = CellRecorder()
      recorder.note(event)
      for output in recorder.outputs { reply.output(output, pictures: pictures) }
    }
    switch outcome {
    case .done: reply.done(.ok)
    case .failed: reply.done(.error)
    case .interrupted: reply.done(.interrupted)
    case .exit(let status):
      reply.done(.exit, ["exit": .integer(Int(status))])
      return status
    }
    return nil
  }

  /// Asks the front end until it gives an answer that counts; nil when it gives none.
  private func answer(to question: Question, _ reply: SessionReply) -> String? {
    var remark: String?
    while isConnected {
      reply.event(
        "ask",
        [
          "text": .text(question.text), "default": question.standard.map { .text($0) } ?? .null,
          "choices": .list(question.choices.map { .text($0) }),
          "remark": remark.map { .text($0) } ?? .null,
        ])
      guard let given = nextAnswer() else { return nil }
      switch question.meaning(of: given) {
      case .answer(let answer): return answer
      case .refusal(let reason): remark = reason
      }
    }
    return nil
  }

  /// The text of the next `answer`; nil for none, and at the end of the requests.
  private func nextAnswer() -> String? {
    while true {
      switch nextLine() {
      case .end: return nil
      case .tooLong: reply(to: .null).refuse(RequestLine.tooLongMessage)
      case .line(let line):
        do {
          let request = try SessionRequest(line)
          if request.kind == .answer { return try request.optionalText("text") }
          reply(to: request.id).refuse("a question waits for an 'answer'")
        } catch let refusal as SessionRequest.Refusal {
          reply(to: refusal.id).refuse(refusal.message)
        } catch {
          reply(to: .null).refuse("\(error)")
        }
      }
    }
  }
}

extension Progress {
  fileprivate var fields: JSONNode.Object {
    let readings = readings.map { reading -> JSONNode in
      .object([
        "name": .text(reading.name), "value": .number(reading.value),
        "text": .text(formatted(reading.value, reading.style)),
      ])
    }
    return [
      "command": .text(command), "done": .number(done), "total": .number(total),
      "seconds_left": secondsLeft.map { .number($0) } ?? .null, "readings": .list(readings),
      "last": .boolean(isLast),
    ]
  }
}
