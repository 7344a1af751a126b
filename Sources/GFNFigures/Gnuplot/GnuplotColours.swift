import GFNLanguage

/// The colours of pictures in files, as `#rrggbb`.
enum GnuplotColours {
  /// Lines and bars, told apart by the colour-blind too (Okabe and Ito, 2008), without the yellow,
  /// which does not show on white.
  static let series = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000",
  ]

  static let text = "#222222"
  static let axis = "#666666"
  static let grid = "#e4e4e4"
  /// Where a heat map has no number.
  static let nothing = "#dddddd"
  static let mark = "#ff3b30"
  static let go = "#0072b2"
  static let stop = "#e69f00"

  static func series(_ index: Int) -> String { series[index % series.count] }

  /// Letters have the colours that they have in a terminal, but the yellow.
  static func letter(_ index: Int) -> String {
    let colour = Palette.letter(index)
    return colour == Palette.yellow ? "#000000" : colour.hexadecimal
  }

  /// A colour as the number that gnuplot's `rgb variable` takes.
  static func number(of colour: String) -> Double {
    Double(Int(colour.dropFirst(), radix: 16) ?? 0)
  }

  /// From little to much, in equal steps of lightness: viridis (van der Walt and Smith, 2015) at
  /// eighths.
  private static let sequential = [
    "#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30",
    "#fde725",
  ]

  /// Too little in blue, too much in orange, white where nothing is wrong.
  private static let diverging = [
    "#08306b", "#2a6fb0", "#8cbde0", "#ffffff", "#f8b878", "#d96e1d", "#7f2f04",
  ]

  static func palette(of scale: HeatMap.Scale) -> [String] {
    switch scale {
    case .sequential: sequential
    case .diverging: diverging
    }
  }
}

extension HeatMap.Scale {
  /// The ends of the scale: finite and apart.
  var bounds: (low: Double, high: Double) {
    let (low, high): (Double, Double) =
      switch self {
      case .sequential(let low, let high): (low, high)
      case .diverging(let limit): (-abs(limit), abs(limit))
      }
    guard low.isFinite, high.isFinite else { return (0, 1) }
    guard high > low else { return (low - 0.5, low + 0.5) }
    return (low, high)
  }

  /// Where a number stands from the scale's low end, 0, to its high one, 1.
  func place(of number: Double) -> Double {
    let (low, high) = bounds
    return min(max((number - low) / (high - low), 0), 1)
  }

  /// Whether black text is read better on the colour of a number than white.
  func isLight(_ number: Double) -> Bool {
    switch self {
    case .sequential: place(of: number) > 0.6
    case .diverging: abs(place(of: number) - 0.5) < 0.3
    }
  }
}
