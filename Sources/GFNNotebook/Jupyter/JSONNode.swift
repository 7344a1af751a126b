import GFNFigures
package import GFNLanguage
import GFNParameters
import OrderedCollections

/// A JSON document that is written in one way only: keys in the order of their code points, one blank a
/// level, as Jupyter itself writes notebooks. Equal documents are equal bytes.
package enum JSONNode: Sendable, Equatable {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  case list([JSONNode])
  case object([String: JSONNode])

  /// A value in full precision, but without the columns that hold wall-clock times.
  package init(_ value: Value) {
    self =
      switch value {
      case .none: .null
      case .boolean(let flag): .boolean(flag)
      case .number(let number, _): .number(number)
      case .text(let text): .text(text)
      case .list(let elements): .list(elements.map { JSONNode($0) })
      case .range(let low, let high):
        .object(["from": .number(Double(low)), "to": .number(Double(high))])
      case .record(let record): JSONNode(record)
      case .table(let table): JSONNode(table)
      case .figure(let figure): JSONNode(figure.record)
      }
  }

  private init(_ record: Record) {
    self = .object(
      Dictionary(
        record.fields.map { ($0.key, JSONNode($0.value)) }, uniquingKeysWith: { $1 }))
  }

  private init(_ table: Table) {
    let table = table.withoutTimings
    let rows = table.rows.map { row in
      JSONNode(Record(pairs: zip(table.columns, row).map { ($0.name, $1) }))
    }
    guard !table.fields.isEmpty else {
      self = .list(rows)
      return
    }
    var fields = table.fields.mapValues { JSONNode($0) }
    fields["rows"] = .list(rows)
    self = .object(Dictionary(fields.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }))
  }

  /// The document over many lines, without a newline at its end.
  package var indented: String {
    var text = ""
    write(to: &text, level: 0)
    return text
  }

  /// The document on one line.
  package var compact: String {
    var text = ""
    write(to: &text, level: nil)
    return text
  }

  private func write(to text: inout String, level: Int?) {
    switch self {
    case .null: text += "null"
    case .boolean(let flag): text += flag ? "true" : "false"
    // JSON has no other numbers.
    case .number(let number): text += number.isFinite ? Value.text(of: number) : "null"
    case .text(let string): text += JSON.quoted(string)
    case .list(let elements):
      Self.write(elements, "[", "]", to: &text, level: level) { element, text, level in
        element.write(to: &text, level: level)
      }
    case .object(let fields):
      let pairs = fields.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      Self.write(pairs, "{", "}", to: &text, level: level) { pair, text, level in
        text += JSON.quoted(pair.key) + ": "
        pair.value.write(to: &text, level: level)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], _ open: String, _ close: String, to text: inout String, level: Int?,
    _ write: (Element, inout String, Int?) -> Void
  ) {
    text += open
    let inner = level.map { $0 + 1 }
    for (index, element) in elements.enumerated() {
      if index > 0 { text += inner == nil ? ", " : "," }
      if let inner { text += "\n" + String(repeating: " ", count: inner) }
      write(element, &text, inner)
    }
    if let level, !elements.isEmpty { text += "\n" + String(repeating: " ", count: level) }
    text += close
  }
}

extension JSONNode {
  /// A text as notebooks keep it: a list of lines, each with its newline.
  static func lines(_ text: String) -> JSONNode {
    let bytes = Array(text.utf8)
    var lines: [JSONNode] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      lines.append(.text(String(decoding: bytes[start...index], as: UTF8.self)))
      start = index + 1
    }
    if start < bytes.count { lines.append(.text(String(decoding: bytes[start...], as: UTF8.self))) }
    return .list(lines)
  }
}
