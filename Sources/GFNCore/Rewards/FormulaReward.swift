import GFNParameters
import Glibc

/// A reward by a formula of the state's cells.
struct FormulaReward: StateReward {
  let code: FormulaCode
  let isLogarithm: Bool

  func reward(_ state: StatePointer) -> Double {
    let value = code(state)
    return isLogarithm ? exp(value) : value
  }

  func logReward(_ state: StatePointer) -> Double {
    let value = code(state)
    return isLogarithm ? value : log(value)
  }

  /// What is wrong with it at a state, or nil.
  func fault(_ state: StatePointer) -> String? {
    let value = code(state)
    if let fault = FormulaFault(value) { return "the formula \(fault)" }
    if isLogarithm {
      return value.isNaN || value == .infinity
        ? "log R is \(formatted(value)); it is a number, or −∞ for no reward" : nil
    }
    return value.isFinite && value >= 0
      ? nil : "the reward is \(formatted(value)); a reward is finite and ≥ 0"
  }
}
