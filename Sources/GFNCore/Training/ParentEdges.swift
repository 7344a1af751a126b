/// The edges that lead into the states of a batch: their parents become further rows of it.
final class ParentEdges {
  /// Distinct states that the trajectories visit; the rows behind them are parents alone.
  private(set) var visited = 0
  /// Row i's edges are `offsets[i] ..< offsets[i + 1]`.
  private let offsets = Buffer<Int>()
  /// Where the edge's flow stands in `[rows, forward actions]`.
  private let places = Buffer<Int>()
  private let cells = Buffer<Int32>()

  /// Rows between looks at the memory.
  private static let interval = 1024

  /// Enters the parents of all rows.
  /// - Throws: `CoreError.tooLarge` where they outgrow the memory.
  func insert(into states: BatchStates, trajectories: Int) throws {
    let environment = states.environment
    let forward = environment.forwardActionCount
    let backward = environment.backwardActionCount
    visited = states.count
    offsets.reserve(visited + 1)
    cells.reserve(environment.stateWidth)
    var count = 0
    for row in 0..<visited {
      offsets[row] = count
      if row % Self.interval == 0 { try states.checkMemory(trajectories: trajectories) }
      for action in 0..<backward where states.backwardMask[row * backward + action] {
        states.table.copy(row, into: cells.base)
        let inverse = environment.step(cells.base, backward: action)
        places.reserve(count + 1, keeping: count)
        places[count] = states.insert(cells.base) * forward + inverse
        count += 1
      }
    }
    offsets[visited] = count
  }

  /// What the network said, along the edges.
  func gather(
    _ states: BatchStates, logits: UnsafePointer<Float>, _ paths: Paths,
    into flows: inout FlowValues
  ) {
    let environment = states.environment
    let actions = environment.forwardActionCount
    flows.actionCount = actions
    flows.offsets.resize(visited + 1, filling: 0)
    for row in 0...visited { flows.offsets[row] = offsets[row] }
    flows.inflow.resize(offsets[visited], filling: 0)
    for edge in 0..<offsets[visited] { flows.inflow[edge] = Double(logits[places[edge]]) }
    flows.outflow.resize(visited * actions, filling: 0)
    for place in 0..<(visited * actions) {
      flows.outflow[place] = states.forwardMask[place] ? Double(logits[place]) : -.infinity
    }
    flows.logReward.resize(visited, filling: 0)
    states.table.withCells { cells in
      for row in 0..<visited {
        flows.logReward[row] =
          states.forwardMask[(row + 1) * actions - 1]
          ? environment.logReward(cells + row * environment.stateWidth) : -.infinity
      }
    }
    flows.visits.resize(visited, filling: 0)
    flows.ends.resize(visited, filling: 0)
    for row in 0..<visited {
      flows.visits[row] = 0
      flows.ends[row] = 0
    }
    for row in paths.rows { flows.visits[Int(row)] += 1 }
    for path in 0..<paths.count { flows.ends[Int(paths.rows[paths.last(path)])] += 1 }
  }

  /// ∂loss/∂logits, `[rows, actions]`, which must be 0 before.
  func scatter(_ gradients: FlowGradients, into sums: UnsafeMutablePointer<Float>) {
    for edge in gradients.inflow.indices { sums[places[edge]] += Float(gradients.inflow[edge]) }
    for place in gradients.outflow.indices { sums[place] += Float(gradients.outflow[place]) }
  }
}
