import GFNFigures
import GFNLanguage
import OrderedCollections

/// Tables and records as HTML tables.
enum HTMLTable {
  /// Class of cells that hold numbers, which stand under each other by their last digits.
  private static let number = " class=\"n\""

  /// Of a longer table the first and the last rows are shown; its text and its data are whole.
  private static let rowLimit = 200

  static func text(of table: Table) -> String {
    let shown = table.withoutTimings.withSpreads
    let isRight = shown.columns.indices.map { column in
      shown.columns[column].name.contains(" ± ")
        || (shown.rows.contains { $0[column].isNumber }
          && shown.rows.allSatisfy { $0[column].isNumberOrNone })
    }
    var html = "<table>\n<thead><tr>"
    for (column, right) in zip(shown.columns, isRight) {
      html += "<th scope=\"col\"\(right ? number : "")>\(HTMLText.escaped(column.name))</th>"
    }
    html += "</tr></thead>\n<tbody>\n"
    let hidden = shown.rows.count - rowLimit
    // One row takes no more place than saying that it is there.
    let gap = hidden > 1 ? rowLimit / 2..<rowLimit / 2 + hidden : 0..<0
    for (place, row) in shown.rows.enumerated() {
      if place == gap.lowerBound, !gap.isEmpty {
        html += "<tr><td colspan=\"\(isRight.count)\">… \(hidden) more rows</td></tr>\n"
      }
      if gap.contains(place) { continue }
      html += "<tr>"
      for (index, value) in row.enumerated() where index < isRight.count {
        let text = HTMLText.escaped(value.text(shown.columns[index].style))
        html += "<td\(isRight[index] ? number : "")>\(text)</td>"
      }
      html += "</tr>\n"
    }
    html += "</tbody>\n</table>"
    let below = Record(table.fields, notes: table.notes)
    let rest = below.fields.isEmpty && below.notes.isEmpty ? "" : "\n" + text(of: below)
    return html + rest
  }

  static func text(of record: Record) -> String {
    if let display = record.display { return "<pre>\(HTMLText.escaped(display))</pre>" }
    var html = ""
    if !record.fields.isEmpty {
      html += "<table>\n<tbody>\n"
      for (name, value) in record.fields {
        html += "<tr><th scope=\"row\">\(HTMLText.escaped(name))</th>"
        html += "<td>\(HTMLText.escaped(value.text()))</td></tr>\n"
      }
      html += "</tbody>\n</table>"
    }
    let notes = record.notes.map { "<p>\(HTMLText.escaped($0))</p>" }
    return ([html] + notes).filter { !$0.isEmpty }.joined(separator: "\n")
  }
}

extension Value {
  fileprivate var isNumberOrNone: Bool {
    if case .none = self { true } else { isNumber }
  }
}
