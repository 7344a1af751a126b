import GFNParameters

/// What training measured on its way, a row each time it did: what `plot curve` draws.
///
/// It is bounded. Beyond `mostRows` every second row goes, and from then on every second one is kept, so
/// that the rows stay evenly spaced; the last one is always there.
package struct MetricHistory: Sendable, Equatable {
  /// Rows that are kept.
  package static let mostRows = 10_000

  /// The step of each row, ascending.
  package private(set) var steps: [Int] = []
  /// `[measures, rows]`, nan where something was not measured.
  private var columns = [[Double]](repeating: [], count: Measure.all.count)
  /// Rows given so far, and of these every how-manieth is kept.
  private var given = 0
  private var spacing = 1

  package init() {}

  package var count: Int { steps.count }

  /// Adds a row; names that are no measures are left out.
  package mutating func append(step: Int, _ values: [String: Double]) {
    // The step was measured already, or training went back behind it.
    remove(after: step - 1)
    // The last row is there for being the last.
    if given > 0, (given - 1) % spacing != 0 { removeLast() }
    steps.append(step)
    for (place, name) in Measure.names.enumerated() {
      columns[place].append(values[name] ?? .nan)
    }
    given += 1
    if count > Self.mostRows { thinOut() }
  }

  /// Forgets the rows behind a step.
  package mutating func remove(after step: Int) {
    while let last = steps.last, last > step {
      removeLast()
      given = count == 0 ? 0 : (count - 1) * spacing + 1
    }
  }

  /// The rows in which a measure was measured; it may be infinite.
  package func points(_ measure: String) -> [(step: Int, value: Double)] {
    guard let place = Measure.names.firstIndex(of: measure) else { return [] }
    return zip(steps, columns[place]).filter { !$0.1.isNaN }.map { ($0.0, $0.1) }
  }

  /// The last row with its step; nil where there is none.
  package var lastRow: [String: Double]? {
    guard let step = steps.last else { return nil }
    var row = ["step": Double(step)]
    for (place, name) in Measure.names.enumerated() { row[name] = columns[place].last }
    return row
  }

  private mutating func removeLast() {
    steps.removeLast()
    for place in columns.indices { columns[place].removeLast() }
  }

  private mutating func thinOut() {
    let last = count - 1
    let rows = steps.indices.filter { $0 % 2 == 0 || $0 == last }
    steps = rows.map { steps[$0] }
    for place in columns.indices {
      let column = columns[place]
      columns[place] = rows.map { column[$0] }
    }
    spacing *= 2
  }
}

extension MetricHistory: Checkpointed {
  /// A measure that the file lacks was not measured; one that is no measure here is left out.
  mutating func code(_ coder: inout StateCoder) throws {
    coder.visit("columns")
    try coder.code("steps", &steps)
    try coder.code("given", &given)
    try coder.code("spacing", &spacing, in: 1...(1 << 30))
    guard zip(steps, steps.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw coder.broken("history.steps", "does not ascend")
    }
    guard given >= count, given == 0 || count > 0 else {
      throw coder.broken("history.given", "is \(given), but there are \(counted(count, "row"))")
    }
    for (place, name) in Measure.names.enumerated() {
      if coder.lacks(name) {
        columns[place] = [Double](repeating: .nan, count: count)
        continue
      }
      // As bits, since what was not measured is no number.
      var bits = columns[place].map(\.bitPattern)
      try coder.code(name, bits: &bits, count: count)
      columns[place] = bits.map { Double(bitPattern: $0) }
    }
  }
}
