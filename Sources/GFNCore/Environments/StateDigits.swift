// Cells as the digits of a number, the first the most significant: how states are numbered.

extension StatePointer {
  /// The number whose digits the first `digits` cells are, `least` standing for 0.
  func number(digits: Int, base: Int, from least: Int32 = 0) -> Int {
    var number = 0
    for slot in 0..<digits { number = number * base + Int(self[slot] - least) }
    return number
  }
}

extension MutableStatePointer {
  /// Sets the first `digits` cells to those of `number(digits:base:from:)`.
  func setNumber(_ number: Int, digits: Int, base: Int, from least: Int32 = 0) {
    var rest = number
    for slot in stride(from: digits - 1, through: 0, by: -1) {
      self[slot] = Int32(rest % base) + least
      rest /= base
    }
  }

  /// The next state in index order where the first `digits` cells are the digits of a number, the
  /// greatest of them first.
  func countUp(digits: Int, _ least: Int32, _ greatest: Int32) {
    var slot = digits - 1
    while slot >= 0, self[slot] == greatest {
      self[slot] = least
      slot -= 1
    }
    if slot >= 0 { self[slot] += 1 }
  }
}
