/// What an edge flow network says about the distinct states that a batch visits, each with the edges
/// that lead into it and out of it.
package struct FlowValues: Sendable {
  /// Row i's edges from its parents are `offsets[i] ..< offsets[i + 1]`; s0 has none.
  package var offsets: [Int] = [0]
  /// log F(p → s) of each such edge.
  package var inflow: [Double] = []
  /// log F of the forward actions, exit the last, −∞ where masked: `[rows, actions]`.
  package var outflow: [Double] = []
  package var actionCount = 0
  /// log R(s), −∞ where s does not terminate.
  package var logReward: [Double] = []
  /// How often trajectories visit a row, and end there.
  package var visits: [Int] = []
  package var ends: [Int] = []

  package init() {}

  package var count: Int { offsets.count - 1 }
  package func parents(_ row: Int) -> Range<Int> { offsets[row]..<offsets[row + 1] }
  package func actions(_ row: Int) -> Range<Int> {
    (row * actionCount)..<((row + 1) * actionCount)
  }
}

/// ∂loss/∂log F beside `FlowValues.inflow` and `.outflow`.
package struct FlowGradients: Sendable {
  package var inflow: [Double] = []
  package var outflow: [Double] = []

  package init() {}

  mutating func reset(like values: FlowValues) {
    inflow.removeAll(keepingCapacity: true)
    outflow.removeAll(keepingCapacity: true)
    inflow.resize(values.inflow.count, filling: 0)
    outflow.resize(values.outflow.count, filling: 0)
  }
}
