extension FormulaCompiler {
  mutating func call(
    _ function: String, _ arguments: [FormulaTree], _ tree: FormulaTree
  ) throws -> Value {
    func need(_ counts: ClosedRange<Int>) throws {
      guard counts.contains(arguments.count) else {
        throw FormulaProblem(
          "'\(function)' in '\(tree.source)' takes "
            + (counts.count == 1
              ? counted(counts.lowerBound, "argument")
              : "\(counts.lowerBound) to \(counts.upperBound) arguments")
            + ", not \(arguments.count)")
      }
    }
    switch function {
    case "if":
      try need(3...3)
      return .scalar(try conditional(arguments))
    case "abs", "exp", "log", "sqrt", "floor", "round":
      try need(1...(function == "round" ? 2 : 1))
      let digits = try arguments.count == 2 ? scalar(arguments[1]) : nil
      switch try value(arguments[0]) {
      case .scalar(let scalar): return .scalar(try apply(function, scalar, digits))
      case .list(let list): return .list(.applied(function, list, digits: digits))
      }
    case "near":
      try need(3...3)
      let operands = try arguments.map { try scalar($0) }
      return .scalar(try fold(.near, operands[0], operands[1], operands[2], isCondition: true))
    case "len":
      try need(1...1)
      return .scalar(.constant(Double(try list(arguments[0]).count)))
    case "count":
      try need(2...2)
      return .scalar(try count(list(arguments[0]), try scalar(arguments[1]), tree))
    case "sum", "prod", "min", "max", "mean", "std", "all", "any":
      try need(1...Int.max)
      return .scalar(try reduce(function, arguments, tree))
    default: throw FormulaProblem("there is no function '\(function)' in formulas")
    }
  }

  mutating func apply(
    _ function: String, _ scalar: Scalar, _ digits: Scalar?
  ) throws -> Scalar {
    switch function {
    case "abs": return try fold(.absolute, scalar)
    case "exp": return try fold(.exponential, scalar)
    case "log": return try fold(.logarithm, scalar)
    case "sqrt": return try fold(.squareRoot, scalar)
    case "floor": return try fold(.floor, scalar)
    default:
      guard let digits else { return try fold(.round, scalar) }
      guard let number = digits.constant, (0...15).contains(number), number == number.rounded()
      else { throw FormulaProblem("'round' takes a number of digits from 0 to 15") }
      return try fold(.roundDigits, scalar, digits: Int32(number))
    }
  }

  mutating func conditional(_ arguments: [FormulaTree]) throws -> Scalar {
    let test = try condition(arguments[0])
    if let constant = test.constant {
      // What is never looked at must still be a number.
      let mark = code.count
      let left = try scalar(arguments[1])
      guard constant == 0 else {
        let end = code.count
        _ = try scalar(arguments[2])
        code.removeSubrange(end...)
        return left
      }
      code.removeSubrange(mark...)
      return try scalar(arguments[2])
    }
    let target = register()
    let jump = code.count
    try emit(FormulaInstruction(operation: .jumpIfZero, a: number(of: test)))
    let left = try scalar(arguments[1])
    try emit(FormulaInstruction(operation: .move, target: target, a: number(of: left)))
    let end = code.count
    try emit(FormulaInstruction(operation: .jump))
    code[jump].b = Int32(code.count)
    let right = try scalar(arguments[2])
    try emit(FormulaInstruction(operation: .move, target: target, a: number(of: right)))
    code[end].b = Int32(code.count)
    return Scalar(
      place: .register(target), isCondition: left.isCondition && right.isCondition)
  }

  mutating func count(
    _ list: List, _ wanted: Scalar, _ tree: FormulaTree
  ) throws -> Scalar {
    if case .cells(let first, let count, 0, 1) = list {
      let target = register()
      try emit(
        FormulaInstruction(
          operation: .count, target: target, a: Int32(clamping: first), b: Int32(clamping: count),
          c: number(of: wanted)))
      return Scalar(place: .register(target))
    }
    return try reduce("sum", count: list.count, tree) { compiler, index in
      let element = try compiler.element(of: list, at: index, tree)
      return try compiler.fold(.equal, element, wanted)
    }
  }

  /// Several numbers, or the elements of one list.
  mutating func reduce(
    _ function: String, _ arguments: [FormulaTree], _ tree: FormulaTree
  ) throws -> Scalar {
    let list: List
    if arguments.count == 1, case .list(let only) = try value(arguments[0]) {
      list = only
    } else {
      list = .scalars(try arguments.map { try scalar($0) })
    }
    switch function {
    case "mean", "std":
      guard list.count >= (function == "std" ? 2 : 1) else {
        throw FormulaProblem(
          "'\(function)' needs at least \(function == "std" ? "2 numbers" : "a number")")
      }
      func sum(_ term: (inout FormulaCompiler, Scalar) throws -> Scalar) throws -> Scalar {
        try reduce("sum", count: list.count, tree, term)
      }
      let total = try sum { try $0.element(of: list, at: $1, tree) }
      let mean = try fold(.divide, total, .constant(Double(list.count)))
      if function == "mean" { return mean }
      let squares = try sum { compiler, index in
        let element = try compiler.element(of: list, at: index, tree)
        let distance = try compiler.fold(.subtract, element, mean)
        return try compiler.fold(.multiply, distance, distance)
      }
      return try fold(
        .squareRoot, try fold(.divide, squares, .constant(Double(list.count - 1))))
    default:
      return try reduce(function, count: list.count, tree) {
        try $0.element(of: list, at: $1, tree)
      }
    }
  }
}
