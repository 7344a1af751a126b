import GFNLanguage

/// The colours of pictures in files, as `#rrggbb`.
enum GnuplotColours {
  /// Lines and bars, told apart by the colour-blind too (Okabe and Ito, 2008), without the yellow,
  /// which does not show on white.
  static let series = [
    Palette.blue, Palette.vermillion, Palette.green, Palette.purple, Palette.orange, Palette.sky,
    Colour.black,
  ].map(\.hexadecimal)

  static let text = "#222222"
  static let axis = "#666666"
  static let grid = "#e4e4e4"
  /// Where a heat map has no number.
  static let nothing = "#dddddd"
  static let mark = "#ff3b30"
  static let go = Palette.blue.hexadecimal
  static let stop = Palette.orange.hexadecimal

  static func series(_ index: Int) -> String { series[index % series.count] }

  /// Letters have the colours that they have in a terminal, but the yellow.
  static func letter(_ index: Int) -> String {
    let colour = Palette.letter(index)
    return (colour == Palette.yellow ? .black : colour).hexadecimal
  }

  /// A colour as the number that gnuplot's `rgb variable` takes.
  static func number(of colour: String) -> Double {
    Double(Int(colour.dropFirst(), radix: 16) ?? 0)
  }
}
