import Glibc

/// The reward functions of the hypergrid.
struct HypergridReward: Sendable {
  private enum Form: Sendable {
    case standard
    case cosine
    /// Tabulated once: every coordinate tuple the formula was asked for would be asked again.
    case formula(RewardFormula)
  }

  let r0: Double
  let r1: Double
  let r2: Double
  private let dim: Int
  private let span: Int
  private let form: Form

  var isStandard: Bool { if case .standard = form { true } else { false } }

  init(_ options: Options, dim: Int, side: Int) throws {
    r0 = options.number("r0") ?? 0.01
    r1 = options.number("r1") ?? 0.5
    r2 = options.number("r2") ?? 2
    self.dim = dim
    span = side - 1
    if let formula = options.formula("reward") {
      form = .formula(formula)
      try Self.check(formula, dim: dim, side: side)
    } else {
      form = options.text("reward") == "cosine" ? .cosine : .standard
      guard r0 + r1 + r2 > 0 else {
        throw CoreError.option(name: "r0", reason: "r0, r1 and r2 must not all be zero")
      }
    }
  }

  /// A formula must be a reward on the corners, the middle and, where there are few, all states.
  private static func check(_ formula: RewardFormula, dim: Int, side: Int) throws {
    let count = power(side, dim) ?? Int.max
    let probes = min(count, 4096)
    for probe in 0..<probes {
      var rest = count == probes ? probe : Int(Double(probe) / Double(probes) * Double(count))
      var x = [Int](repeating: 0, count: dim)
      for axis in stride(from: dim - 1, through: 0, by: -1) {
        x[axis] = rest % side
        rest /= side
      }
      let value = try formula.value(x)
      guard value.isFinite, value >= 0 else {
        throw CoreError.option(
          name: "reward", reason: "the formula is \(value) at \(x); a reward is finite and ≥ 0")
      }
    }
  }

  /// |2x − (side − 1)|, so that a = m / (2 (side − 1)): the bands are decided in integers, because
  /// in floating point a grid of side 256 gains a coordinate.
  private func offset(_ x: Int32) -> Int { abs(2 * Int(x) - span) }

  func isOuter(_ x: Int32) -> Bool { 2 * offset(x) > span }

  func isPeak(_ x: Int32) -> Bool {
    let m = offset(x)
    return 5 * m > 3 * span && 5 * m < 4 * span
  }

  func value(_ state: StatePointer) -> Double {
    switch form {
    case .standard:
      var outer = true
      var peak = true
      for axis in 0..<dim {
        outer = outer && isOuter(state[axis])
        peak = peak && isPeak(state[axis])
      }
      return r0 + (outer ? r1 : 0) + (peak ? r2 : 0)
    case .cosine:
      var product = 1.0
      for axis in 0..<dim {
        let a = Double(offset(state[axis])) / Double(2 * span)
        product *= (cos(50 * a) + 1) * exp(-12.5 * a * a) / (2 * Double.pi).squareRoot()
      }
      return r0 + r1 * product
    case .formula(let formula):
      // Probed at construction; a state that the probes missed and that is no reward counts as 0.
      let value = (try? formula.value((0..<dim).map { Int(state[$0]) })) ?? 0
      return value.isFinite && value > 0 ? value : 0
    }
  }
}
