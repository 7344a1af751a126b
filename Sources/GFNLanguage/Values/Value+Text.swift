import GFNParameters
import OrderedCollections

extension Value {
  /// How an error names the kind of value.
  package var kindDescription: String {
    switch self {
    case .none: "nothing"
    case .boolean: "true or false"
    case .number: "a number"
    case .text: "a text"
    case .list: "a list"
    case .range: "a range"
    case .record: "a record"
    case .table: "a table"
    case .figure: "a picture"
    }
  }

  /// How an error shows a value: short ones as they are, others by kind.
  var shownInErrors: String {
    switch self {
    case .boolean(let flag): "'\(flag)'"
    case .number(let number, _): "'\(formatted(number))'"
    case .text(let text): text.count <= 40 ? "'\(text)'" : "a long text"
    default: kindDescription
    }
  }

  /// What `print` and `{…}` write.
  package var displayText: String {
    switch self {
    case .none: ""
    case .boolean(let flag): "\(flag)"
    case .number(let number, let source): source ?? formatted(number)
    case .text(let text): text
    case .list(let elements):
      "[" + elements.map(\.displayText).joined(separator: ", ") + "]"
    case .range(let low, let high): "\(low)..\(high)"
    case .record(let record):
      record.fields.map { "\($0.key)=\($0.value.displayText)" }.joined(separator: " ")
    case .table(let table):
      "a table of \(counted(table.rows.count, "row"))"
    case .figure(let figure): "a picture: \(figure.title)"
    }
  }

  /// What to type for this value, or nil where nothing typed gives it.
  package var literal: String? {
    switch self {
    case .none, .record, .table, .figure: return nil
    case .boolean(let flag): return "\(flag)"
    case .number(let number, let source):
      return number.isFinite ? source ?? formatted(number) : nil
    case .text(let text): return Self.literal(of: text)
    case .range(let low, let high): return "\(low)..\(high)"
    case .list(let elements):
      var texts: [String] = []
      for element in elements {
        guard let text = element.literal else { return nil }
        texts.append(text)
      }
      return "[" + texts.joined(separator: ", ") + "]"
    }
  }

  /// A text as a word where it reads as one, else in quotes.
  private static func literal(of text: String) -> String {
    var lexer = Lexer(SourceFile(name: "", text: text))
    if let token = try? lexer.next(.command), token.kind == .word, token.text == text,
      text != "true", text != "false"
    {
      return text
    }
    return quoted(text)
  }
}
