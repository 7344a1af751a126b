import GFNParameters

/// Objects for measurements: drawn from the target, or uniformly.
package enum ObjectDraws {
  /// Draws x ~ P*.
  /// - Returns: their cells, one after the other.
  package static func target(
    _ count: Int, _ target: TargetDistribution, in environment: any Environment,
    from stream: inout RandomStream
  ) -> [Int32] {
    var cumulative: [Double] = []
    cumulative.reserveCapacity(target.probabilities.count)
    var sum = 0.0
    for probability in target.probabilities {
      sum += probability
      cumulative.append(sum)
    }
    var cells: [Int32] = []
    for _ in 0..<count {
      let u = stream.uniform() * sum
      // The first object whose cumulative probability lies above u: never one without probability.
      var low = 0
      var high = cumulative.count - 1
      while low < high {
        let middle = (low + high) / 2
        if cumulative[middle] > u { high = middle } else { low = middle + 1 }
      }
      cells += environment.terminatingState(at: low)
    }
    return cells
  }

  /// Draws this many different objects uniformly, or all of them where there are no more.
  /// - Returns: nil where the objects are not numbered.
  package static func uniform(
    _ count: Int, in environment: any Environment, from stream: inout RandomStream
  ) -> [Int32]? {
    guard let objects = environment.enumeration?.terminating, objects > 0 else { return nil }
    guard objects > count else {
      return (0..<objects).flatMap { environment.terminatingState(at: $0) }
    }
    // Floyd's algorithm: every set of this size is as likely.
    var chosen: Set<Int> = []
    var order: [Int] = []
    for last in (objects - count)..<objects {
      var index = Int.random(in: 0...last, using: &stream)
      if chosen.contains(index) { index = last }
      chosen.insert(index)
      order.append(index)
    }
    return order.flatMap { environment.terminatingState(at: $0) }
  }
}
