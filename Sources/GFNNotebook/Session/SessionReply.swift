import GFNLanguage
import GFNParameters

/// Answers one request: a stream of events, one a line, of which the last is `done`.
struct SessionReply {
  enum Status: String {
    case ok
    case error
    case interrupted
    case exit
  }

  let id: JSONNode
  /// Takes a line without its newline.
  let send: (String) -> Void

  func event(_ name: String, _ fields: JSONNode.Object = [:]) {
    let message: JSONNode.Object = ["id": id, "event": .text(name)]
    send(JSONNode.object(message.adding(fields)).text())
  }

  func done(_ status: Status, _ fields: JSONNode.Object = [:]) {
    let all: JSONNode.Object = ["status": .text(status.rawValue)]
    event("done", all.adding(fields))
  }

  /// A request that cannot be served.
  func refuse(_ message: String) {
    event(
      "error",
      [
        "code": .text("request"), "message": .text(message), "text": .text("error: \(message)"),
      ])
    done(.error)
  }

  /// What a cell said.
  func output(_ output: CellOutput, pictures: PictureFiles) {
    switch output {
    case .lines(let text, let isError):
      event("stream", ["name": .text(isError ? "stderr" : "stdout"), "text": .text(text)])
    case .value(let value, let command, let showing):
      let bundle = OutputBundle(
        of: value, command: command, showing: showing, pictures: pictures)
      event("display", ["command": .text(command), "data": bundle.messageData])
    case .failure(let diagnostic):
      failure(diagnostic)
    }
  }

  private func failure(_ diagnostic: Diagnostic) {
    var fields: JSONNode.Object = [
      "code": .text(diagnostic.code), "message": .text(diagnostic.message),
    ]
    if let fix = diagnostic.fix { fields["fix"] = .text(fix) }
    if diagnostic.line > 0 {
      fields["line"] = .integer(diagnostic.line)
      fields["column"] = .integer(diagnostic.column)
    }
    fields["text"] = .text(diagnostic.rendered())
    event("error", fields)
  }
}
