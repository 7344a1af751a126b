import GFNParameters
import Glibc

/// Numbers read from a table with a header: the columns are variables, the rows observations.
struct Observations: Sendable {
  let names: [String]
  let rowCount: Int
  /// `[rows, variables]`, row-major, transformed as asked.
  let values: [Double]

  /// What is done to the numbers before they are used.
  struct Preparation {
    /// The data rows to use, from 1 for the first below the header; nil for all.
    var rows: [Int]?
    /// Take the natural logarithm of every number.
    var takesLogarithm = false
    /// Then give every column mean 0 and sample standard deviation (over N − 1) 1.
    var standardizes = false
  }

  /// Sets of variables are words of 64 bits.
  static let mostVariables = 64

  /// - Throws: `CoreError.file` that names the line and the column, `.option` for rows that are not there.
  init(_ bytes: [UInt8], path: String, _ preparation: Preparation = Preparation()) throws {
    let records = try CSV.records(bytes, path: path)
    guard let header = records.first else {
      throw CoreError.file(path: path, line: nil, reason: "is empty")
    }
    names = try Self.names(header, path: path)
    let data = records.dropFirst()
    let rows = preparation.rows ?? Array(1...max(1, data.count))
    if let beyond = rows.first(where: { !(1...max(1, data.count)).contains($0) }) {
      throw CoreError.option(
        name: "rows",
        reason: "there is no row \(beyond), '\(path)' has \(counted(data.count, "data row"))")
    }
    guard rows.count >= 2, data.count >= 1 else {
      throw CoreError.file(
        path: path, line: nil,
        reason: "a score needs at least 2 data rows, not \(data.isEmpty ? 0 : rows.count)")
    }
    rowCount = rows.count
    var values: [Double] = []
    values.reserveCapacity(rows.count * names.count)
    for row in rows {
      let record = data[data.startIndex + row - 1]
      guard record.fields.count == names.count else {
        throw CoreError.file(
          path: path, line: record.line,
          reason: "has \(counted(record.fields.count, "field")), the header has \(names.count)")
      }
      for (column, field) in record.fields.enumerated() {
        // What a file says is told only once it has proved to hold numbers.
        let isProven = !values.isEmpty
        values.append(
          try Self.number(
            field, isShown: isProven,
            column: "column \(column + 1)" + (isProven ? " ('\(names[column])')" : ""),
            line: record.line, path, takesLogarithm: preparation.takesLogarithm))
      }
    }
    if preparation.standardizes { try Self.standardize(&values, names, path: path) }
    self.values = values
  }

  /// The names of the variables. Numbers alone are no header, but for 0, 1, 2, …
  private static func names(_ header: CSV.Record, path: String) throws -> [String] {
    func refuse(_ reason: String) -> CoreError {
      .file(path: path, line: header.line, reason: reason)
    }
    let names = header.fields
    guard (2...mostVariables).contains(names.count) else {
      throw refuse(
        "has \(counted(names.count, "column")); between 2 and \(mostVariables) variables are needed"
      )
    }
    if let column = names.firstIndex(of: "") {
      throw refuse("column \(column + 1) has no name; write the table without row names")
    }
    if names.allSatisfy({ Double($0) != nil }), names != names.indices.map(String.init) {
      throw refuse("holds numbers; the first line must name the variables")
    }
    for (column, name) in names.enumerated() where names[..<column].contains(name) {
      throw refuse("column \(column + 1) has the name of an earlier one")
    }
    return names
  }

  private static func number(
    _ field: String, isShown: Bool, column: String, line: Int, _ path: String,
    takesLogarithm: Bool
  ) throws -> Double {
    func refuse(_ reason: String) -> CoreError {
      .file(path: path, line: line, reason: "\(column) \(reason)")
    }
    guard !field.isEmpty, !["na", "nan", "?"].contains(field.lowercased()) else {
      throw refuse("has no value; leave the row out (rows=) or complete it")
    }
    guard let value = Double(field) else {
      throw refuse("holds \(isShown ? "'\(field)', which is no number" : "no number")")
    }
    guard value.isFinite else { throw refuse("holds '\(field)', which is not finite") }
    guard takesLogarithm else { return value }
    guard value > 0 else {
      throw refuse("holds \(field), which has no logarithm; leave transform=log out")
    }
    return log(value)
  }

  private static func standardize(
    _ values: inout [Double], _ names: [String], path: String
  ) throws {
    let width = names.count
    let rows = values.count / width
    for column in 0..<width {
      let places = stride(from: column, to: values.count, by: width)
      let mean = places.reduce(0) { $0 + values[$1] / Double(rows) }
      let squares = places.reduce(0) { $0 + (values[$1] - mean) * (values[$1] - mean) }
      let deviation = (squares / Double(rows - 1)).squareRoot()
      // Equal numbers may differ from their rounded mean.
      let isConstant = places.allSatisfy { values[$0] == values[column] }
      guard !isConstant, deviation > 0, deviation.isFinite else {
        throw CoreError.file(
          path: path, line: nil,
          reason:
            "column \(column + 1) ('\(names[column])') \(isConstant ? "is constant" : "is out of range") "
            + "and cannot be standardised; leave it out of the table")
      }
      for place in places { values[place] = (values[place] - mean) / deviation }
    }
  }
}
