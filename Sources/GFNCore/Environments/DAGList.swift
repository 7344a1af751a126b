/// All acyclic graphs on a few nodes, by the number of their edges and then by their bits, so that every
/// added edge goes up.
struct DAGList: Sendable {
  /// 29,281 graphs on five nodes; six have 3,781,503.
  static let mostNodes = 5

  private let shape: DAGShape
  /// A bit an ordered pair of different nodes, by index.
  private let graphs: [UInt32]
  /// Index by bits, −1 where there is a cycle.
  private let indices: [Int32]

  var count: Int { graphs.count }

  /// Nil where there are too many.
  init?(_ shape: DAGShape) {
    guard shape.nodes <= Self.mostNodes else { return nil }
    self.shape = shape
    let graphs = Self.graphs(shape)
    var indices = [Int32](repeating: -1, count: 1 << (shape.nodes * (shape.nodes - 1)))
    for (index, graph) in graphs.enumerated() { indices[Int(graph)] = Int32(index) }
    self.graphs = graphs
    self.indices = indices
  }

  /// Every graph comes once from the one without its highest edge.
  private static func graphs(_ shape: DAGShape) -> [UInt32] {
    var all: [UInt32] = []
    var level: [UInt32] = [0]
    var cells = [Int32](repeating: 0, count: shape.cellCount)
    var mask = [Bool](repeating: false, count: shape.cellCount)
    while !level.isEmpty {
      level.sort()
      all += level
      var next: [UInt32] = []
      for graph in level {
        cells.withUnsafeMutableBufferPointer { cells in
          mask.withUnsafeMutableBufferPointer { mask in
            guard let cells = cells.baseAddress, let mask = mask.baseAddress else { return }
            write(graph, shape, into: cells)
            shape.additions(cells, into: mask)
            let least = graph == 0 ? 0 : 32 - graph.leadingZeroBitCount
            for bit in least..<(shape.nodes * (shape.nodes - 1)) where mask[cell(bit, shape)] {
              next.append(graph | 1 << UInt32(bit))
            }
          }
        }
      }
      level = next
    }
    return all
  }

  /// The cell of the n-th ordered pair of different nodes.
  private static func cell(_ bit: Int, _ shape: DAGShape) -> Int {
    let others = shape.nodes - 1
    let source = bit / others
    let target = bit % others
    return source * shape.nodes + target + (target >= source ? 1 : 0)
  }

  private static func write(
    _ graph: UInt32, _ shape: DAGShape, into state: MutableStatePointer
  ) {
    state.update(repeating: 0, count: shape.cellCount)
    for bit in 0..<(shape.nodes * (shape.nodes - 1)) where graph >> UInt32(bit) & 1 != 0 {
      state[cell(bit, shape)] = 1
    }
  }

  func index(of state: StatePointer) -> Int {
    var graph = 0
    var bit = 0
    for source in 0..<shape.nodes {
      for target in 0..<shape.nodes where target != source {
        graph |= Int(state[source * shape.nodes + target]) << bit
        bit += 1
      }
    }
    return Int(indices[graph])
  }

  func state(at index: Int, into state: MutableStatePointer) {
    Self.write(graphs[index], shape, into: state)
  }
}
