import GFNParameters

/// The states where a condition holds.
struct FormulaModes: ModeSet {
  let condition: FormulaCode
  /// Cells of a state.
  let width: Int
  /// The number of a state; nil where there is none.
  let index: (@Sendable (StatePointer) -> Int?)?
  let total: Int?

  /// A number of its own for each: its index, or a hash where there is none.
  func mode(of state: StatePointer) -> Int? {
    guard condition.holds(state) else { return nil }
    if let index { return index(state) }
    return (0..<width).reduce(0) { ($0 &* 1_000_003) &+ Int(state[$1]) } & .max
  }
}
