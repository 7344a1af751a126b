/// Complete trajectories as row numbers and actions, all in forward order whichever way they were
/// sampled.
///
/// Trajectory i has the entries `offsets[i] ..< offsets[i + 1]`, one a state s0…sT. At entry t
/// `actions` holds the forward action a_t (exit at t = T) and `backward` the backward action that
/// undoes it, which lives in the row of the next entry (−1 at t = T).
public struct Paths: Sendable {
  public internal(set) var offsets: [Int] = [0]
  public internal(set) var rows: [Int32] = []
  public internal(set) var actions: [Int32] = []
  public internal(set) var backward: [Int32] = []

  public init() {}

  public var count: Int { offsets.count - 1 }
  public var entryCount: Int { rows.count }

  public func entries(_ path: Int) -> Range<Int> { offsets[path]..<offsets[path + 1] }

  /// The entry of the terminating state.
  public func last(_ path: Int) -> Int { offsets[path + 1] - 1 }

  mutating func removeAll() {
    offsets.removeAll(keepingCapacity: true)
    offsets.append(0)
    rows.removeAll(keepingCapacity: true)
    actions.removeAll(keepingCapacity: true)
    backward.removeAll(keepingCapacity: true)
  }
}

/// Entries in the order in which a lockstep rollout finds them, to be sorted by trajectory after.
struct EntryLog {
  private var path: [Int32] = []
  private var row: [Int32] = []
  private var action: [Int32] = []
  private var backward: [Int32] = []
  private var cursor: [Int] = []

  var count: Int { path.count }

  mutating func removeAll() {
    path.removeAll(keepingCapacity: true)
    row.removeAll(keepingCapacity: true)
    action.removeAll(keepingCapacity: true)
    backward.removeAll(keepingCapacity: true)
  }

  mutating func append(path: Int, row: Int, action: Int, backward: Int) {
    self.path.append(Int32(truncatingIfNeeded: path))
    self.row.append(Int32(truncatingIfNeeded: row))
    self.action.append(Int32(truncatingIfNeeded: action))
    self.backward.append(Int32(truncatingIfNeeded: backward))
  }

  /// Writes the entries trajectory by trajectory; `reversed` where the last found comes first.
  mutating func sort(into paths: inout Paths, count: Int, reversed: Bool) {
    paths.removeAll()
    paths.offsets = [Int](repeating: 0, count: count + 1)
    for index in path { paths.offsets[Int(index) + 1] += 1 }
    for index in 0..<count { paths.offsets[index + 1] += paths.offsets[index] }
    paths.rows = [Int32](repeating: 0, count: path.count)
    paths.actions = paths.rows
    paths.backward = paths.rows
    cursor =
      reversed
      ? paths.offsets.dropFirst().map { $0 - 1 } : Array(paths.offsets.dropLast())
    for entry in path.indices {
      let index = Int(path[entry])
      let place = cursor[index]
      cursor[index] += reversed ? -1 : 1
      paths.rows[place] = row[entry]
      paths.actions[place] = action[entry]
      paths.backward[place] = backward[entry]
    }
  }
}
