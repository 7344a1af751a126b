import GFNParameters
import Glibc

/// R(x) and log R(x) of few objects, by terminating index.
struct ObjectRewards: Sendable {
  let values: [Double]
  let logarithms: [Double]

  /// The most objects whose rewards are worked out beforehand.
  static let most = 1 << 20

  init(_ values: [Double]) {
    self.values = values
    logarithms = values.map { log($0) }
  }

  /// Rewards by a formula, or the environment's own function where there is none.
  /// - Parameters:
  ///   - width: cells of an object's state, which `object` writes.
  ///   - text: the object as it is typed, for errors.
  /// - Throws: `CoreError.option` where the formula is no reward.
  init(
    count: Int, _ formula: StateFormula?, plain: (Int) -> Double, names: FormulaNames, width: Int,
    object: (Int, MutableStatePointer) -> Void, text: (Int) -> String
  ) throws {
    guard let formula else {
      self.init((0..<count).map(plain))
      return
    }
    let code = try FormulaCode.compiled(formula, of: "reward", names)
    let values = try withUnsafeTemporaryAllocation(of: Int32.self, capacity: width) { buffer in
      try (0..<count).map { index in
        guard let state = buffer.baseAddress else { return 0.0 }
        object(index, state)
        let value = code(state)
        guard value.isFinite, value >= 0 else { throw CoreError.reward(value, text(index)) }
        return value
      }
    }
    guard values.contains(where: { $0 > 0 }) else { throw CoreError.noReward }
    self.init(values)
  }
}

extension FormulaCode {
  /// The formula that an option gives.
  /// - Throws: `CoreError.option` where it makes no sense over these names.
  static func compiled(
    _ formula: StateFormula, of option: String, _ names: FormulaNames
  ) throws -> FormulaCode {
    do {
      return try FormulaCompiler.compile(formula.tree, names)
    } catch let problem as FormulaProblem {
      throw CoreError.option(name: option, reason: problem.description)
    }
  }
}

extension CoreError {
  /// A formula is no reward at an object.
  static func reward(_ value: Double, _ object: String) -> CoreError {
    .option(
      name: "reward",
      reason: FormulaFault(value).map { "the formula \($0) at \(object)" }
        ?? "the formula is \(formatted(value)) at \(object); a reward is finite and ≥ 0")
  }

  static let noReward = CoreError.option(
    name: "reward", reason: "the formula is 0 everywhere; it must be positive somewhere")
}
