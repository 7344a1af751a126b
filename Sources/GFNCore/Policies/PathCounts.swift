import Glibc

/// The backward policy of greatest entropy over trajectories (Mohammadpour et al. 2024,
/// arXiv:2312.14331): `π_B(b|s') = n(s)/n(s')`, s the parent that b leads to and n the number of action
/// paths from s0. Every path to an object then has the same probability.
///
/// The counts come from the environment's formula, else from a table of all states.
struct PathCounts: Sendable {
  /// Rows in one block of work, and states that are listed at a time.
  private static let blockSize = 256
  private static let chunk = 4096
  /// A table of them takes 128 MiB.
  private static let mostStates = 1 << 24

  private let environment: any Environment
  /// log n(s) by state index; empty where there is a formula.
  private let table: [Double]

  /// - Throws: `CoreError.conflict` where there is neither a formula nor a table.
  init(_ environment: any Environment) throws {
    try Self.check(environment)
    self.environment = environment
    table = Self.hasFormula(environment) ? [] : Self.count(environment)
  }

  /// - Throws: as `init`, without the work.
  static func check(_ environment: any Environment) throws {
    guard !hasFormula(environment) else { return }
    guard let states = environment.enumeration?.states, states <= mostStates else {
      throw CoreError.conflict(
        reason: "the paths of '\(environment.specification.summary)' are too many to count",
        remedy: "choose a smaller environment (at most 2^24 states), or backward uniform or learned"
      )
    }
  }

  private static func hasFormula(_ environment: any Environment) -> Bool {
    environment.initialState().withUnsafeBufferPointer { buffer in
      buffer.baseAddress.flatMap(environment.logPathCount) != nil
    }
  }

  /// `n(s0) = 1`, `n(s') = Σ n(s)` over the edges that lead to s', in an order in which every edge goes
  /// up; as logarithms, because there may be more paths than any number holds.
  private static func count(_ environment: any Environment) -> [Double] {
    let states = environment.enumeration?.states ?? 0
    let capacity = min(chunk, states)
    let edges = EdgeFlow(environment, capacity: capacity, logits: Buffer())
    var logs = [Double](repeating: -.infinity, count: states)
    if states > 0 { logs[0] = 0 }
    for start in stride(from: 0, to: states, by: chunk) {
      let count = min(chunk, states - start)
      environment.list(start..<(start + count), into: edges.rows)
      for row in 0..<count where logs[start + row] > -.infinity {
        let first = row * edges.rows.stride
        for edge in first..<(first + Int(edges.rows.counts[row])) {
          let child = Int(edges.rows.children[edge])
          logs[child] = logAdd(logs[child], logs[start + row])
        }
      }
    }
    return logs
  }

  /// log n(s).
  func logCount(_ state: StatePointer) -> Double {
    table.isEmpty
      ? environment.logPathCount(state) ?? 0 : table[environment.index(of: state)]
  }

  /// Writes π_B of some rows, `[rows, actions]` each.
  func evaluate(
    _ rows: Range<Int>, _ states: BatchStates, _ logProbabilities: UnsafeMutablePointer<Float>,
    _ probabilities: UnsafeMutablePointer<Float>, _ pool: ThreadPool
  ) {
    states.table.withCells { cells in
      let context = (self, rows, states, cells, logProbabilities, probabilities)
      pool.run(blocks: blockCount(rows, Self.blockSize), with: context) { context, number in
        let (counts, rows, states, cells, logP, p) = context
        let actions = counts.environment.backwardActionCount
        let width = counts.environment.stateWidth
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: width) { parent in
          guard let parent = parent.baseAddress else { return }
          for row in block(number, of: rows, Self.blockSize) {
            counts.evaluate(
              cells + row * width, states.backwardMask.base + row * actions, parent,
              logP + row * actions, p + row * actions)
          }
        }
      }
    }
  }

  private func evaluate(
    _ state: StatePointer, _ mask: UnsafePointer<Bool>, _ parent: MutableStatePointer,
    _ logP: UnsafeMutablePointer<Float>, _ p: UnsafeMutablePointer<Float>
  ) {
    let total = logCount(state)
    for action in 0..<environment.backwardActionCount {
      guard mask[action] else {
        logP[action] = -.infinity
        p[action] = 0
        continue
      }
      parent.update(from: state, count: environment.stateWidth)
      _ = environment.step(parent, backward: action)
      let share = logCount(parent) - total
      logP[action] = Float(share)
      p[action] = Float(exp(share))
    }
  }
}

/// `log(exp a + exp b)`
private func logAdd(_ a: Double, _ b: Double) -> Double {
  let greatest = max(a, b)
  return greatest == -.infinity ? greatest : greatest + log1p(exp(min(a, b) - greatest))
}
