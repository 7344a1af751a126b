import Glibc

/// A chunk of consecutive states on its way through an exact evaluation: their edges, π_F along each,
/// and what flows on.
final class EdgeFlow: RowFinisher {
  let rows: EdgeRows
  /// π_F's, `[rows, actions]`.
  private let logits: Buffer<Float>
  private let actions: Int
  private let cells: Buffer<Int32>
  private let edgeActions: Buffer<Int32>
  private let children: Buffer<Int32>
  private let counts: Buffer<Int32>
  private let exits: Buffer<Int32>
  /// π_F of each edge, where `rows` has the edge; the exit's after the ordinary ones.
  private let probabilities: Buffer<Double>

  init(_ environment: any Environment, capacity: Int, logits: Buffer<Float>) {
    self.logits = logits
    actions = environment.forwardActionCount
    cells = Buffer(capacity: capacity * environment.stateWidth)
    edgeActions = Buffer(capacity: capacity * actions)
    children = Buffer(capacity: capacity * actions)
    counts = Buffer(capacity: capacity)
    exits = Buffer(capacity: capacity)
    probabilities = Buffer(capacity: capacity * actions)
    rows = EdgeRows(
      cells: cells.base, actions: edgeActions.base, children: children.base, counts: counts.base,
      exits: exits.base, stride: actions, width: environment.stateWidth)
  }

  /// `π_F(a|s) = exp(l_a) / Σ exp(l)` over the edges of each row.
  func finish(_ range: Range<Int>) {
    for row in range {
      let logits = logits.base + row * actions
      let first = row * actions
      let end = first + Int(counts[row]) + (exits[row] >= 0 ? 1 : 0)
      let action = edgeActions.base
      let result = probabilities.base
      var greatest = -Float.infinity
      for edge in first..<end { greatest = max(greatest, logits[Int(action[edge])]) }
      var sum = 0.0
      for edge in first..<end {
        result[edge] = exp(Double(logits[Int(action[edge])] - greatest))
        sum += result[edge]
      }
      for edge in first..<end { result[edge] /= sum }
    }
  }

  /// Hands the flow of the states from `start` on to their children, and to their ends where they may
  /// exit.
  /// - Parameters:
  ///   - flow: u(s) by index.
  ///   - ends: P_F(x) by terminating index.
  /// - Returns: how many edges there are; nil where a state that is reached has no policy.
  func push(
    _ start: Int, count: Int, _ flow: UnsafeMutablePointer<Double>,
    _ ends: UnsafeMutablePointer<Double>
  ) -> Int? {
    let children = children.base
    let probabilities = probabilities.base
    let counts = counts.base
    let exits = exits.base
    var edges = 0
    for row in 0..<count {
      let first = row * actions
      let end = first + Int(counts[row])
      let exit = Int(exits[row])
      edges += end - first + (exit >= 0 ? 1 : 0)
      let inflow = flow[start + row]
      guard inflow > 0 else { continue }
      // One NaN among the logits makes all of the row's probabilities NaN.
      guard !probabilities[first].isNaN else { return nil }
      for edge in first..<end { flow[Int(children[edge])] += inflow * probabilities[edge] }
      if exit >= 0 { ends[exit] += inflow * probabilities[end] }
    }
    return edges
  }
}
