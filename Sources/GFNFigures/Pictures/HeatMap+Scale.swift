import GFNLanguage

/// Numbers on a scale, and the colours of the scale: of a terminal and of files alike.
extension HeatMap.Scale {
  /// Viridis (S. van der Walt and N. Smith, 2015; public domain): perceptually uniform, in lightness too.
  private static let viridis: [(Double, Double, Double)] = [
    (68, 1, 84), (72, 21, 104), (72, 38, 119), (69, 55, 129), (63, 71, 136), (57, 85, 140),
    (50, 100, 142), (45, 113, 142), (40, 125, 142), (35, 138, 141), (31, 150, 139), (32, 163, 134),
    (41, 175, 127), (60, 188, 117), (86, 198, 103), (116, 208, 85), (148, 216, 64), (184, 222, 41),
    (220, 227, 24), (253, 231, 37),
  ]
  /// From blue over white to orange: two hues that no common colour blindness mixes up, as light on one
  /// side as on the other.
  private static let signed: [(Double, Double, Double)] = [
    (8, 64, 129), (66, 137, 198), (170, 207, 232), (245, 245, 245), (250, 200, 150), (222, 125, 36),
    (140, 62, 4),
  ]

  private var table: [(Double, Double, Double)] {
    switch self {
    case .sequential: Self.viridis
    case .diverging: Self.signed
    }
  }

  /// The colours between which it runs, at equal distances, as `#rrggbb`.
  var palette: [String] {
    table.indices.map { index in
      colour(at: Double(index) / Double(table.count - 1), sixteen: 0).hexadecimal
    }
  }

  /// - Parameters:
  ///   - place: in 0...1, from the low end to the high.
  ///   - sixteen: what stands for it where there are sixteen colours.
  func colour(at place: Double, sixteen: UInt8) -> Colour {
    let position = place * Double(table.count - 1)
    let index = min(Int(position), table.count - 2)
    let part = position - Double(index)
    func mixed(_ low: Double, _ high: Double) -> UInt8 {
      UInt8(min(max((low + (high - low) * part).rounded(), 0), 255))
    }
    let (low, high) = (table[index], table[index + 1])
    return Colour(
      mixed(low.0, high.0), mixed(low.1, high.1), mixed(low.2, high.2), sixteen: sixteen)
  }

  var low: Double {
    switch self {
    case .sequential(let low, _): low
    case .diverging(let limit): -limit
    }
  }

  var high: Double {
    switch self {
    case .sequential(_, let high): high
    case .diverging(let limit): limit
    }
  }

  /// The ends, made finite and apart.
  var bounds: (low: Double, high: Double) {
    guard low.isFinite, high.isFinite else { return (0, 1) }
    guard high != low else { return (low - 0.5, low + 0.5) }
    return (min(low, high), max(low, high))
  }

  /// Where a number stands from the low end to the high, in 0...1; nil for what is no number.
  func place(_ value: Double) -> Double? {
    guard !value.isNaN else { return nil }
    // The halves keep the difference of far ends finite.
    let part = (value / 2 - low / 2) / (high / 2 - low / 2)
    if part.isNaN || !(high > low) {
      if case .diverging = self { return 0.5 }
      return value > low ? 1 : 0
    }
    return min(max(part, 0), 1)
  }
}
