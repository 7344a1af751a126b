import GFNCore
import GFNLanguage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `plot table`: columns of any table as lines, or as bars where x is text.
struct TablePlot {
  private let arguments: Arguments
  private let table: Table
  private let x: String
  private let ys: [String]
  private let by: String?

  init(_ session: Session, _ arguments: Arguments) throws {
    self.arguments = arguments
    guard let table = arguments.value("TABLE")?.asTable else {
      throw arguments.error(
        "wrong-type", "only a table or a list of records can be drawn",
        fix: "give a table: plot table $t x=step y=loss", at: "TABLE")
    }
    self.table = table
    x = arguments.text("x") ?? ""
    ys = arguments.texts("y") ?? []
    by = arguments.text("by")
    for (option, names) in [("x", [x]), ("y", ys), ("by", by.map { [$0] } ?? [])] {
      for name in names { _ = try table.known(name, arguments, at: option) }
    }
  }

  func figure() throws -> Figure {
    let groups = try Self.groups(table, y: ys, by: by, error: arguments, x: x)
    let title = ys.joined(separator: ", ") + " by \(x)"
    let isNumeric = groups.allSatisfy { $0.rows.allSatisfy { $0.x.number != nil } }
    guard groups.contains(where: { !$0.rows.isEmpty }) else {
      throw arguments.error(
        "nothing-measured", "there are no numbers in \(ys.joined(separator: ", "))", at: "y")
    }
    let yLabel = ys.joined(separator: ", ")
    if isNumeric {
      let series = groups.map { group in
        LineChart.Series(
          group.name,
          group.rows.map { LineChart.Point($0.x.number ?? 0, $0.mean, error: $0.error) }
            .sorted { $0.x < $1.x })
      }
      return Figure(
        title, .lines([LineChart(xLabel: x, yLabel: yLabel, series)]), notes: Self.notes(groups))
    }
    return Self.categories(title, groups, xLabel: x, yLabel: yLabel)
  }

  /// Infinite values are gaps.
  static func notes(_ groups: [Group]) -> [String] {
    groups.compactMap { Figure.noteOfInfinite($0.name, $0.rows.map(\.mean)) }
  }

  /// A text across: bars; points with their error where there is one.
  static func categories(
    _ title: String, _ groups: [Group], xLabel: String, yLabel: String
  ) -> Figure {
    var labels: [String] = []
    for row in groups.flatMap(\.rows) where !labels.contains(row.x.text) {
      labels.append(row.x.text)
    }
    func row(_ group: Group, _ label: String) -> Row? {
      group.rows.first { $0.x.text == label }
    }
    guard groups.contains(where: { $0.rows.contains { $0.error != nil } }) else {
      return Figure(
        title,
        .bars([
          BarChart(
            xLabel: xLabel, yLabel: yLabel, labels: labels,
            groups.map { group in
              BarChart.Series(group.name, labels.map { row(group, $0)?.mean ?? .nan })
            })
        ]), notes: notes(groups))
    }
    let series = groups.map { group in
      LineChart.Series(
        group.name,
        labels.enumerated().compactMap { place, label in
          row(group, label).map {
            LineChart.Point(Double(place + 1), $0.mean, error: $0.error)
          }
        })
    }
    return Figure(
      title, .lines([LineChart(xLabel: xLabel, yLabel: yLabel, series, names: labels)]),
      notes: notes(groups))
  }

  // MARK: - Rows with the same x

  /// What stands across.
  struct Place {
    var text: String
    var number: Double?
  }

  struct Row {
    var x: Place
    var mean: Double
    var error: Double?
  }

  struct Group {
    var name: String
    var rows: [Row]
  }

  /// The series of a table: one for each y, or for each value of `by`, rows with the same x averaged.
  /// - Parameter error: has error=, where it is given.
  private static func groups(
    _ table: Table, y: [String], by: String?, error arguments: Arguments, x: String
  ) throws -> [Group] {
    let xs = table.column(x) ?? []
    let parts = by.flatMap { table.column($0) }
    var groups: [Group] = []
    for name in y {
      let values = table.column(name) ?? []
      var given: [Value]?
      if let error = arguments.text("error") {
        given = table.column(error) ?? (error == "sd" ? table.column("\(name)_sd") : nil)
        if given == nil, error != "sd" { _ = try table.known(error, arguments, at: "error") }
      }
      var order: [String] = []
      var rows: [String: [Int]] = [:]
      for row in table.rows.indices {
        let part = parts.map { $0[row].displayText } ?? name
        if rows[part] == nil { order.append(part) }
        rows[part, default: []].append(row)
      }
      for part in order {
        let label = parts == nil ? name : y.count == 1 ? part : "\(name) \(part)"
        groups.append(
          Group(
            name: label,
            rows: averaged(
              rows[part] ?? [], xs, values, errors: given,
              spreads: arguments.has("error") && given == nil)))
      }
    }
    return groups
  }

  /// - Parameter spreads: the error is the standard deviation, over n − 1, of rows with the same x.
  static func averaged(
    _ rows: [Int], _ xs: [Value], _ ys: [Value], errors: [Value]?, spreads: Bool
  ) -> [Row] {
    var order: [String] = []
    var places: [String: (place: Place, values: [Double], errors: [Double])] = [:]
    for row in rows {
      guard let y = ys[row].defined, !xs[row].isNothing else { continue }
      let key = xs[row].displayText
      if places[key] == nil {
        order.append(key)
        places[key] = (Place(text: key, number: xs[row].finite), [], [])
      }
      places[key]?.values.append(y)
      if let error = errors?[row].finite { places[key]?.errors.append(error) }
    }
    return order.compactMap { key in
      guard let (place, values, errors) = places[key] else { return nil }
      let mean = values.reduce(0, +) / Double(values.count)
      var error = errors.isEmpty ? nil : errors.reduce(0, +) / Double(errors.count)
      if spreads, values.count > 1 {
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        error = (squares / Double(values.count - 1)).squareRoot()
      }
      return Row(x: place, mean: mean, error: error)
    }
  }
}

extension Table {
  /// - Throws: `CommandError` where there is no such column.
  func known(_ name: String, _ arguments: Arguments, at option: String) throws -> String {
    guard columns.contains(where: { $0.name == name }) else {
      throw CommandError(
        .unknownField(name, of: "the table", known: columns.map(\.name)),
        at: arguments.span(of: option))
    }
    return name
  }
}

extension Value {
  /// A number that is one, though it may be infinite.
  fileprivate var defined: Double? {
    guard case .number(let number, _) = self, !number.isNaN else { return nil }
    return number
  }

  /// A number that can be drawn.
  fileprivate var finite: Double? {
    guard case .number(let number, _) = self, number.isFinite else { return nil }
    return number
  }

  fileprivate var isNothing: Bool { if case .none = self { true } else { false } }
}
