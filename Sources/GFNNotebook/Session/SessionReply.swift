import GFNLanguage
import OrderedCollections

/// Answers one request: a stream of events, one a line, of which the last is `done`.
struct SessionReply {
  enum Status: String {
    case ok
    case error
    case interrupted
    case exit
  }

  let id: Value
  /// Takes a line without its newline.
  let send: (String) -> Void

  func event(_ name: String, _ fields: OrderedDictionary<String, Value> = [:]) {
    var message: OrderedDictionary<String, Value> = ["id": id, "event": .text(name)]
    message.merge(fields) { first, _ in first }
    send(JSON.text(.record(Record(message))))
  }

  func done(_ status: Status, _ fields: OrderedDictionary<String, Value> = [:]) {
    var all: OrderedDictionary<String, Value> = ["status": .text(status.rawValue)]
    all.merge(fields) { first, _ in first }
    event("done", all)
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
      let message: [String: JSONNode] = [
        "id": JSONNode(id), "event": .text("display"), "command": .text(command),
        "data": bundle.messageData,
      ]
      send(JSONNode.object(message).compact)
    case .failure(let diagnostic):
      failure(diagnostic)
    }
  }

  private func failure(_ diagnostic: Diagnostic) {
    var fields: OrderedDictionary<String, Value> = [
      "code": .text(diagnostic.code), "message": .text(diagnostic.message),
    ]
    if let fix = diagnostic.fix { fields["fix"] = .text(fix) }
    if diagnostic.line > 0 {
      fields["line"] = .number(Double(diagnostic.line))
      fields["column"] = .number(Double(diagnostic.column))
    }
    fields["text"] = .text(diagnostic.rendered())
    event("error", fields)
  }
}
