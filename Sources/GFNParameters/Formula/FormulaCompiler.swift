/// Compiles formulas: what is known beforehand is worked out, short loops are unrolled, and lists become
/// their elements.
package struct FormulaCompiler {
  let names: FormulaNames
  var code: [FormulaInstruction] = []
  /// Constants come first in the registers; until all are known they have negative numbers.
  var constants: [Double] = []
  var blocks: [(values: [Double], first: Int32)] = []
  var registers: Int32 = 0
  /// The values of the loops' names around the place.
  var loops: [String: Scalar] = [:]
  var abbreviations: Set<String> = []
  /// Rounds of loops that were written out.
  var rounds = 0

  /// Loops over so many elements are unrolled.
  static let unrolled = 64
  /// Beyond so many instructions a formula is refused, and from a quarter on nothing is unrolled.
  static let mostInstructions = 1 << 16
  /// What is known beforehand leaves no instruction: so its rounds are counted too.
  static let mostRounds = 1 << 14
  static let longestRange = 4096.0

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

  init(_ names: FormulaNames) { self.names = names }

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

  mutating func finish(_ scalar: Scalar) -> FormulaCode {
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

  mutating func register() -> Int32 {
    registers += 1
    return registers - 1
  }

  /// The register that holds a scalar.
  mutating func number(of scalar: Scalar) -> Int32 {
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

  mutating func emit(_ step: FormulaInstruction) throws {
    guard code.count < Self.mostInstructions else {
      throw FormulaProblem("the formula is too long")
    }
    code.append(step)
  }

  mutating func emit(
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

  mutating func scalar(_ tree: FormulaTree) throws -> Scalar {
    switch try value(tree) {
    case .scalar(let scalar): return scalar
    case .list(let list):
      throw FormulaProblem(
        "'\(tree.source)' is a list of \(counted(list.count, "element")), not a number")
    }
  }

  mutating func condition(_ tree: FormulaTree) throws -> Scalar {
    let scalar = try scalar(tree)
    guard scalar.isCondition else {
      throw FormulaProblem("a condition is true or false, but '\(tree.source)' is a number")
    }
    return scalar
  }

  mutating func list(_ tree: FormulaTree) throws -> List {
    guard case .list(let list) = try value(tree) else {
      throw FormulaProblem("'\(tree.source)' is no list")
    }
    return list
  }

  mutating func value(_ tree: FormulaTree) throws -> Value {
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

  mutating func meaning(_ name: String) throws -> Value {
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

  mutating func cell(_ cell: Int, _ plus: Double, _ over: Double) throws -> Scalar {
    let target = register()
    try emit(FormulaInstruction(operation: .cell, target: target, a: Int32(clamping: cell)))
    return try shifted(Scalar(place: .register(target)), plus, over)
  }

  mutating func shifted(_ scalar: Scalar, _ plus: Double, _ over: Double) throws -> Scalar {
    var scalar = scalar
    if plus != 0 { scalar = try emit(.add, scalar, .constant(plus)) }
    return over == 1 ? scalar : try emit(.divide, scalar, .constant(over))
  }

  /// An integer that bounds a range.
  mutating func bound(_ tree: FormulaTree) throws -> Scalar {
    let scalar = try scalar(tree)
    if let constant = scalar.constant {
      guard abs(constant) <= 0x1p30, constant == constant.rounded() else {
        throw FormulaProblem(
          "the ends of a range are integers, but '\(tree.source)' is \(formatted(constant))")
      }
    }
    return scalar
  }
}
