/// The modes of a hypergrid: on the standard grid the states where R = R0 + R1 + R2, by a formula the
/// states where it holds, else the 0.5 % of states with the greatest reward.
enum HypergridModes {
  /// Enumerable grids up to this size are searched for their greatest rewards.
  private static let searched = 1 << 22

  static func make(
    _ options: Options, _ reward: HypergridReward, dim: Int, side: Int, count: Int?
  ) throws -> (modes: (any ModeSet)?, regions: (any ModeSet)?) {
    if options.formula("modes") == nil, reward.isStandard {
      let peaks = (0..<side).filter { reward.isPeak(Int32($0)) && reward.isOuter(Int32($0)) }
      return (
        Product(values: peaks, groups: Array(peaks.indices), dim: dim),
        Product(values: peaks, groups: peaks.map { 2 * $0 < side ? 0 : 1 }, dim: dim)
      )
    }
    guard let count, count <= searched else { return (nil, nil) }
    var state = [Int32](repeating: 0, count: dim)
    var chosen: [Int] = []
    if let formula = options.formula("modes") {
      for index in 0..<count {
        decode(index, side, &state)
        if try formula.value(state.map(Int.init)) != 0 { chosen.append(index) }
      }
    } else {
      let rewards = (0..<count).map { index in
        decode(index, side, &state)
        return reward.value(state)
      }
      chosen = ListedModes.greatest(rewards, fraction: 0.005)
    }
    return (
      ListedModes(chosen) { state in
        (0..<dim).reduce(0) { $0 * side + Int(state[$1]) }
      }, nil
    )
  }

  private static func decode(_ index: Int, _ side: Int, _ state: inout [Int32]) {
    var rest = index
    for axis in state.indices.reversed() {
      state[axis] = Int32(rest % side)
      rest /= side
    }
  }

  /// All coordinates among the values; which mode it is, the groups of the coordinates tell.
  private struct Product: ModeSet {
    let total: Int
    private let group: [Int32: Int]
    private let groups: Int
    private let dim: Int

    init?(values: [Int], groups: [Int], dim: Int) {
      let count = Set(groups).count
      guard count > 0, let total = power(count, dim) else { return nil }
      self.total = total
      self.groups = count
      self.dim = dim
      group = Dictionary(zip(values.map { Int32($0) }, groups)) { first, _ in first }
    }

    func mode(of state: StatePointer) -> Int? {
      var index = 0
      for axis in 0..<dim {
        guard let digit = group[state[axis]] else { return nil }
        index = index * groups + digit
      }
      return index
    }
  }
}

/// Modes given one by one, as terminating indices.
struct ListedModes: ModeSet {
  private let numbers: [Int: Int]
  private let index: @Sendable (StatePointer) -> Int
  var total: Int { numbers.count }

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
