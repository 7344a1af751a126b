import GFNLanguage

/// Lines and dots finer than characters: 2 × 4 dots a character in braille, one a character in ASCII.
struct DotGrid {
  private struct Spot {
    var bits: UInt8 = 0
    /// In ASCII.
    var character: Character = " "
    var ink = Ink()
  }

  private let rows: Int
  private let columns: Int
  private let isASCII: Bool
  private var spots: [Spot]

  init(rows: Int, columns: Int, isASCII: Bool) {
    self.rows = max(rows, 1)
    self.columns = max(columns, 1)
    self.isASCII = isASCII
    spots = [Spot](repeating: Spot(), count: self.rows * self.columns)
  }

  /// Dots in a character.
  var across: Int { isASCII ? 1 : 2 }
  var down: Int { isASCII ? 1 : 4 }
  var width: Int { columns * across }
  var height: Int { rows * down }

  /// The dots of a braille character by row and column, as Unicode numbers them.
  private static let bits: [[UInt8]] = [[1, 8], [2, 16], [4, 32], [64, 128]]

  /// - Parameter character: what stands for the dot in ASCII.
  mutating func dot(x: Int, y: Int, _ character: Character, _ ink: Ink) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    let index = y / down * columns + x / across
    spots[index].bits |= Self.bits[y % down][x % across]
    spots[index].character = character
    spots[index].ink = ink
  }

  /// Which dots of a line are drawn: so many are, so many are not, and again. `phase` goes on from line to
  /// line.
  struct Dash {
    let lengths: [Int]
    var phase = 0

    static let solid = Dash(lengths: [1])
    /// Told apart from each other.
    static let all = [
      solid, Dash(lengths: [7, 5]), Dash(lengths: [2, 4]), Dash(lengths: [10, 4, 2, 4]),
    ]

    mutating func next() -> Bool {
      guard lengths.count > 1 else { return true }
      defer { phase += 1 }
      var rest = phase % lengths.reduce(0, +)
      for (index, length) in lengths.enumerated() {
        if rest < length { return index % 2 == 0 }
        rest -= length
      }
      return true
    }
  }

  /// A straight line (Bresenham, 1965) without its first dot; `visit` is told of every dot on its way.
  mutating func line(
    from start: (x: Int, y: Int), to end: (x: Int, y: Int), _ character: Character, _ ink: Ink,
    _ dash: inout Dash, visit: (Int, Int) -> Void = { _, _ in }
  ) {
    var (x, y) = start
    let (dx, dy) = (abs(end.x - x), -abs(end.y - y))
    let (stepX, stepY) = (end.x < x ? -1 : 1, end.y < y ? -1 : 1)
    var error = dx + dy
    while x != end.x || y != end.y {
      let twice = 2 * error
      if twice >= dy {
        error += dy
        x += stepX
      }
      if twice <= dx {
        error += dx
        y += stepY
      }
      visit(x, y)
      if dash.next() { dot(x: x, y: y, character, ink) }
    }
  }

  func draw(on canvas: inout Canvas, row: Int, column: Int) {
    for (index, spot) in spots.enumerated() where spot.bits != 0 {
      let braille = Unicode.Scalar(0x2800 + UInt32(spot.bits)).map(Character.init) ?? "*"
      canvas.set(
        isASCII ? spot.character : braille, row: row + index / columns,
        column: column + index % columns, spot.ink)
    }
  }
}
