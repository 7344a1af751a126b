package import GFNLanguage
package import GFNParameters

/// A number as a person reads it.
package func formatted(_ number: Double, _ style: NumberStyle) -> String {
  if number.isNaN { return "nan" }
  if number.isInfinite { return number < 0 ? "-inf" : "inf" }
  switch style {
  case .significant(let digits):
    if let integer = Int(exactly: number), integer.magnitude < 1 << 53 { return String(integer) }
    return NumberFormat.significant(digits).string(number)
  case .fixed(let digits):
    return NumberFormat.fixed(digits).string(number)
  }
}

extension Value {
  /// The value on one line: in a cell, beside a name, in a loop.
  package func text(_ style: NumberStyle = .significant(4)) -> String {
    switch self {
    case .none: ""
    case .boolean(let isTrue): isTrue ? "true" : "false"
    case .number(let number, let source): source ?? formatted(number, style)
    case .text(let text): visible(text)
    case .list(let values): "[" + values.map { $0.element(style) }.joined(separator: ", ") + "]"
    case .range(let lower, let upper): "\(lower)..\(upper)"
    case .record(let record): "{" + record.fields.pairs(style).joined(separator: ", ") + "}"
    case .table(let table): counted(table.rows.count, "row")
    case .figure(let figure): visible(figure.title)
    }
  }

  /// An element of a list: a text with a comma or a blank in it stands in quotes.
  private func element(_ style: NumberStyle) -> String {
    if case .text(let text) = self, text.contains(where: { $0 == "," || $0 == " " }) {
      return "\"\(visible(text))\""
    }
    return text(style)
  }

  package var isNumber: Bool {
    if case .number = self { true } else { false }
  }
}

extension Sequence where Element == (key: String, value: Value) {
  /// `name=value`, as options are typed.
  package func pairs(_ style: NumberStyle = .significant(4)) -> [String] {
    map { "\($0.key)=\($0.value.text(style))" }
  }
}
