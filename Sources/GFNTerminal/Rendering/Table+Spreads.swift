import GFNLanguage

extension Table {
  /// A column `x_sd` or `x_se` behind `x` or `x_mean` becomes part of it, as in `0.123 ± 0.004`: a reader
  /// takes both in at once, and a window holds more. The columns keep their names for scripts and files.
  var withSpreads: Table {
    var result = self
    result.columns = []
    result.rows = [[Value]](repeating: [], count: rows.count)
    var index = 0
    while index < columns.count {
      guard let spread = spread(behind: index) else {
        result.columns.append(columns[index])
        for row in rows.indices { result.rows[row].append(rows[row][index]) }
        index += 1
        continue
      }
      if rows.allSatisfy({ $0[index + 1].isNone }) {
        result.columns.append(columns[index])
        for row in rows.indices { result.rows[row].append(rows[row][index]) }
      } else {
        result.columns.append(Column("\(columns[index].name) ± \(spread)"))
        for (row, text) in spreads(index).enumerated() { result.rows[row].append(.text(text)) }
      }
      index += 2
    }
    return result
  }

  /// `sd` or `se` where the next column holds that of a column of numbers.
  private func spread(behind index: Int) -> String? {
    guard index + 1 < columns.count, rows.allSatisfy({ $0[index].isNumber || $0[index].isNone })
    else { return nil }
    var name = columns[index].name
    if name.hasSuffix("_mean") { name.removeLast("_mean".count) }
    return ["sd", "se"].first { columns[index + 1].name == "\(name)_\($0)" }
  }

  /// Both numbers of each row, each under those of the other rows.
  private func spreads(_ index: Int) -> [String] {
    func texts(_ column: Int) -> [String] {
      let texts = rows.map { $0[column].isNone ? "" : $0[column].text(columns[column].style) }
      let width = texts.map(displayWidth).max() ?? 0
      return texts.map { padded($0, to: width, right: true) }
    }
    return zip(zip(texts(index), texts(index + 1)), rows).map { pair, row in
      row[index + 1].isNone ? pair.0 : "\(pair.0) ± \(pair.1)"
    }
  }
}

extension Value {
  fileprivate var isNone: Bool { if case .none = self { true } else { false } }
}
