/// Compiles formulas: what is known beforehand is worked out, short loops are unrolled, and lists become
/// their elements.
package struct FormulaCompiler {
  private let names: FormulaNames
  private var code: [FormulaInstruction] = []
  /// Constants come first in the registers; until all are known they have negative numbers.
  private var constants: [Double] = []
  private var blocks: [(values: [Double], first: Int32)] = []
  private var registers: Int32 = 0
  /// The values of the loops' names around the place.
  private var loops: [String: Scalar] = [:]
  private var abbreviations: Set<String> = []
  /// Rounds of loops that were written out.
  private var rounds = 0

  /// Loops over so many elements are unrolled.
  private static let unrolled = 64
  /// Beyond so many instructions a formula is refused, and from a quarter on nothing is unrolled.
  private static let mostInstructions = 1 << 16
  /// What is known beforehand leaves no instruction: so its rounds are counted too.
  private static let mostRounds = 1 << 14
  private static let longestRange = 4096.0

  /// - Throws: `FormulaProblem`.
  package static func compile(_ tree: FormulaTree, _ names: FormulaNames) throws -> FormulaCode {
    var compiler = FormulaCompiler(names)
    let scalar = try compiler.scalar(tree)
    return compiler.finish(scalar)
  }

  /// The same for a formula that must be true or false.
  package static func compileCondition(
    _ tree: FormulaTree, _ names: FormulaNames
  ) throws -> FormulaCode {
    let code = try compile(tree, names)
    guard code.isCondition else {
      throw FormulaProblem(
        "a condition is true or false, but '\(tree.source)' is a number; compare it with another one"
      )
    }
    return code
  }

  private init(_ names: FormulaNames) { self.names = names }

  /// A number whose place is known, or the number itself.
  struct Scalar {
    enum Place {
      case constant(Double)
      case register(Int32)
    }

    var place: Place
    var isCondition = false

    static func constant(_ value: Double) -> Scalar { Scalar(place: .constant(value)) }

    static func condition(_ flag: Bool) -> Scalar {
      Scalar(place: .constant(flag ? 1 : 0), isCondition: true)
    }

    var constant: Double? { if case .constant(let value) = place { value } else { nil } }
  }

  /// A list whose length is known and whose elements are worked out where they are asked for.
  indirect enum List {
    case cells(first: Int, count: Int, plus: Double, over: Double)
    case constants([Double])
    case scalars([Scalar])
    case negated(List)
    case applied(String, List, digits: Scalar?)
    case binary(FormulaOperator, Value, Value, count: Int)

    var count: Int {
      switch self {
      case .cells(_, let count, _, _), .binary(_, _, _, let count): count
      case .constants(let values): values.count
      case .scalars(let values): values.count
      case .negated(let list), .applied(_, let list, _): list.count
      }
    }
  }

  enum Value {
    case scalar(Scalar)
    case list(List)
  }

  // MARK: - Registers

  private mutating func finish(_ scalar: Scalar) -> FormulaCode {
    let result = number(of: scalar)
    // Constants have the numbers −1, −2, …; now they move to the front.
    let shift = Int32(constants.count)
    func moved(_ register: Int32) -> Int32 {
      register < 0 ? -1 - register : register + shift
    }
    for index in code.indices {
      var step = code[index]
      step.target = moved(step.target)
      switch step.operation {
      case .cell, .input, .fail, .jump: break
      case .count: step.c = moved(step.c)
      case .cellAt: step.a = moved(step.a)
      case .registerAt:
        step.a = moved(step.a)
        step.b = moved(step.b)
      case .jumpIfZero: step.a = moved(step.a)
      case .jumpIfGreater:
        step.a = moved(step.a)
        step.c = moved(step.c)
      case .roundDigits: step.a = moved(step.a)
      default:
        step.a = moved(step.a)
        step.b = moved(step.b)
        step.c = moved(step.c)
      }
      code[index] = step
    }
    return FormulaCode(
      code, constants: constants, registers: Int(registers + shift), result: Int(moved(result)),
      isCondition: scalar.isCondition)
  }

  private mutating func register() -> Int32 {
    registers += 1
    return registers - 1
  }

  /// The register that holds a scalar.
  private mutating func number(of scalar: Scalar) -> Int32 {
    switch scalar.place {
    case .register(let register): return register
    case .constant(let value):
      if let known = constants.firstIndex(where: { $0.bitPattern == value.bitPattern }) {
        return -1 - Int32(known)
      }
      constants.append(value)
      return -Int32(constants.count)
    }
  }

  private mutating func emit(_ step: FormulaInstruction) throws {
    guard code.count < Self.mostInstructions else {
      throw FormulaProblem("the formula is too long")
    }
    code.append(step)
  }

  private mutating func emit(
    _ operation: FormulaInstruction.Operation, _ a: Scalar, _ b: Scalar? = nil, _ c: Scalar? = nil
  ) throws -> Scalar {
    let first = number(of: a)
    let second = b.map { number(of: $0) } ?? first
    let third = c.map { number(of: $0) } ?? first
    let target = register()
    try emit(
      FormulaInstruction(operation: operation, target: target, a: first, b: second, c: third))
    return Scalar(place: .register(target))
  }

  // MARK: - Expressions

  private mutating func scalar(_ tree: FormulaTree) throws -> Scalar {
    switch try value(tree) {
    case .scalar(let scalar): return scalar
    case .list(let list):
      throw FormulaProblem(
        "'\(tree.source)' is a list of \(counted(list.count, "element")), not a number")
    }
  }

  private mutating func condition(_ tree: FormulaTree) throws -> Scalar {
    let scalar = try scalar(tree)
    guard scalar.isCondition else {
      throw FormulaProblem("a condition is true or false, but '\(tree.source)' is a number")
    }
    return scalar
  }

  private mutating func list(_ tree: FormulaTree) throws -> List {
    guard case .list(let list) = try value(tree) else {
      throw FormulaProblem("'\(tree.source)' is no list")
    }
    return list
  }

  private mutating func value(_ tree: FormulaTree) throws -> Value {
    switch tree {
    case .number(let number): return .scalar(.constant(number))
    case .boolean(let flag): return .scalar(.condition(flag))
    case .text(let text):
      guard let number = names.letters[text] else {
        throw FormulaProblem(
          names.letters.isEmpty
            ? "the text '\(text)' stands for nothing here"
            : "'\(text)' is none of the letters \(names.letters.keys.sorted().joined(separator: ", "))"
        )
      }
      return .scalar(.constant(number))
    case .name(let name): return try meaning(name)
    case .list(let elements):
      let scalars = try elements.map { try scalar($0) }
      let known = scalars.compactMap(\.constant)
      return .list(known.count == scalars.count ? .constants(known) : .scalars(scalars))
    case .range(let low, let high):
      let (low, high) = (try bound(low), try bound(high))
      guard let low = low.constant, let high = high.constant else {
        throw FormulaProblem("the ends of '\(tree.source)' must be known beforehand")
      }
      guard high - low < Self.longestRange else {
        throw FormulaProblem(
          "'\(tree.source)' is too long for a list; write the loop, as in sum(i^2 for i in 0..9)")
      }
      return .list(.constants(low > high ? [] : (Int(low)...Int(high)).map { Double($0) }))
    case .minus(let operand):
      switch try value(operand) {
      case .scalar(let scalar):
        if let constant = scalar.constant { return .scalar(.constant(-constant)) }
        return .scalar(try emit(.negate, scalar))
      case .list(let list): return .list(.negated(list))
      }
    case .not(let operand): return .scalar(try negation(try condition(operand)))
    case .binary(.and, let left, let right):
      return .scalar(try junction(left, right, isAnd: true))
    case .binary(.or, let left, let right):
      return .scalar(try junction(left, right, isAnd: false))
    case .binary(let operation, let left, let right):
      return try binary(operation, value(left), value(right), tree)
    case .element(let list, let index):
      let list = try self.list(list)
      return .scalar(try element(of: list, at: try scalar(index), tree))
    case .call(let function, let arguments): return try call(function, arguments, tree)
    case .over(let function, let body, let name, let low, let high):
      return .scalar(try loop(function, body, name, low, high, tree))
    }
  }

  private mutating func meaning(_ name: String) throws -> Value {
    if let scalar = loops[name] { return .scalar(scalar) }
    switch names.meanings[name] {
    case .number(let number): return .scalar(.constant(number))
    case .list(let numbers): return .list(.constants(numbers))
    case .cell(let cell, let plus, let over):
      return .scalar(try self.cell(cell, plus, over))
    case .cells(let first, let count, let plus, let over):
      return .list(.cells(first: first, count: count, plus: plus, over: over))
    case .input(let place):
      let target = register()
      try emit(FormulaInstruction(operation: .input, target: target, a: Int32(clamping: place)))
      return .scalar(Scalar(place: .register(target)))
    case .abbreviation(let tree):
      guard abbreviations.insert(name).inserted else {
        throw FormulaProblem("'\(name)' stands for itself")
      }
      defer { abbreviations.remove(name) }
      return try value(tree)
    case nil: throw FormulaProblem("'\(name)' means nothing in this formula")
    }
  }

  private mutating func cell(_ cell: Int, _ plus: Double, _ over: Double) throws -> Scalar {
    let target = register()
    try emit(FormulaInstruction(operation: .cell, target: target, a: Int32(clamping: cell)))
    return try shifted(Scalar(place: .register(target)), plus, over)
  }

  private mutating func shifted(_ scalar: Scalar, _ plus: Double, _ over: Double) throws -> Scalar {
    var scalar = scalar
    if plus != 0 { scalar = try emit(.add, scalar, .constant(plus)) }
    return over == 1 ? scalar : try emit(.divide, scalar, .constant(over))
  }

  /// An integer that bounds a range.
  private mutating func bound(_ tree: FormulaTree) throws -> Scalar {
    let scalar = try scalar(tree)
    if let constant = scalar.constant {
      guard abs(constant) <= 0x1p30, constant == constant.rounded() else {
        throw FormulaProblem(
          "the ends of a range are integers, but '\(tree.source)' is \(formatted(constant))")
      }
    }
    return scalar
  }

  // MARK: - Operators

  private mutating func negation(_ scalar: Scalar) throws -> Scalar {
    if let constant = scalar.constant { return .condition(constant == 0) }
    var result = try emit(.not, scalar)
    result.isCondition = true
    return result
  }

  /// The second operand is looked at only where the first leaves it open.
  private mutating func junction(
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

  private mutating func binary(
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

  private mutating func binary(
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
  private mutating func fold(
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

  private mutating func equality(
    _ first: List, _ second: List, _ tree: FormulaTree, isEqual: Bool
  ) throws -> Scalar {
    guard first.count == second.count else { return .condition(!isEqual) }
    let all = try reduce(
      "all", count: first.count, tree,
      { try $0.equal($1, first, second, tree) })
    return isEqual ? all : try negation(all)
  }

  private mutating func equal(
    _ index: Scalar, _ first: List, _ second: List, _ tree: FormulaTree
  ) throws -> Scalar {
    let left = try element(of: first, at: index, tree)
    let right = try element(of: second, at: index, tree)
    return try fold(.equal, left, right, isCondition: true)
  }

  // MARK: - Lists

  private mutating func element(
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

  private mutating func element(
    of value: Value, at index: Scalar, _ tree: FormulaTree
  ) throws -> Scalar {
    switch value {
    case .scalar(let scalar): scalar
    case .list(let list): try element(of: list, at: index, tree)
    }
  }

  /// Constants that lie in a row: the number of the first.
  private mutating func block(of values: [Double]) -> Int32 {
    if let known = blocks.first(where: { $0.values == values }) { return known.first }
    let first = -1 - Int32(constants.count)
    constants += values
    blocks.append((values, first))
    return first
  }

  /// One of scalars that are moved into registers in a row.
  private mutating func element(among scalars: [Scalar], at index: Scalar) throws -> Scalar {
    let first = registers
    registers += Int32(scalars.count)
    for (offset, scalar) in scalars.enumerated() {
      try emit(
        FormulaInstruction(
          operation: .move, target: first + Int32(offset), a: number(of: scalar)))
    }
    return try element(among: first, count: scalars.count, at: index)
  }

  private mutating func element(
    among first: Int32, count: Int, at index: Scalar
  ) throws -> Scalar {
    let target = register()
    try emit(
      FormulaInstruction(
        operation: .registerAt, target: target, a: number(of: index), b: first, c: Int32(count)))
    return Scalar(place: .register(target))
  }

  // MARK: - Functions

  private mutating func call(
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

  private mutating func apply(
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

  private mutating func conditional(_ arguments: [FormulaTree]) throws -> Scalar {
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

  private mutating func count(
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
  private mutating func reduce(
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

  // MARK: - Loops

  private mutating func loop(
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

  private mutating func reduce(
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
  private mutating func leave(_ function: String, _ result: Scalar) throws -> Int {
    let test = function == "all" ? result : try emit(.not, result)
    try emit(FormulaInstruction(operation: .jumpIfZero, a: number(of: test)))
    return code.count - 1
  }

  private mutating func reduce(
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

  private mutating func term(
    _ function: String, _ tree: FormulaTree,
    _ term: (inout FormulaCompiler, Scalar) throws -> Scalar, _ index: Scalar
  ) throws -> Scalar {
    let scalar = try term(&self, index)
    guard function != "all" && function != "any" || scalar.isCondition else {
      throw FormulaProblem("'\(function)' in '\(tree.source)' needs conditions, not numbers")
    }
    return scalar
  }

  private func nothing(_ function: String) throws -> Scalar {
    switch function {
    case "sum": .constant(0)
    case "prod": .constant(1)
    case "all": .condition(true)
    case "any": .condition(false)
    default: throw FormulaProblem("'\(function)' needs at least a number")
    }
  }

  private static func operation(_ function: String) -> FormulaInstruction.Operation {
    switch function {
    case "prod": .multiply
    case "min": .least
    case "max": .greatest
    default: .add
    }
  }
}
