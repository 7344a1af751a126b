import Glibc

/// The k best distinct objects of a sample: how good, and how different from each other.
package struct TopObjects: Sendable, Equatable {
  /// k, or fewer where the sample has fewer distinct objects.
  package var count: Int
  /// The mean of their log R and, where it is finite, of R.
  package var logReward: Estimate
  package var reward: Estimate?
  /// The mean over pairs of the share of cells in which they differ; nil of a single object.
  package var diversity: Estimate?

  /// A statistic and its standard error by a jackknife over ten groups of the sample: nil for samples of
  /// fewer than ten.
  package struct Estimate: Sendable, Equatable {
    package var value: Double
    package var standardError: Double?
  }

  private static let groups = 10

  package init(_ sample: TrajectorySample, k: Int) {
    var table = StateTable(width: sample.width)
    var rewards: [Double] = []
    // The groups in which an object was drawn, a bit each.
    var masks: [UInt16] = []
    sample.cells.withUnsafeBufferPointer { cells in
      guard let cells = cells.baseAddress else { return }
      for index in 0..<sample.count {
        let (row, isNew) = table.insert(cells + index * sample.width)
        if isNew {
          rewards.append(sample.logReward[index])
          masks.append(0)
        }
        masks[row] |= 1 << UInt16(index % Self.groups)
      }
    }
    let order = rewards.indices.sorted { (-rewards[$0], $0) < (-rewards[$1], $1) }
    func best(without group: Int?) -> [Int] {
      let others = group.map { ~(1 << UInt16($0)) } ?? UInt16.max
      return Array(order.lazy.filter { masks[$0] & others != 0 }.prefix(k))
    }
    let all = best(without: nil)
    let parts =
      sample.count >= Self.groups ? (0..<Self.groups).map { best(without: $0) } : []
    func estimate(_ statistic: ([Int]) -> Double) -> Estimate {
      let values = parts.map(statistic)
      let n = Double(values.count)
      let average = mean(of: values)
      let squares = values.reduce(0) { $0 + ($1 - average) * ($1 - average) }
      let error = ((n - 1) / n * squares).squareRoot()
      return Estimate(value: statistic(all), standardError: error.isFinite ? error : nil)
    }
    count = all.count
    logReward = estimate { mean(of: $0.map { rewards[$0] }) }
    let plain = estimate { mean(of: $0.map { exp(rewards[$0]) }) }
    reward = plain.value.isFinite ? plain : nil
    diversity =
      all.count > 1 ? estimate { Self.distance($0.map(table.state)) } : nil
  }

  private static func distance(_ objects: [[Int32]]) -> Double {
    var sum = 0.0
    for (number, object) in objects.enumerated() {
      for other in objects[..<number] {
        sum += Double(zip(object, other).count { $0 != $1 })
      }
    }
    let pairs = Double(objects.count * (objects.count - 1) / 2)
    return sum / (pairs * Double(objects.first?.count ?? 1))
  }
}
