extension FormulaCompiler {
  mutating func loop(
    _ function: String, _ body: FormulaTree, _ name: String, _ low: FormulaTree,
    _ high: FormulaTree, _ tree: FormulaTree
  ) throws -> Scalar {
    guard ["sum", "prod", "all", "any", "min", "max"].contains(function) else {
      throw FormulaProblem("'\(function)' takes no 'for'; sum, prod, all, any, min and max do")
    }
    let (low, high) = (try bound(low), try bound(high))
    let outer = loops[name]
    defer { loops[name] = outer }
    if let low = low.constant, let high = high.constant {
      return try reduce(
        function, from: Int(low), count: max(0, Int(high) - Int(low) + 1), tree
      ) { compiler, index in
        compiler.loops[name] = index
        return try compiler.scalar(body)
      }
    }
    return try reduce(function, from: low, to: high, tree) { compiler, index in
      compiler.loops[name] = index
      return try compiler.scalar(body)
    }
  }

  mutating func reduce(
    _ function: String, from first: Int = 0, count: Int, _ tree: FormulaTree,
    _ term: (inout FormulaCompiler, Scalar) throws -> Scalar
  ) throws -> Scalar {
    guard count > 0 else { return try nothing(function) }
    let last = first + count - 1
    rounds += min(count, Self.unrolled)
    guard count <= Self.unrolled, rounds < Self.mostRounds,
      code.count < Self.mostInstructions / 4
    else {
      return try reduce(
        function, from: .constant(Double(first)), to: .constant(Double(last)), tree, term)
    }
    var result = try self.term(function, tree, term, .constant(Double(first)))
    var jumps: [Int] = []
    let isJunction = function == "all" || function == "any"
    if isJunction, result.constant == nil {
      // A register of its own, as jumps meet there.
      let target = register()
      try emit(FormulaInstruction(operation: .move, target: target, a: number(of: result)))
      result = Scalar(place: .register(target), isCondition: true)
    }
    for index in stride(from: first + 1, through: last, by: 1) {
      if isJunction {
        if let constant = result.constant {
          if (constant != 0) == (function == "any") { return result }
          let next = try self.term(function, tree, term, .constant(Double(index)))
          guard next.constant == nil else {
            result = next
            continue
          }
          let target = register()
          try emit(FormulaInstruction(operation: .move, target: target, a: number(of: next)))
          result = Scalar(place: .register(target), isCondition: true)
          continue
        }
        jumps.append(try leave(function, result))
        let next = try self.term(function, tree, term, .constant(Double(index)))
        try emit(
          FormulaInstruction(operation: .move, target: number(of: result), a: number(of: next)))
      } else {
        let next = try self.term(function, tree, term, .constant(Double(index)))
        result = try fold(Self.operation(function), result, next)
      }
    }
    for jump in jumps { code[jump].b = Int32(code.count) }
    return result
  }

  /// Jumps out of an `all` or `any` that is decided; where to is filled in later.
  mutating func leave(_ function: String, _ result: Scalar) throws -> Int {
    let test = function == "all" ? result : try emit(.not, result)
    try emit(FormulaInstruction(operation: .jumpIfZero, a: number(of: test)))
    return code.count - 1
  }

  mutating func reduce(
    _ function: String, from low: Scalar, to high: Scalar, _ tree: FormulaTree,
    _ term: (inout FormulaCompiler, Scalar) throws -> Scalar
  ) throws -> Scalar {
    let index = register()
    let result = register()
    let isCondition = function == "all" || function == "any"
    let isExtreme = function == "min" || function == "max"
    try emit(FormulaInstruction(operation: .move, target: index, a: number(of: low)))
    if isExtreme {
      let jump = code.count
      // Nothing to choose from is a fault: one look before the loop.
      try emit(FormulaInstruction(operation: .jumpIfGreater, a: index, c: number(of: high)))
      let over = code.count
      try emit(FormulaInstruction(operation: .jump))
      code[jump].b = Int32(code.count)
      try emit(FormulaInstruction(operation: .fail, a: Int32(FormulaFault.nothing.rawValue)))
      code[over].b = Int32(code.count)
    }
    let start: Double =
      switch function {
      case "sum", "any": 0
      case "prod", "all": 1
      case "min": .infinity
      default: -.infinity
      }
    try emit(
      FormulaInstruction(operation: .move, target: result, a: number(of: .constant(start))))
    let top = code.count
    try emit(FormulaInstruction(operation: .jumpIfGreater, a: index, c: number(of: high)))
    let next = try self.term(function, tree, term, Scalar(place: .register(index)))
    let total = Scalar(place: .register(result), isCondition: isCondition)
    var exit: Int?
    if isCondition {
      try emit(FormulaInstruction(operation: .move, target: result, a: number(of: next)))
      exit = try leave(function, total)
    } else {
      try emit(
        FormulaInstruction(
          operation: Self.operation(function), target: result, a: result, b: number(of: next)))
    }
    try emit(
      FormulaInstruction(
        operation: .add, target: index, a: index, b: number(of: .constant(1))))
    try emit(FormulaInstruction(operation: .jump, b: Int32(top)))
    code[top].b = Int32(code.count)
    if let exit { code[exit].b = Int32(code.count) }
    return total
  }

  mutating func term(
    _ function: String, _ tree: FormulaTree,
    _ term: (inout FormulaCompiler, Scalar) throws -> Scalar, _ index: Scalar
  ) throws -> Scalar {
    let scalar = try term(&self, index)
    guard function != "all" && function != "any" || scalar.isCondition else {
      throw FormulaProblem("'\(function)' in '\(tree.source)' needs conditions, not numbers")
    }
    return scalar
  }

  func nothing(_ function: String) throws -> Scalar {
    switch function {
    case "sum": .constant(0)
    case "prod": .constant(1)
    case "all": .condition(true)
    case "any": .condition(false)
    default: throw FormulaProblem("'\(function)' needs at least a number")
    }
  }

  static func operation(_ function: String) -> FormulaInstruction.Operation {
    switch function {
    case "prod": .multiply
    case "min": .least
    case "max": .greatest
    default: .add
    }
  }
}
