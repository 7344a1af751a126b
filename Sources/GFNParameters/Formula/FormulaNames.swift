/// What the names in a formula mean: numbers, and the cells of a state.
package struct FormulaNames: Sendable {
  package enum Meaning: Sendable {
    case number(Double)
    case list([Double])
    /// `(cell + plus) / over` of one cell.
    case cell(Int, plus: Double = 0, over: Double = 1)
    /// The same of consecutive cells.
    case cells(first: Int, count: Int, plus: Double = 0, over: Double = 1)
    /// A number that is handed over beside the state, by its place.
    case input(Int)
    /// Stands for another formula.
    case abbreviation(FormulaTree)
  }

  package var meanings: [String: Meaning]
  /// The numbers that texts stand for.
  package var letters: [String: Double]

  package init(_ meanings: [String: Meaning] = [:], letters: [String: Double] = [:]) {
    self.meanings = meanings
    self.letters = letters
  }
}

/// What makes no sense in a formula, once it is known what its names mean.
package struct FormulaProblem: Error, Sendable, Equatable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) { self.description = description }
}

/// Why a formula has no value somewhere. It travels in the payload of a NaN.
package enum FormulaFault: UInt64, Sendable, CaseIterable, CustomStringConvertible {
  case divisionByZero = 1
  case index
  case nothing
  case length

  package var description: String {
    switch self {
    case .divisionByZero: "divides by zero"
    case .index: "looks for an element that is not there"
    case .nothing: "takes the least or greatest of nothing"
    case .length: "goes round its loops more than a million times"
    }
  }

  var value: Double { Double(nan: rawValue, signaling: false) }

  /// The fault that a value tells of.
  package init?(_ value: Double) {
    guard value.isNaN else { return nil }
    self.init(rawValue: value.bitPattern & 0xff)
  }
}
