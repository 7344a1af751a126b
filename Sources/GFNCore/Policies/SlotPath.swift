/// A trajectory to a full sequence x, seen from x: which of its slots each state has, which it may get
/// next, and which it gets. Sets of slots are bits, slot 0 the lowest.
struct SlotPath {
  /// How a state lies in x.
  enum Growth: Sendable {
    /// Slots are filled in any order: those that are still empty may come next.
    case fill
    /// A block of neighbouring slots grows at both ends. Its offset in x is the number of first
    /// letters that backward steps have removed so far.
    case blocks
  }

  /// States of the longest trajectory.
  static func entries(length: Int) -> Int { length + 1 }
  /// Words of workspace for one trajectory.
  static func words(length: Int) -> Int { 3 * entries(length: length) }

  let filled: UnsafeMutablePointer<UInt64>
  let candidates: UnsafeMutablePointer<UInt64>
  /// The slot of each step.
  let chosen: UnsafeMutablePointer<UInt64>
  let length: Int

  /// - Parameter room: see `words`.
  init(_ room: UnsafeMutablePointer<UInt64>, length: Int) {
    filled = room
    candidates = room + Self.entries(length: length)
    chosen = candidates + Self.entries(length: length)
    self.length = length
  }

  private var all: UInt64 { ~0 >> UInt64(UInt64.bitWidth - length) }

  /// Reads the states of a trajectory that fills slot after slot.
  func readFill(_ entries: Range<Int>, rows: UnsafePointer<Int32>, cells: StatePointer) {
    for (number, entry) in entries.enumerated() {
      let state = cells + Int(rows[entry]) * length
      var bits: UInt64 = 0
      for slot in 0..<length where state[slot] >= 0 { bits |= 1 << UInt64(slot) }
      filled[number] = bits
      candidates[number] = all & ~bits
      if number > 0 {
        chosen[number - 1] = UInt64((bits & ~filled[number - 1]).trailingZeroBitCount)
      }
    }
  }

  /// Reads a trajectory that appends and prepends, from its end on.
  /// - Parameter backward: 1 where the backward action removes the first letter, else 0.
  func readBlocks(_ entries: Range<Int>, backward: UnsafePointer<Int32>) {
    var offset = 0
    for entry in entries.reversed() {
      let number = entry - entries.lowerBound
      let size = number
      if number + 1 < entries.count {
        let isFirst = backward[entry] == 1
        chosen[number] = UInt64(isFirst ? offset : offset + size)
        if isFirst { offset += 1 }
      }
      filled[number] = size == 0 ? 0 : (~0 >> UInt64(UInt64.bitWidth - size)) << UInt64(offset)
      var next: UInt64 = 0
      if offset > 0 { next |= 1 << UInt64(offset - 1) }
      if offset + size < length { next |= 1 << UInt64(offset + size) }
      candidates[number] = next
    }
  }
}

extension UInt64 {
  /// Calls `body` with the number of each bit that is set, ascending.
  @inline(__always)
  func forEachBit(_ body: (Int) -> Void) {
    var rest = self
    while rest != 0 {
      body(rest.trailingZeroBitCount)
      rest &= rest - 1
    }
  }
}
