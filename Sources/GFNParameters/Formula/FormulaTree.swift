/// A formula as it was read: over names that whoever compiles it gives their meaning.
package indirect enum FormulaTree: Sendable, Equatable {
  case number(Double)
  case boolean(Bool)
  /// A letter, or another text that stands for a number.
  case text(String)
  case name(String)
  case list([FormulaTree])
  /// The integers from the first to the second.
  case range(FormulaTree, FormulaTree)
  case minus(FormulaTree)
  case not(FormulaTree)
  case binary(FormulaOperator, FormulaTree, FormulaTree)
  /// One of a list, counted from 0, or from −1 backwards.
  case element(FormulaTree, FormulaTree)
  case call(String, [FormulaTree])
  /// `sum(BODY for NAME in LOW..HIGH)`
  case over(function: String, body: FormulaTree, name: String, low: FormulaTree, high: FormulaTree)

  /// The parts that it is made of.
  package var parts: [FormulaTree] {
    switch self {
    case .number, .boolean, .text, .name: []
    case .list(let parts), .call(_, let parts): parts
    case .minus(let part), .not(let part): [part]
    case .range(let left, let right), .binary(_, let left, let right),
      .element(let left, let right):
      [left, right]
    case .over(_, let body, _, let low, let high): [body, low, high]
    }
  }

  /// The names that are not bound in it.
  package var freeNames: Set<String> {
    switch self {
    case .number, .boolean, .text: []
    case .name(let name): [name]
    case .list(let elements), .call(_, let elements):
      elements.reduce(into: []) { $0.formUnion($1.freeNames) }
    case .minus(let operand), .not(let operand): operand.freeNames
    case .range(let left, let right), .binary(_, let left, let right),
      .element(let left, let right):
      left.freeNames.union(right.freeNames)
    case .over(_, let body, let name, let low, let high):
      body.freeNames.subtracting([name]).union(low.freeNames).union(high.freeNames)
    }
  }
}

package enum FormulaOperator: String, Sendable {
  case or
  case and
  case equal = "=="
  case unequal = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case plus = "+"
  case minus = "-"
  case times = "*"
  case divide = "/"
  case floorDivide = "//"
  case modulo = "%"
  case power = "^"

  /// Higher binds tighter, as in the language: `not` is 3 and the sign 7.
  package var precedence: Int {
    switch self {
    case .or: 1
    case .and: 2
    case .equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual: 4
    case .plus, .minus: 5
    case .times, .divide, .floorDivide, .modulo: 6
    case .power: 8
    }
  }

  package var isComparison: Bool { precedence == 4 }
}

/// A function of a state that a person wrote.
package struct StateFormula: Sendable, Equatable {
  /// As it would be typed: what it calls stands in it, so that it means the same anywhere.
  package var source: String
  package var tree: FormulaTree

  package init(source: String, tree: FormulaTree) {
    self.source = source
    self.tree = tree
  }
}
