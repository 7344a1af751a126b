extension FormulaTree {
  /// As it would be typed.
  package var source: String { source(in: 0) }

  /// - Parameter precedence: that of the operator around; what binds less gets parentheses.
  private func source(in precedence: Int) -> String {
    func enclosed(_ own: Int, _ text: String) -> String { own < precedence ? "(\(text))" : text }
    switch self {
    case .number(let number):
      // A sign binds less than a power.
      return enclosed(number < 0 ? 7 : 9, formatted(number))
    case .boolean(let flag): return flag ? "true" : "false"
    case .text(let text): return quoted(text)
    case .name(let name): return name
    case .list(let elements): return "[\(elements.map(\.source).joined(separator: ", "))]"
    case .range(let low, let high): return "(\(low.source(in: 9))..\(high.source(in: 9)))"
    case .minus(let operand): return enclosed(7, "-" + operand.source(in: 7))
    case .not(let operand): return enclosed(3, "not " + operand.source(in: 3))
    case .binary(let operation, let left, let right):
      let own = operation.precedence
      // The power binds to the right, comparisons to neither side.
      let isPower = operation == .power
      let leftLeast = own + (isPower || operation.isComparison ? 1 : 0)
      return enclosed(
        own,
        left.source(in: leftLeast) + " \(operation.rawValue) "
          + right.source(in: isPower ? own - 1 : own + 1))
    case .element(let list, let index): return "\(list.source(in: 9))[\(index.source)]"
    case .call(let function, let arguments):
      return "\(function)(\(arguments.map(\.source).joined(separator: ", ")))"
    case .over(let function, let body, let name, let low, let high):
      return
        "\(function)(\(body.source) for \(name) in \(low.source(in: 5))..\(high.source(in: 5)))"
    }
  }
}
