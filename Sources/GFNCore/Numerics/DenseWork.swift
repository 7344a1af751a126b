/// The dense arithmetic that was asked for, by the number of rows that came together. Gathers, biases
/// and activations do not count.
package struct DenseWork: Sendable {
  /// `operations[i]`: floating-point operations on batches of 2^i …< 2^(i+1) rows.
  package private(set) var operations = [Double](repeating: 0, count: 32)

  package init() {}

  package var total: Double { operations.reduce(0, +) }

  mutating func add(rows: Int, _ operationsPerRow: Int) {
    guard rows > 0 else { return }
    let bucket = min(Int.bitWidth - 1 - rows.leadingZeroBitCount, operations.count - 1)
    operations[bucket] += Double(rows) * Double(operationsPerRow)
  }

  package func scaled(by factor: Double) -> DenseWork {
    var scaled = self
    for index in operations.indices { scaled.operations[index] *= factor }
    return scaled
  }

  package static func + (a: DenseWork, b: DenseWork) -> DenseWork {
    var sum = a
    for index in b.operations.indices { sum.operations[index] += b.operations[index] }
    return sum
  }

  /// What was added since `earlier`.
  package func since(_ earlier: DenseWork) -> DenseWork {
    var difference = self
    for index in operations.indices { difference.operations[index] -= earlier.operations[index] }
    return difference
  }
}
