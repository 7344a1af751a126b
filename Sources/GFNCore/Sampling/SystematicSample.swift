import Glibc

/// A share of the rows of a batch, evenly spread over them: row r is in when
/// `⌊(r + 1) f + u⌋ > ⌊r f + u⌋`, with an offset u in [0, 1) that moves from turn to turn so that every
/// row has its turns. No random numbers: which rows are looked at changes no other draw.
enum SystematicSample {
  /// Multiples of the golden ratio's fraction fill [0, 1) evenly, whatever the share.
  private static let stride = 0.618_033_988_749_894_9

  /// Writes the selected rows of `count` in ascending order.
  /// - Returns: how many they are, at least one.
  static func select(
    _ fraction: Double, of count: Int, turn: Int, into rows: Buffer<Int32>
  ) -> Int {
    precondition(fraction > 0 && fraction <= 1 && count > 0, "\(fraction) of \(count) rows")
    let shift = Double(turn) * stride
    let offset = shift - floor(shift)
    rows.reserve(count)
    var selected = 0
    for row in 0..<count
    where floor(Double(row + 1) * fraction + offset) > floor(Double(row) * fraction + offset) {
      rows[selected] = Int32(truncatingIfNeeded: row)
      selected += 1
    }
    if selected == 0 {
      rows[0] = Int32(truncatingIfNeeded: Int(offset * Double(count)))
      selected = 1
    }
    return selected
  }
}
