package import GFNParameters
import OrderedCollections

extension JSONNode {
  /// A value in full precision: fields in the order of the record or the table, which is an array of its
  /// rows; with fields beside them, an object of `rows` and the fields.
  /// - Parameter showsTimings: with the columns that hold wall-clock times; without them equal runs give
  ///   equal documents.
  package init(_ value: Value, showsTimings: Bool = true) {
    func list(_ values: [Value]) -> JSONNode {
      .list(values.untilGivenUp.map { JSONNode($0, showsTimings: showsTimings) })
    }
    func object(_ fields: OrderedDictionary<String, Value>) -> JSONNode {
      .object(
        Object(fields.lazy.map { ($0.key, JSONNode($0.value, showsTimings: showsTimings)) }))
    }
    switch value {
    case .none: self = .null
    case .boolean(let flag): self = .boolean(flag)
    case .number(let number, _): self = .number(number)
    case .text(let text): self = .text(text)
    case .list(let elements): self = list(elements)
    case .range(let low, let high): self = .object(["from": .integer(low), "to": .integer(high)])
    case .record(let record): self = object(record.fields)
    case .figure(let figure): self = object(figure.record.fields)
    case .table(let table):
      let shown = showsTimings ? table : table.withoutTimings
      let rows = JSONNode.list(shown.rows.indices.untilGivenUp.map { object(shown.row($0).fields) })
      guard case .object(let fields) = object(table.fields), !fields.isEmpty else {
        self = rows
        return
      }
      self = .object((["rows": rows] as Object).adding(fields))
    }
  }
}

extension Value {
  /// The value on one line of JSON, with all that it holds.
  package var json: String { JSONNode(self).text() }
}
