/// Which terminating states are modes.
package protocol ModeSet: Sendable {
  /// How many there are to find; nil where they cannot be counted.
  var total: Int? { get }
  /// The mode a terminating state belongs to.
  func mode(of state: StatePointer) -> Int?
}

/// Modes given one by one, as terminating indices.
struct ListedModes: ModeSet {
  private let numbers: [Int: Int]
  private let index: @Sendable (StatePointer) -> Int
  var total: Int? { numbers.count }

  init(_ indices: [Int], index: @escaping @Sendable (StatePointer) -> Int) {
    numbers = Dictionary(zip(indices, indices.indices)) { first, _ in first }
    self.index = index
  }

  func mode(of state: StatePointer) -> Int? { numbers[index(state)] }

  /// The indices of the greatest values, `fraction` of them rounded up, ties in index order.
  static func greatest(_ values: [Double], fraction: Double) -> [Int] {
    let count = Int((Double(values.count) * fraction).rounded(.up))
    return Array(
      values.indices.sorted { (-values[$0], $0) < (-values[$1], $1) }.prefix(count))
  }
}
