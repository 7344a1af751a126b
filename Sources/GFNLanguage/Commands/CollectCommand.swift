import GFNParameters
import OrderedCollections

extension LanguageCommands {
  /// `collect`: tables that scripts fill row by row.
  static let collect = CommandSpec(
    "collect", group: .keep, summary: "append a row to the table in a variable",
    positionals: [
      Parameter(
        "TABLE", .text, help: "the name of the variable, made when there is none", required: true)
    ],
    details: """
      Every key=value is a field of the row: a new key makes a new column, and a row without a key has \
      nothing there. The table is that of the 'def' it runs in where there is one of the name, else the \
      script's, so that a 'def' can fill a table for all. 'summary' condenses it, 'save $TABLE to=FILE' \
      writes it.
      """,
    examples: [
      CommandExample(
        "for n in 1..3 { collect squares n=$n square=($n^2) }\nprint $squares", "three rows")
    ],
    takesAnyOption: true, setsVariable: "TABLE",
    judgeAll: { _, arguments in
      guard let name = arguments.text("TABLE") else { return }
      guard isName(name) else {
        throw arguments.error(
          "wrong-type", "'\(name)' is no name of a variable",
          fix: "letters, digits and '_', as in 'collect runs tv=$r.tv'", at: "TABLE")
      }
      guard arguments.count > 1 else {
        throw arguments.error(
          "missing-argument", "'collect' needs a field", fix: "write 'collect \(name) key=value'")
      }
    }
  ) { session, arguments in
    let name = arguments.text("TABLE") ?? ""
    let rows = arguments.others
    try session.changeVariable(name) { value in
      guard var table = value.takeTable() else {
        throw arguments.error(
          "type-mismatch", "'$\(name)' is \(value?.kindDescription ?? "nothing"), not a table",
          fix: "choose another name", at: "TABLE")
      }
      table.append(rows)
      value = .table(table)
    }
    return .none
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.first, first.isLetter || first == "_" else { return false }
    return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
  }
}

extension Arguments {
  /// What a command that takes any option was given beside its declared arguments, in the order given.
  var others: OrderedDictionary<String, Value> {
    OrderedDictionary(
      uniqueKeysWithValues: undeclared.compactMap { name in value(name).map { (name, $0) } })
  }
}

extension Session {
  /// Changes a variable: that of the running `def` where it has one of the name, else the script's.
  func changeVariable(_ name: String, _ change: (inout Value?) throws -> Void) throws {
    if let interpreter, let last = interpreter.frames.indices.last,
      interpreter.frames[last].index(forKey: name) != nil
    {
      try change(&interpreter.frames[last][name])
    } else {
      try variables.change(name, change)
    }
  }
}

extension Value? {
  /// Takes the table out, that it can grow without being copied: an empty one where there is nothing.
  ///
  /// - Returns: nil, with the value as it was, where it is no table.
  fileprivate mutating func takeTable() -> Table? {
    switch self {
    case nil: return Table(columns: [], rows: [])
    case .table(let table)?:
      self = nil
      return table
    case _?: return nil
    }
  }
}
