import GFNLanguage
import OrderedCollections

extension Value {
  /// About how many bytes the value takes, looking no further than `limit`.
  func weight(upTo limit: Int) -> Int {
    /// A value without what it points to.
    let own = 32
    func sum(_ values: some Swift.Sequence<Value>) -> Int {
      var total = own
      for value in values {
        total += value.weight(upTo: limit - total)
        if total > limit { break }
      }
      return total
    }
    switch self {
    case .none, .boolean, .range: return own
    case .number(_, let source): return own + (source?.utf8.count ?? 0)
    case .text(let text): return own + text.utf8.count
    case .list(let elements): return sum(elements)
    case .record(let record):
      return sum(record.fields.values) + (record.display?.utf8.count ?? 0)
    case .table(let table): return sum(table.fields.values) + sum(table.rows.joined())
    case .figure(let figure): return Value.record(figure.record).weight(upTo: limit)
    }
  }
}
