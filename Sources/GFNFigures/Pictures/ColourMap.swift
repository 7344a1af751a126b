import GFNLanguage

/// Numbers as colours, or as characters from light to dark where there are none.
struct ColourMap {
  let scale: HeatMap.Scale
  let style: PictureStyle

  /// The nearest in lightness that sixteen colours have: blue, cyan, green, yellow.
  private static let viridisOfSixteen: [UInt8] = [4, 12, 6, 10, 11]
  private static let signedOfSixteen: [UInt8] = [4, 12, 7, 11, 9]

  /// Blanks are kept for cells without a number.
  private static let shades: [Character] = ["·", "░", "▒", "▓", "█"]
  private static let densities: [Character] = [".", ":", "-", "=", "+", "*", "#", "%", "@"]
  /// The sign is in the shape: level strokes below zero, crossing ones above.
  private static let below: [Character] = ["-", "=", "%"]
  private static let above: [Character] = ["+", "*", "#"]

  func colour(_ value: Double) -> Colour? { scale.place(value).map(colour(at:)) }

  func colour(at place: Double) -> Colour {
    let few =
      switch scale {
      case .sequential: Self.viridisOfSixteen
      case .diverging: Self.signedOfSixteen
      }
    return scale.colour(
      at: place, sixteen: few[min(Int(place * Double(few.count)), few.count - 1)])
  }

  /// The same without colours.
  func character(_ value: Double) -> Character { scale.place(value).map(character(at:)) ?? " " }

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
    let ends = [scale.low, scale.high].map(Ticks.number)
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
