import GFNLanguage

/// Numbers as colours, or as characters from light to dark where there are none.
struct ColourMap {
  let scale: HeatMap.Scale
  let style: PictureStyle

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
  /// The nearest in lightness that sixteen colours have: blue, cyan, green, yellow.
  private static let viridisOfSixteen: [UInt8] = [4, 12, 6, 10, 11]
  private static let signedOfSixteen: [UInt8] = [4, 12, 7, 11, 9]

  /// Blanks are kept for cells without a number.
  private static let shades: [Character] = ["·", "░", "▒", "▓", "█"]
  private static let densities: [Character] = [".", ":", "-", "=", "+", "*", "#", "%", "@"]
  /// The sign is in the shape: level strokes below zero, crossing ones above.
  private static let below: [Character] = ["-", "=", "%"]
  private static let above: [Character] = ["+", "*", "#"]

  var low: Double {
    switch scale {
    case .sequential(let low, _): low
    case .diverging(let limit): -limit
    }
  }

  var high: Double {
    switch scale {
    case .sequential(_, let high): high
    case .diverging(let limit): limit
    }
  }

  /// Where a number stands from the low end to the high, in 0...1; nil for what is no number.
  func place(_ value: Double) -> Double? {
    guard !value.isNaN else { return nil }
    // The halves keep the difference of far ends finite.
    let part = (value / 2 - low / 2) / (high / 2 - low / 2)
    if part.isNaN || !(high > low) {
      if case .diverging = scale { return 0.5 }
      return value > low ? 1 : 0
    }
    return min(max(part, 0), 1)
  }

  func colour(_ value: Double) -> Colour? { place(value).map(colour(at:)) }

  func colour(at place: Double) -> Colour {
    let (table, few) =
      switch scale {
      case .sequential: (Self.viridis, Self.viridisOfSixteen)
      case .diverging: (Self.signed, Self.signedOfSixteen)
      }
    let position = place * Double(table.count - 1)
    let index = min(Int(position), table.count - 2)
    let part = position - Double(index)
    func mixed(_ low: Double, _ high: Double) -> UInt8 {
      UInt8(min(max((low + (high - low) * part).rounded(), 0), 255))
    }
    let (low, high) = (table[index], table[index + 1])
    return Colour(
      mixed(low.0, high.0), mixed(low.1, high.1), mixed(low.2, high.2),
      sixteen: few[min(Int(place * Double(few.count)), few.count - 1)])
  }

  /// The same without colours.
  func character(_ value: Double) -> Character { place(value).map(character(at:)) ?? " " }

  func character(at place: Double) -> Character {
    switch scale {
    case .sequential:
      let ramp = style.isASCII ? Self.densities : Self.shades
      return ramp[Int((place * Double(ramp.count - 1)).rounded())]
    case .diverging:
      let part = 2 * place - 1
      let level = min(Int((abs(part) * Double(Self.above.count)).rounded()), Self.above.count)
      if level == 0 { return style.isASCII ? "." : "·" }
      return part < 0 ? Self.below[level - 1] : Self.above[level - 1]
    }
  }

  /// What the colours mean, on a line: `0 ████ 0.012`.
  func bar(width: Int) -> Canvas {
    let ends = [low, high].map(Ticks.number)
    let length = max(width, 5)
    var canvas = Canvas(
      rows: 1, columns: ends.reduce(length + 2) { $0 + displayWidth($1) }, isASCII: style.isASCII)
    canvas.write(ends[0], row: 0, column: 0)
    let start = displayWidth(ends[0]) + 1
    for column in 0..<length {
      let place = Double(column) / Double(length - 1)
      if style.colours == .none {
        canvas.set(character(at: place), row: 0, column: start + column)
      } else {
        canvas.set(
          " ", row: 0, column: start + column, Ink(background: colour(at: place)))
      }
    }
    canvas.write(ends[1], row: 0, column: start + length + 1)
    return canvas
  }
}
