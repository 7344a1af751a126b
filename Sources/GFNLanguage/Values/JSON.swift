import OrderedCollections

/// JSON of values: full precision, shortest text that reads back; NaN and infinities as null.
package enum JSON {
  package static func text(_ value: Value) -> String {
    var result = ""
    append(value, to: &result)
    return result
  }

  /// A text in quotes with its escapes.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private static func append(_ value: Value, to result: inout String) {
    switch value {
    case .none: result += "null"
    case .boolean(let flag): result += "\(flag)"
    case .number(let number, _):
      result += number.isFinite ? Value.text(of: number) : "null"
    case .text(let text): result += quoted(text)
    case .list(let elements): appendArray(elements, to: &result)
    case .range(let low, let high): result += "{\"from\": \(low), \"to\": \(high)}"
    case .record(let record): append(record, to: &result)
    case .table(let table): append(table, to: &result)
    case .figure(let figure): append(figure.record, to: &result)
    }
  }

  private static func appendArray(_ elements: [Value], to result: inout String) {
    result += "["
    for (index, element) in elements.enumerated() {
      if index > 0 { result += ", " }
      append(element, to: &result)
    }
    result += "]"
  }

  private static func append(_ record: Record, to result: inout String) {
    result += "{"
    for (index, field) in record.fields.enumerated() {
      if index > 0 { result += ", " }
      result += quoted(field.key) + ": "
      append(field.value, to: &result)
    }
    result += "}"
  }

  /// An array of rows; with fields beside them, an object of `rows` and the fields.
  private static func append(_ table: Table, to result: inout String) {
    let rows = table.rows.indices.map { Value.record(table.row($0)) }
    guard !table.fields.isEmpty else { return appendArray(rows, to: &result) }
    var record = Record(["rows": .list(rows)])
    for (name, value) in table.fields { record.fields[name] = value }
    append(record, to: &result)
  }
}
