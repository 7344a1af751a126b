extension FormulaCompiler {
  mutating func negation(_ scalar: Scalar) throws -> Scalar {
    if let constant = scalar.constant { return .condition(constant == 0) }
    var result = try emit(.not, scalar)
    result.isCondition = true
    return result
  }

  /// The second operand is looked at only where the first leaves it open.
  mutating func junction(
    _ left: FormulaTree, _ right: FormulaTree, isAnd: Bool
  ) throws -> Scalar {
    let first = try condition(left)
    if let constant = first.constant {
      // What is never looked at must still be a condition.
      let mark = code.count
      let second = try condition(right)
      if (constant != 0) == isAnd { return second }
      code.removeSubrange(mark...)
      return first
    }
    let target = register()
    try emit(FormulaInstruction(operation: .move, target: target, a: number(of: first)))
    let test = isAnd ? target : number(of: try negation(first))
    let jump = code.count
    try emit(FormulaInstruction(operation: .jumpIfZero, a: test))
    let second = try condition(right)
    try emit(FormulaInstruction(operation: .move, target: target, a: number(of: second)))
    code[jump].b = Int32(code.count)
    return Scalar(place: .register(target), isCondition: true)
  }

  mutating func binary(
    _ operation: FormulaOperator, _ left: Value, _ right: Value, _ tree: FormulaTree
  ) throws -> Value {
    switch (left, right) {
    case (.scalar(let left), .scalar(let right)):
      return .scalar(try binary(operation, left, right))
    case (.list(let first), .list(let second)) where operation == .equal || operation == .unequal:
      return .scalar(try equality(first, second, tree, isEqual: operation == .equal))
    case _ where operation.isComparison:
      throw FormulaProblem(
        "'\(operation.rawValue)' in '\(tree.source)' compares a list with a number; say for which of "
          + "its elements, as in all(x[i] > 0 for i in 0..3)")
    case (.list(let first), .list(let second)):
      guard first.count == second.count else {
        throw FormulaProblem(
          "'\(operation.rawValue)' in '\(tree.source)' needs lists of one length, not "
            + "\(first.count) and \(second.count)")
      }
      return .list(.binary(operation, left, right, count: first.count))
    case (.list(let list), .scalar), (.scalar, .list(let list)):
      return .list(.binary(operation, left, right, count: list.count))
    }
  }

  mutating func binary(
    _ operation: FormulaOperator, _ left: Scalar, _ right: Scalar
  ) throws -> Scalar {
    let instruction: FormulaInstruction.Operation
    switch operation {
    case .plus: instruction = .add
    case .minus: instruction = .subtract
    case .times: instruction = .multiply
    case .divide: instruction = .divide
    case .floorDivide: instruction = .floorDivide
    case .modulo: instruction = .modulo
    case .power:
      if right.constant == 2, left.constant == nil { return try emit(.multiply, left, left) }
      instruction = .power
    case .equal: instruction = .equal
    case .unequal: instruction = .unequal
    case .less: instruction = .less
    case .lessOrEqual: instruction = .lessOrEqual
    case .greater: instruction = .greater
    case .greaterOrEqual: instruction = .greaterOrEqual
    case .and, .or: throw FormulaProblem("a condition is true or false")
    }
    return try fold(instruction, left, right, isCondition: operation.isComparison)
  }

  /// Works out beforehand what is known beforehand; a division by zero is left for when it happens.
  mutating func fold(
    _ operation: FormulaInstruction.Operation, _ operands: Scalar..., isCondition: Bool = false,
    digits: Int32? = nil
  ) throws -> Scalar {
    guard let first = operands.first else { return .constant(0) }
    let mark = (code.count, registers)
    var result = try emit(
      operation, first, operands.count > 1 ? operands[1] : nil,
      operands.count > 2 ? operands[2] : nil)
    if let digits { code[code.count - 1].b = digits }
    result.isCondition = isCondition
    let known = operands.compactMap(\.constant)
    guard known.count == operands.count else { return result }
    var step = code[code.count - 1]
    step.target = Int32(known.count)
    (step.a, step.b, step.c) = (0, digits ?? (known.count > 1 ? 1 : 0), known.count > 2 ? 2 : 0)
    let alone = FormulaCode(
      [step], constants: known, registers: known.count + 1, result: known.count,
      isCondition: isCondition)
    let value = withUnsafeTemporaryAllocation(of: Int32.self, capacity: 1) { cells in
      cells.baseAddress.map { alone($0) } ?? .nan
    }
    guard FormulaFault(value) == nil else { return result }
    code.removeLast(code.count - mark.0)
    registers = mark.1
    return Scalar(place: .constant(value), isCondition: isCondition)
  }

  mutating func equality(
    _ first: List, _ second: List, _ tree: FormulaTree, isEqual: Bool
  ) throws -> Scalar {
    guard first.count == second.count else { return .condition(!isEqual) }
    let all = try reduce(
      "all", count: first.count, tree,
      { try $0.equal($1, first, second, tree) })
    return isEqual ? all : try negation(all)
  }

  mutating func equal(
    _ index: Scalar, _ first: List, _ second: List, _ tree: FormulaTree
  ) throws -> Scalar {
    let left = try element(of: first, at: index, tree)
    let right = try element(of: second, at: index, tree)
    return try fold(.equal, left, right, isCondition: true)
  }
}
