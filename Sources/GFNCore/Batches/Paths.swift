/// Complete trajectories as row numbers and actions, all in forward order whichever way they were
/// sampled.
///
/// Trajectory i has the entries `offsets[i] ..< offsets[i + 1]`, one a state s0…sT. At entry t
/// `actions` holds the forward action a_t (exit at t = T) and `backward` the backward action that
/// undoes it, which lives in the row of the next entry (−1 at t = T).
package struct Paths: Sendable {
  package internal(set) var offsets: [Int] = [0]
  package internal(set) var rows: [Int32] = []
  package internal(set) var actions: [Int32] = []
  package internal(set) var backward: [Int32] = []

  package init() {}

  package var count: Int { offsets.count - 1 }
  package var entryCount: Int { rows.count }

  package func entries(_ path: Int) -> Range<Int> { offsets[path]..<offsets[path + 1] }

  /// The entry of the terminating state.
  package func last(_ path: Int) -> Int { offsets[path + 1] - 1 }
}

/// Entries in the order in which a lockstep rollout finds them, to be sorted by trajectory after.
struct EntryLog {
  private struct Entry {
    var path: Int32
    var row: Int32
    var action: Int32
    var backward: Int32
  }

  private let entries = Buffer<Entry>()
  private let cursor = Buffer<Int>()
  private(set) var count = 0

  mutating func removeAll() { count = 0 }

  /// Room for this many entries more, which `append` takes for granted.
  func reserve(_ more: Int) { entries.reserve(count + more, keeping: count) }

  mutating func append(path: Int, row: Int, action: Int, backward: Int) {
    entries[count] = Entry(
      path: Int32(truncatingIfNeeded: path), row: Int32(truncatingIfNeeded: row),
      action: Int32(truncatingIfNeeded: action), backward: Int32(truncatingIfNeeded: backward))
    count += 1
  }

  /// Writes the entries trajectory by trajectory; `reversed` where the last found comes first.
  func sort(into paths: inout Paths, count number: Int, reversed: Bool) {
    let log = UnsafePointer(entries.base)
    cursor.fill(number + 1, with: 0)
    for entry in 0..<count { cursor[Int(log[entry].path) + 1] += 1 }
    for path in 0..<number { cursor[path + 1] += cursor[path] }
    paths.offsets.resize(number + 1, filling: 0)
    for path in 0...number { paths.offsets[path] = cursor[path] }
    // From here on a trajectory's cursor is the place of its next entry.
    if reversed {
      for path in 0..<number { cursor[path] = cursor[path + 1] - 1 }
    }
    let step = reversed ? -1 : 1
    paths.rows.resize(count, filling: 0)
    paths.actions.resize(count, filling: 0)
    paths.backward.resize(count, filling: 0)
    paths.rows.withUnsafeMutableBufferPointer { rows in
      paths.actions.withUnsafeMutableBufferPointer { actions in
        paths.backward.withUnsafeMutableBufferPointer { backward in
          for index in 0..<count {
            let entry = log[index]
            let place = cursor[Int(entry.path)]
            cursor[Int(entry.path)] = place + step
            rows[place] = entry.row
            actions[place] = entry.action
            backward[place] = entry.backward
          }
        }
      }
    }
  }
}
