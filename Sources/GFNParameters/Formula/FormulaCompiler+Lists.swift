extension FormulaCompiler {
  mutating func element(
    of list: List, at index: Scalar, _ tree: FormulaTree
  ) throws -> Scalar {
    let known: Int?
    if let constant = index.constant {
      guard let place = place(of: constant, among: list.count) else {
        // It may stand where it is never looked at: behind a condition, or beyond the end of a loop.
        let target = register()
        try emit(
          FormulaInstruction(
            operation: .fail, target: target, a: Int32(FormulaFault.index.rawValue)))
        return Scalar(place: .register(target))
      }
      known = place
    } else {
      known = nil
    }
    switch list {
    case .cells(let first, let count, let plus, let over):
      if let known { return try cell(first + known, plus, over) }
      let target = register()
      try emit(
        FormulaInstruction(
          operation: .cellAt, target: target, a: number(of: index), b: Int32(clamping: first),
          c: Int32(clamping: count)))
      return try shifted(Scalar(place: .register(target)), plus, over)
    case .constants(let values):
      if let known { return .constant(values[known]) }
      return try element(among: block(of: values), count: values.count, at: index)
    case .scalars(let scalars):
      if let known { return scalars[known] }
      return try element(among: scalars, at: index)
    case .negated(let list):
      return try fold(.negate, try element(of: list, at: index, tree))
    case .applied(let function, let list, let digits):
      return try apply(function, try element(of: list, at: index, tree), digits)
    case .binary(let operation, let left, let right, _):
      let left = try element(of: left, at: index, tree)
      return try binary(operation, left, try element(of: right, at: index, tree))
    }
  }

  mutating func element(
    of value: Value, at index: Scalar, _ tree: FormulaTree
  ) throws -> Scalar {
    switch value {
    case .scalar(let scalar): scalar
    case .list(let list): try element(of: list, at: index, tree)
    }
  }

  /// Constants that lie in a row: the number of the first.
  mutating func block(of values: [Double]) -> Int32 {
    if let known = blocks.first(where: { $0.values == values }) { return known.first }
    let first = -1 - Int32(constants.count)
    constants += values
    blocks.append((values, first))
    return first
  }

  /// One of scalars that are moved into registers in a row.
  mutating func element(among scalars: [Scalar], at index: Scalar) throws -> Scalar {
    let first = registers
    registers += Int32(scalars.count)
    for (offset, scalar) in scalars.enumerated() {
      try emit(
        FormulaInstruction(
          operation: .move, target: first + Int32(offset), a: number(of: scalar)))
    }
    return try element(among: first, count: scalars.count, at: index)
  }

  mutating func element(
    among first: Int32, count: Int, at index: Scalar
  ) throws -> Scalar {
    let target = register()
    try emit(
      FormulaInstruction(
        operation: .registerAt, target: target, a: number(of: index), b: first, c: Int32(count)))
    return Scalar(place: .register(target))
  }
}
