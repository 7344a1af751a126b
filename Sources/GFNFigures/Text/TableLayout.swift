package import GFNLanguage
import GFNParameters

/// Columns of text side by side: numbers to the right, the rest to the left, two blanks between.
///
/// In a window too narrow, long texts are cut first, and then whole columns are left out from the
/// right; the reader is told which.
package struct TableLayout {
  private static let gap = "  "

  private let columns: [Column]
  private let window: Int?
  private var isRight: [Bool]
  private var widths: [Int]

  /// Fits the columns to all rows.
  package init(columns: [Column], rows: [[Value]], window: Int?) {
    self.init(columns: columns, rows: rows, window: window, fitting: window)
  }

  private init(columns: [Column], rows: [[Value]], window: Int?, fitting limit: Int?) {
    self.columns = columns
    self.window = limit
    isRight = columns.indices.map { column in
      rows.contains { $0[column].isNumber } && rows.allSatisfy { $0[column].isNumberOrNone }
    }
    widths = columns.map { displayWidth($0.name) }
    for row in rows.untilGivenUp {
      for (column, value) in row.enumerated() {
        widths[column] = max(widths[column], displayWidth(value.text(columns[column].style)))
      }
    }
    if let window { fit(into: window) }
  }

  /// Fits the columns to the first of rows that are still to come.
  package init(columns: [Column], firstRow: [Value], window: Int?) {
    self.init(columns: columns, rows: [firstRow], window: nil, fitting: window)
    for (column, value) in firstRow.enumerated()
    where value.isNumberOrNone || columns[column].shortestCut == .max {
      isRight[column] = true
    }
    // Later numbers may be longer; a column less tells more than numbers without their end.
    for column in widths.indices {
      let usual = isRight[column] ? columns[column].style.usualWidth : 0
      widths[column] = max(widths[column], columns[column].widest ?? usual)
    }
    if let window { fit(into: window) }
  }

  package var header: String {
    let names = zip(columns, widths).map { fitted(visible($0.name), to: $1) }
    return line(names)
  }

  /// Says which columns had no place, if any.
  package var omission: String? {
    let omitted = columns[widths.count...]
    // A time alone is not worth a line.
    guard !omitted.allSatisfy(\.isTiming) else { return nil }
    return
      "… \(counted(omitted.count, "column")) more: \(omitted.map(\.name).joined(separator: ", "))"
  }

  package func line(for row: [Value]) -> String {
    line(zip(row, columns).map { $0.text($1.style) })
  }

  private func line(_ cells: [String]) -> String {
    var line = ""
    for (column, width) in widths.enumerated() where column < cells.count {
      if column > 0 { line += Self.gap }
      let isWhole = isRight[column] || window == nil
      let cell = isWhole ? cells[column] : fitted(cells[column], to: width)
      let text = padded(cell, to: width, right: isRight[column])
      // Where a number grew out of its column, the last ones give way: none without its end.
      if let window, column > 0, displayWidth(line) + displayWidth(text) > window { break }
      line += text
    }
    while line.last == " " { line.removeLast() }
    return line
  }

  private var total: Int { widths.reduce(0, +) + Self.gap.count * max(0, widths.count - 1) }

  private mutating func fit(into window: Int) {
    while total > window {
      let longest = widths.indices
        .filter { !isRight[$0] && widths[$0] > columns[$0].shortestCut }
        .max { widths[$0] < widths[$1] }
      if let longest {
        widths[longest] = max(columns[longest].shortestCut, widths[longest] - (total - window))
      } else if widths.count > 1 {
        widths.removeLast()
      } else {
        return
      }
    }
  }
}

extension Value {
  fileprivate var isNumberOrNone: Bool {
    if case .none = self { true } else { isNumber }
  }
}

extension NumberStyle {
  /// Columns that nearly every number of this style fits into: sign, point, exponent or zeros.
  fileprivate var usualWidth: Int {
    switch self {
    case .significant(let digits): digits + 5
    case .fixed(0): 7
    case .fixed(let digits): digits + 4
    }
  }
}
