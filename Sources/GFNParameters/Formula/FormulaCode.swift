import Glibc

/// One step of a compiled formula over numbered registers.
struct FormulaInstruction {
  enum Operation: UInt8 {
    case move, add, subtract, multiply, divide, floorDivide, modulo, power
    case negate, not, absolute, exponential, logarithm, squareRoot, floor, round, roundDigits, near
    case equal, unequal, less, lessOrEqual, greater, greaterOrEqual
    case least, greatest
    /// The cell `a`, the input `a`.
    case cell, input
    /// One of the `c` cells from `b` on, one of the `c` registers from `b` on: at register `a`.
    case cellAt, registerAt
    /// How many of the `b` cells from `a` on are register `c`.
    case count
    /// To the instruction `b`: always, where `a` is 0, where `a` is greater than register `c`.
    case jump, jumpIfZero, jumpIfGreater
    /// The value is the fault with the number `a`.
    case fail
  }

  var operation: Operation
  var target: Int32 = 0
  var a: Int32 = 0
  var b: Int32 = 0
  var c: Int32 = 0
}

/// A compiled formula: no names, no dictionary, nothing allocated, callable from any thread.
package final class FormulaCode: Sendable {
  private let code: [FormulaInstruction]
  /// So often may loops go round in one evaluation.
  private static let mostRounds = 1_000_000
  /// The first registers at the start.
  private let constants: [Double]
  private let registers: Int
  private let result: Int
  /// It is true or false: 1 or 0.
  package let isCondition: Bool
  /// The value where it is the same for every state.
  package let constant: Double?

  init(
    _ code: [FormulaInstruction], constants: [Double], registers: Int, result: Int,
    isCondition: Bool
  ) {
    self.code = code
    self.constants = constants
    self.registers = registers
    self.result = result
    self.isCondition = isCondition
    constant = code.isEmpty && constants.indices.contains(result) ? constants[result] : nil
  }

  /// The value for a state, `FormulaFault` in a NaN where there is none.
  /// - Parameters:
  ///   - cells: of the state.
  ///   - inputs: what names of inputs mean, in the order of their places.
  package func callAsFunction(
    _ cells: UnsafePointer<Int32>, inputs: UnsafePointer<Double>? = nil
  ) -> Double {
    if let constant { return constant }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: registers) { buffer in
      guard let values = buffer.baseAddress else { return 0 }
      return constants.withUnsafeBufferPointer { constants in
        if let base = constants.baseAddress {
          values.initialize(from: base, count: constants.count)
        }
        return code.withUnsafeBufferPointer { run($0, values, cells, inputs) }
      }
    }
  }

  /// Whether a condition holds; a fault counts as not.
  package func holds(_ cells: UnsafePointer<Int32>) -> Bool {
    let value = self(cells)
    return value != 0 && !value.isNaN
  }

  private func run(
    _ steps: UnsafeBufferPointer<FormulaInstruction>, _ values: UnsafeMutablePointer<Double>,
    _ cells: UnsafePointer<Int32>,
    _ inputs: UnsafePointer<Double>?
  ) -> Double {
    guard let code = steps.baseAddress else { return values[result] }
    let count = steps.count
    var next = 0
    var rounds = 0
    while next < count {
      let step = code + next
      next += 1
      let target = Int(step.pointee.target)
      let a = Int(step.pointee.a)
      let b = Int(step.pointee.b)
      switch step.pointee.operation {
      case .move: values[target] = values[a]
      case .add: values[target] = values[a] + values[b]
      case .subtract: values[target] = values[a] - values[b]
      case .multiply: values[target] = values[a] * values[b]
      case .divide:
        if values[b] == 0 { return FormulaFault.divisionByZero.value }
        values[target] = values[a] / values[b]
      case .floorDivide:
        if values[b] == 0 { return FormulaFault.divisionByZero.value }
        values[target] = (values[a] / values[b]).rounded(.down)
      case .modulo:
        if values[b] == 0 { return FormulaFault.divisionByZero.value }
        values[target] = modulo(values[a], values[b])
      case .power: values[target] = pow(values[a], values[b])
      case .negate: values[target] = -values[a]
      case .not: values[target] = values[a] == 0 ? 1 : 0
      case .absolute: values[target] = abs(values[a])
      case .exponential: values[target] = exp(values[a])
      case .logarithm: values[target] = log(values[a])
      case .squareRoot: values[target] = values[a].squareRoot()
      case .floor: values[target] = values[a].rounded(.down)
      case .round: values[target] = values[a].rounded()
      case .roundDigits: values[target] = rounded(values[a], digits: b)
      case .near:
        values[target] = abs(values[a] - values[b]) <= values[Int(step.pointee.c)] ? 1 : 0
      case .equal: values[target] = values[a] == values[b] ? 1 : 0
      case .unequal: values[target] = values[a] != values[b] ? 1 : 0
      case .less: values[target] = values[a] < values[b] ? 1 : 0
      case .lessOrEqual: values[target] = values[a] <= values[b] ? 1 : 0
      case .greater: values[target] = values[a] > values[b] ? 1 : 0
      case .greaterOrEqual: values[target] = values[a] >= values[b] ? 1 : 0
      case .least:
        values[target] = values[b].isNaN || values[b] < values[a] ? values[b] : values[a]
      case .greatest:
        values[target] = values[b].isNaN || values[b] > values[a] ? values[b] : values[a]
      case .cell: values[target] = Double(cells[a])
      case .input: values[target] = inputs?[a] ?? .nan
      case .cellAt:
        guard let index = place(of: values[a], among: Int(step.pointee.c)) else {
          return FormulaFault.index.value
        }
        values[target] = Double(cells[b + index])
      case .registerAt:
        guard let index = place(of: values[a], among: Int(step.pointee.c)) else {
          return FormulaFault.index.value
        }
        values[target] = values[b + index]
      case .count:
        let wanted = values[Int(step.pointee.c)]
        var found = 0
        // A cell is an integer: comparing as integers is faster.
        if let wanted = Int32(exactly: wanted) {
          for cell in a..<(a + b) where cells[cell] == wanted { found += 1 }
        }
        values[target] = Double(found)
      case .jump:
        if b < next {
          rounds += 1
          if rounds > Self.mostRounds { return FormulaFault.length.value }
        }
        next = b
      case .jumpIfZero: if values[a] == 0 { next = b }
      case .jumpIfGreater: if !(values[a] <= values[Int(step.pointee.c)]) { next = b }
      case .fail: return FormulaFault(rawValue: UInt64(a))?.value ?? .nan
      }
    }
    return values[result]
  }
}

/// The index that a number means, −1 the last; nil where there is none.
@inline(__always)
func place(of number: Double, among count: Int) -> Int? {
  guard abs(number) <= Double(count), let index = Int(exactly: number) else { return nil }
  if index >= 0 { return index < count ? index : nil }
  return index + count
}

/// The remainder with the sign of the divisor.
func modulo(_ left: Double, _ right: Double) -> Double {
  let remainder = fmod(left, right)
  return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder
}

/// By way of decimal text, as multiplying would round twice.
func rounded(_ value: Double, digits: Int) -> Double {
  guard value.isFinite else { return value }
  var text = [CChar](repeating: 0, count: 400)
  let count = withVaList([Int32(clamping: digits), value]) { vsnprintf(&text, 400, "%.*f", $0) }
  return count > 0 ? strtod(text, nil) : value
}
