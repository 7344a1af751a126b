extension EnvironmentDeclaration {
  /// The declaration as it would be typed in lines, from its parts.
  package var written: String {
    "\(head) {\n\(items.map { "  \($0)\n" }.joined())}"
  }

  /// The same in one line: equal for declarations that differ in comments and blanks alone.
  package var line: String { "\(head) { \(items.joined(separator: "; ")) }" }

  private var head: String {
    let values = parameters.map { "\($0.name)=\($0.standard.source)" }.joined(separator: ", ")
    return "environment \(name)(\(values))"
  }

  private var items: [String] {
    var lines = cells.map(\.written) + actions.map(\.written)
    if let exit { lines.append("exit when \(exit.source)") }
    switch reward {
    case .plain(let tree)?: lines.append("reward \(tree.source)")
    case .logarithm(let tree)?: lines.append("log_reward \(tree.source)")
    case nil: break
    }
    if let modes { lines.append("modes \(modes.source)") }
    if let clip { lines.append("clip \(clip.source)") }
    if neverClips { lines.append("clip none") }
    return lines
  }
}

extension EnvironmentDeclaration.Setting {
  fileprivate var source: String {
    switch self {
    case .number(let number): formatted(number)
    case .boolean(let flag): "\(flag)"
    case .numbers(let list): "[\(list.map(formatted).joined(separator: ", "))]"
    case .text(let text): quoted(text)
    }
  }
}

extension EnvironmentDeclaration.Cells {
  fileprivate var written: String {
    var text =
      "cells \(name)\(count.map { "[\($0.source)]" } ?? "") in \(low.source)..\(high.source)"
    if let start { text += " start \(start.source)" }
    switch inputs {
    case .all: break
    case .none: text += " inputs none"
    case .range(let low, let high): text += " inputs \(low.source)..\(high.source)"
    }
    return text + (letters.map { " letters \($0.source)" } ?? "")
  }
}

extension EnvironmentDeclaration.Action {
  fileprivate var written: String {
    let ranges = indices.map { "\($0.name) in \($0.low.source)..\($0.high.source)" }
    let changes = changes.map { change in
      let cell = change.cells + (change.index.map { "[\($0.source)]" } ?? "")
      switch change.effect {
      case .replace(let old, let new): return "\(cell): \(old.source) -> \(new.source)"
      case .add(let number):
        let text = number.source
        return "\(cell): \(text.hasPrefix("-") ? text : "+\(text)")"
      }
    }
    return "action \(name)\(ranges.isEmpty ? "" : "(\(ranges.joined(separator: ", ")))") "
      + (condition.map { "when \($0.source) " } ?? "") + "{ \(changes.joined(separator: "; ")) }"
  }
}
