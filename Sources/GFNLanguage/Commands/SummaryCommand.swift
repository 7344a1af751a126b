import GFNParameters
import OrderedCollections

extension LanguageCommands {
  /// `summary`: means and standard deviations over the rows of a table.
  static let summary = CommandSpec(
    "summary", group: .measure, summary: "condense a table: mean and sd of its columns, by groups",
    positionals: [Parameter("TABLE", .any, help: "a table, as $runs", required: true)],
    options: [
      Parameter(
        "by", .list(.text), help: "the column, or columns, whose equal values make a group")
    ],
    details: """
      One row a group, in the order in which they first occur: the columns of by=, n rows ('rows' where n \
      is one of these), and x_mean and x_sd of every column x of numbers; sd is that of a sample, over \
      n − 1, and missing for one row. Columns that hold anything else are left out. A number that is \
      missing or nan is left out of mean and sd, and the column x_n then says how many there were.
      """,
    examples: [
      CommandExample(
        "for n in 1..4 { collect t half=($n // 2) n=$n }\nsummary $t by=half",
        "three groups")
    ],
    result: .open
  ) { _, arguments in
    guard let table = arguments.value("TABLE")?.asTable else {
      throw arguments.error(
        "wrong-type", "'TABLE' takes a table", fix: "as in 'summary $runs by=method'", at: "TABLE")
    }
    let by = arguments.texts("by") ?? []
    var keys: [Int] = []
    for name in by {
      guard let index = table.columns.firstIndex(where: { $0.name == name }) else {
        let known = table.columns.map(\.name)
        throw CommandError(
          .unknownField(name, of: "the table", known: known), at: arguments.span(of: "by"))
      }
      guard !keys.contains(index) else {
        throw CommandError(.duplicateArgument(name), at: arguments.span(of: "by"))
      }
      keys.append(index)
    }
    return .table(Summary(of: table, by: keys).table)
  }
}

/// The rows of a table in groups.
struct Summary {
  private let source: Table
  private let keys: [Int]
  private let groups: OrderedDictionary<String, [Int]>

  /// - Parameter keys: the columns whose values make the groups.
  package init(of source: Table, by keys: [Int]) {
    self.source = source
    self.keys = keys
    groups = source.rows.indices.reduce(into: [:]) { groups, row in
      let key = keys.map { source.rows[row][$0].json }.joined(separator: "\u{0}")
      groups[key, default: []].append(row)
    }
  }

  var table: Table {
    var result = Table(columns: keys.map { source.columns[$0] }, rows: [])
    // A column of the groups may have the name.
    result.columns.append(Column(result.columns.contains { $0.name == "n" } ? "rows" : "n"))
    result.rows = groups.values.map { rows in
      keys.map { source.rows[rows[0]][$0] } + [.number(Double(rows.count))]
    }
    for index in source.columns.indices where !keys.contains(index) {
      guard isNumeric(index) else { continue }
      append(index, to: &result)
    }
    return result
  }

  private func isNumeric(_ column: Int) -> Bool {
    var hasNumber = false
    for row in source.rows {
      switch row[column] {
      case .number: hasNumber = true
      case .none: continue
      default: return false
      }
    }
    return hasNumber
  }

  private func append(_ column: Int, to result: inout Table) {
    let samples = groups.values.map { rows in
      rows.compactMap { row -> Double? in
        guard case .number(let number, _) = source.rows[row][column], !number.isNaN else {
          return nil
        }
        return number
      }
    }
    let isPartial = zip(samples, groups.values).contains { $0.count < $1.count }
    let like = source.columns[column]
    func add(_ suffix: String, _ style: NumberStyle, _ value: ([Double]) -> Value) {
      var new = like
      new.name = like.name + suffix
      new.style = style
      result.columns.append(new)
      for (index, sample) in samples.enumerated() { result.rows[index].append(value(sample)) }
    }
    add("_mean", .significant(4)) { Statistics($0).mean.orNone }
    add("_sd", .significant(2)) { Statistics($0).sd.orNone }
    if isPartial { add("_n", .significant(4)) { .number(Double($0.count)) } }
  }
}

/// Mean and standard deviation of a sample; nan where there are too few numbers.
package struct Statistics {
  package var mean = Double.nan
  /// Over n − 1.
  package var sd = Double.nan

  package init(_ values: [Double]) {
    let n = Double(values.count)
    guard n > 0 else { return }
    let sum = values.reduce(0, +)
    mean = sum.isFinite ? sum / n : values.reduce(0) { $0 + $1 / n }
    guard n > 1 else { return }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    sd = (squares / (n - 1)).squareRoot()
  }
}
