package import GFNLanguage
import GFNParameters
import Glibc

extension Table {
  /// A column `x_sd` or `x_se` behind `x` or `x_mean` becomes part of it, as in `0.123 ± 0.004`: a reader
  /// takes both in at once, and a window holds more. The columns keep their names for scripts and files.
  package var withSpreads: Table { withSpreads(behind: spreads) }

  /// The columns that the next one becomes part of; where no number has a deviation, that one is left out.
  package var spreads: Set<Int> {
    Set(
      columns.indices.filter { index in
        guard spread(behind: index) != nil else { return false }
        return !rows.allSatisfy { $0[index + 1].isNone } || rows.allSatisfy { $0[index].isNone }
      })
  }

  /// The same with the columns of another table, of which these are further rows.
  package func withSpreads(behind spreads: Set<Int>) -> Table {
    var result = self
    result.columns = []
    result.rows = [[Value]](repeating: [], count: rows.count)
    var index = 0
    while index < columns.count {
      let spread = spread(behind: index)
      if let spread, spreads.contains(index) {
        // Cut short, a number would be another.
        result.columns.append(Column("\(columns[index].name) ± \(spread)", shortestCut: .max))
        for (row, text) in pairs(index).enumerated() { result.rows[row].append(.text(text)) }
      } else {
        result.columns.append(columns[index])
        for row in rows.indices { result.rows[row].append(rows[row][index]) }
      }
      index += spread == nil ? 1 : 2
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
  private func pairs(_ index: Int) -> [String] {
    let pairs = rows.map { pair($0[index], $0[index + 1], index) }
    let first = pairs.map { displayWidth($0.mean) }.max() ?? 0
    let second = pairs.map { displayWidth($0.spread) }.max() ?? 0
    return pairs.map { pair in
      padded(pair.mean, to: first, right: true)
        + (pair.spread.isEmpty ? "" : " ± " + padded(pair.spread, to: second, right: true))
    }
  }

  /// A mean has as many places as its deviation needs for two digits; more would mean nothing.
  private func pair(_ mean: Value, _ spread: Value, _ index: Int) -> (mean: String, spread: String)
  {
    var style = columns[index].style
    if case .number(let deviation, _) = spread, deviation > 0, deviation.isFinite,
      case .significant = style
    {
      let places = 1 - Int(log10(deviation).rounded(.down))
      if (0...Self.mostPlaces).contains(places) { style = .fixed(places) }
    }
    let isFixed = if case .fixed = style { true } else { false }
    return (
      mean.isNone ? "" : mean.text(style),
      spread.isNone ? "" : spread.text(isFixed ? style : columns[index + 1].style)
    )
  }

  /// Beyond, exponents are shorter.
  private static let mostPlaces = 5
}

extension Value {
  fileprivate var isNone: Bool { if case .none = self { true } else { false } }
}
