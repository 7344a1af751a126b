import OrderedCollections

extension Value {
  /// The elements of a list or a range, the rows of a table; nil for anything else.
  var elementCount: Int? {
    switch self {
    case .list(let elements): elements.count
    case .range(let low, let high): Self.count(low, high)
    case .table(let table): table.rows.count
    default: nil
    }
  }

  static func count(_ low: Int, _ high: Int) -> Int {
    guard high >= low else { return 0 }
    let (difference, overflow) = high.subtractingReportingOverflow(low)
    return overflow || difference == .max ? .max : difference + 1
  }

  /// The element at a place that is known to exist.
  func element(_ index: Int) -> Value {
    switch self {
    case .list(let elements): elements[index]
    case .range(let low, _): .number(Double(low + index))
    case .table(let table): .record(table.row(index))
    default: .none
    }
  }

  /// A field of a record; a column or a field of a table.
  func field(_ name: Name) throws -> Value {
    switch self {
    case .record(let record):
      if let value = record.fields[name.text] { return value }
      throw CommandError(
        .unknownField(name.text, of: "the record", known: Array(record.fields.keys)),
        at: name.span)
    case .table(let table):
      if let value = table.fields[name.text] ?? table.column(name.text).map(Value.list) {
        return value
      }
      let known = table.columns.map(\.name) + table.fields.keys
      throw CommandError(.unknownField(name.text, of: "the table", known: known), at: name.span)
    default:
      throw CommandError(
        .unknownField(name.text, of: kindDescription, known: []), at: name.span)
    }
  }

  /// `$list[i]`, `$table[i]`, `$record["name"]`; negative indices count from the end.
  func element(at index: Value, _ span: Span) throws -> Value {
    if case .text(let name) = index {
      return try field(Name(text: name, span: span))
    }
    guard let count = elementCount else {
      throw CommandError(.typeMismatch("\(kindDescription) has no elements"), at: span)
    }
    guard case .number(let number, _) = index, let wanted = Int(exactly: number) else {
      throw CommandError(
        .typeMismatch("an index is an integer, not \(index.shownInErrors)"), at: span)
    }
    let (place, overflow) = wanted < 0 ? wanted.addingReportingOverflow(count) : (wanted, false)
    guard !overflow, place >= 0, place < count else {
      throw CommandError(.indexOutOfRange(wanted, count: count), at: span)
    }
    return element(place)
  }
}

extension Table {
  /// A row as a record.
  package func row(_ index: Int) -> Record {
    var record = Record([:])
    for (column, value) in zip(columns, rows[index]) { record.fields[column.name] = value }
    return record
  }

  /// The values of a column, or nil without such a column.
  package func column(_ name: String) -> [Value]? {
    guard let index = columns.firstIndex(where: { $0.name == name }) else { return nil }
    return rows.map { $0[index] }
  }
}
