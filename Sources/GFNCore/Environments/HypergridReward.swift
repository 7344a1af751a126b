import GFNParameters
import Glibc

/// The reward functions of the hypergrid.
struct HypergridReward: Sendable {
  private enum Form: Sendable {
    case standard
    case cosine
    case formula(FormulaCode)
  }

  let r0: Double
  let r1: Double
  let r2: Double
  private let shape: GridShape
  private let span: Int
  private let form: Form
  /// Of the cosine reward, the factor that each coordinate contributes.
  private let factors: [Double]

  var isStandard: Bool { if case .standard = form { true } else { false } }

  /// - Throws: `CoreError.option` where there is no reward, what the formula throws.
  init(_ options: Options, _ shape: GridShape) throws {
    r0 = options.number("r0", of: .hypergrid)
    r1 = options.number("r1", of: .hypergrid)
    r2 = options.number("r2", of: .hypergrid)
    self.shape = shape
    let span = shape.side - 1
    self.span = span
    let isCosine = options.formula("reward") == nil && options.text("reward") == "cosine"
    factors = (0..<(isCosine ? shape.side : 0)).map { x in
      let a = Double(Self.offset(Int32(x), span)) / Double(2 * span)
      return (cos(50 * a) + 1) * exp(-12.5 * a * a) / (2 * Double.pi).squareRoot()
    }
    if let formula = options.formula("reward") {
      let code = try FormulaCode.compiled(formula, of: "reward", Hypergrid.formulaNames(shape))
      form = .formula(code)
      try check(code)
    } else {
      form = isCosine ? .cosine : .standard
      guard r0 + r1 + r2 > 0 else {
        throw CoreError.option(name: "r0", reason: "r0, r1 and r2 must not all be zero")
      }
      guard (r0 + r1 + r2).isFinite else {
        throw CoreError.option(
          name: "r0", reason: "r0 + r1 + r2 is more than a number can be; a reward is finite")
      }
    }
  }

  /// Formulas are tried everywhere on grids up to this size.
  private static let tried = 1 << 20
  /// Corners and scattered points that are tried on larger ones.
  private static let probes = 1 << 12

  /// A formula must be a reward: everywhere, or on a large grid in its corners and at scattered points.
  private func check(_ formula: FormulaCode) throws {
    func check(_ state: StatePointer) throws {
      let value = formula(state)
      guard value.isFinite, value >= 0 else {
        throw CoreError.reward(
          value, "(\((0..<shape.dim).map { String(state[$0]) }.joined(separator: ", ")))")
      }
    }
    func check(_ x: [Int]) throws {
      try x.map { Int32($0) }.withUnsafeBufferPointer { try $0.baseAddress.map(check) }
    }
    if let count = shape.count, count <= Self.tried {
      var isPositive = false
      try shape.forEach { state in
        try check(state)
        isPositive = isPositive || formula(state) > 0
      }
      guard isPositive else { throw CoreError.noReward }
      return
    }
    var stream = RandomStream(seed: 0, .looking)
    for probe in 0..<Self.probes {
      // Bit i of the probe chooses an end of axis i mod 12.
      try check((0..<shape.dim).map { probe >> ($0 % 12) & 1 == 0 ? 0 : span })
      try check((0..<shape.dim).map { _ in Int(stream.next() % UInt64(shape.side)) })
    }
  }

  /// |2x − (side − 1)|, so that a = m / (2 (side − 1)): the bands are decided in integers, because
  /// in floating point a grid of side 256 gains a coordinate.
  private static func offset(_ x: Int32, _ span: Int) -> Int { abs(2 * Int(x) - span) }

  private func offset(_ x: Int32) -> Int { Self.offset(x, span) }

  func isOuter(_ x: Int32) -> Bool { 2 * offset(x) > span }

  func isPeak(_ x: Int32) -> Bool {
    let m = offset(x)
    return 5 * m > 3 * span && 5 * m < 4 * span
  }

  /// The coordinates of the states with the greatest standard reward; none where all are alike.
  var bestCoordinates: [Int] {
    let outer = (0..<shape.side).filter { isOuter(Int32($0)) }
    let peaks = outer.filter { isPeak(Int32($0)) }
    if r2 > 0, !peaks.isEmpty { return peaks }
    return r1 > 0 ? outer : []
  }

  func value(_ state: StatePointer) -> Double {
    switch form {
    case .standard:
      var outer = true
      var peak = true
      for axis in 0..<shape.dim {
        outer = outer && isOuter(state[axis])
        peak = peak && isPeak(state[axis])
      }
      return r0 + (outer ? r1 : 0) + (peak ? r2 : 0)
    case .cosine:
      var product = 1.0
      for axis in 0..<shape.dim { product *= factors[Int(state[axis])] }
      return r0 + r1 * product
    case .formula(let formula):
      return formula(state)
    }
  }
}
