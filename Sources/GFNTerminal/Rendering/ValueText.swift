import GFNCore
import GFNLanguage
import Glibc

/// A number as a person reads it.
func formatted(_ number: Double, _ style: NumberStyle) -> String {
  if number.isNaN { return "nan" }
  if number.isInfinite { return number < 0 ? "-inf" : "inf" }
  switch style {
  case .significant(let digits):
    if let integer = Int(exactly: number), integer.magnitude < 1 << 53 { return String(integer) }
    return printf("%.*g", digits, number)
  case .fixed(let digits):
    return printf("%.*f", digits, number)
  }
}

private func printf(_ format: String, _ digits: Int, _ number: Double) -> String {
  // The longest is "%.*f" of the largest number: 309 digits before the point.
  let digits = min(max(digits, 0), 60)
  return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
    guard let start = buffer.baseAddress else { return "" }
    _ = withVaList([Int32(digits), number]) { vsnprintf(start, buffer.count, format, $0) }
    return String(cString: start)
  }
}

extension Value {
  /// The value on one line: in a cell, beside a name, in a loop.
  func text(_ style: NumberStyle = .significant(4)) -> String {
    switch self {
    case .none: ""
    case .boolean(let isTrue): isTrue ? "true" : "false"
    case .number(let number, let source): source ?? formatted(number, style)
    case .text(let text): visible(text)
    case .list(let values): "[" + values.map { $0.text(style) }.joined(separator: ", ") + "]"
    case .range(let lower, let upper): "\(lower)..\(upper)"
    case .record(let record): "{" + record.fields.pairs(style).joined(separator: ", ") + "}"
    case .table(let table): counted(table.rows.count, "row")
    }
  }

  var isNumber: Bool {
    if case .number = self { true } else { false }
  }
}

extension Sequence where Element == (key: String, value: Value) {
  /// `name=value`, as options are typed.
  func pairs(_ style: NumberStyle = .significant(4)) -> [String] {
    map { "\($0.key)=\($0.value.text(style))" }
  }
}

/// "1 row", "2 rows".
func counted(_ count: Int, _ noun: String) -> String {
  count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}
