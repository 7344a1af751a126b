import OrderedCollections

extension Table {
  /// Adds a row by the names of its columns: new columns come last, what is missing is nothing.
  mutating func append(_ fields: OrderedDictionary<String, Value>) {
    let known = Set(columns.map(\.name))
    let new = fields.keys.filter { !known.contains($0) }
    if !new.isEmpty {
      columns += new.map { Column($0) }
      for index in rows.indices {
        rows[index] += [Value](repeating: .none, count: new.count)
      }
    }
    rows.append(columns.map { fields[$0.name] ?? .none })
  }
}

extension Value {
  /// A record as a table of one row, a list of records as a table of as many, another list or a range as
  /// one column; nil for a single value.
  package var asTable: Table? {
    switch self {
    case .table(let table): return table
    case .record(let record):
      return Table(
        columns: record.fields.keys.map { Column($0) }, rows: [Array(record.fields.values)])
    case .list(let elements):
      var table = Table(columns: [], rows: [])
      for element in elements {
        if case .record(let record) = element {
          table.append(record.fields)
        } else {
          table.append(["value": element])
        }
      }
      return table
    case .range(let low, let high):
      guard Self.count(low, high) <= 1_000_000 else { return nil }
      return Value.list((0..<Self.count(low, high)).map(element)).asTable
    case .none, .boolean, .number, .text, .figure: return nil
    }
  }
}
