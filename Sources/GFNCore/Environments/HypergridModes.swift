import GFNParameters

/// The modes of a hypergrid: on the standard grid the states with the greatest reward, by a formula the
/// states where it holds, else the 0.5 % of states with the greatest reward.
enum HypergridModes {
  /// Grids up to this size are searched.
  private static let searched = 1 << 22

  static func make(
    _ options: Options, _ reward: HypergridReward, _ shape: GridShape
  ) throws -> (modes: (any ModeSet)?, regions: (any ModeSet)?) {
    let isSmall = (shape.count ?? .max) <= searched
    if let formula = options.formula("modes") {
      let condition = Condition(
        formula: try FormulaCode.compiled(formula, of: "modes", Hypergrid.formulaNames(shape)),
        shape: shape)
      guard isSmall else { return (condition, nil) }
      var indices: [Int] = []
      shape.forEach { state in
        if condition.formula.holds(state) { indices.append(shape.index(of: state)) }
      }
      return (ListedModes(indices) { shape.index(of: $0) }, nil)
    }
    guard !reward.isStandard else {
      let side = shape.side
      let best = reward.bestCoordinates
      return (
        Product(values: best, groups: Array(best.indices), dim: shape.dim),
        Product(values: best, groups: best.map { 2 * $0 < side ? 0 : 1 }, dim: shape.dim)
      )
    }
    guard isSmall else { return (nil, nil) }
    var rewards: [Double] = []
    shape.forEach { rewards.append(reward.value($0)) }
    return (
      ListedModes(ListedModes.greatest(rewards, fraction: 0.005)) { shape.index(of: $0) }, nil
    )
  }

  /// The states where a formula holds, on a grid too large to list them.
  private struct Condition: ModeSet {
    let formula: FormulaCode
    let shape: GridShape
    var total: Int? { nil }

    /// A number of its own for each state: its index, or where that overflows a hash of it.
    func mode(of state: StatePointer) -> Int? {
      guard formula.holds(state) else { return nil }
      return (0..<shape.dim).reduce(0) { ($0 &* shape.side) &+ Int(state[$1]) }
    }
  }

  /// All coordinates among the values; which mode it is, the groups of the coordinates tell.
  private struct Product: ModeSet {
    let total: Int?
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
