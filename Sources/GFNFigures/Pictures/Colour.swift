/// A colour as a screen shows it, with the one of the sixteen that stands for it where there are no more.
struct Colour: Equatable {
  var red: UInt8
  var green: UInt8
  var blue: UInt8
  /// 0–7 the eight colours, 8–15 their bright forms.
  var sixteen: UInt8

  init(_ red: UInt8, _ green: UInt8, _ blue: UInt8, sixteen: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
    self.sixteen = sixteen
  }

  static let black = Colour(0, 0, 0, sixteen: 0)
  static let white = Colour(255, 255, 255, sixteen: 15)
  static let grey = Colour(150, 150, 150, sixteen: 8)

  /// `#rrggbb`
  var hexadecimal: String {
    "#"
      + [red, green, blue].map { part in
        let digits = String(part, radix: 16)
        return part < 16 ? "0" + digits : digits
      }.joined()
  }

  /// Relative luminance, from 0 to 1 (ITU-R BT.709 weights, without the gamma of the screen).
  var luminance: Double {
    (0.2126 * Double(red) + 0.7152 * Double(green) + 0.0722 * Double(blue)) / 255
  }

  /// Black or white, whichever is read better on this.
  var contrast: Colour { luminance > 0.45 ? .black : .white }

  /// The nearest of the 240 that a terminal of 256 colours has beside the sixteen: a cube of 6 × 6 × 6 and
  /// 24 greys.
  var many: Int {
    let levels = [0, 95, 135, 175, 215, 255]
    let parts = [Int(red), Int(green), Int(blue)]
    func nearest(_ part: Int) -> Int {
      levels.indices.min { abs(levels[$0] - part) < abs(levels[$1] - part) } ?? 0
    }
    func distance(_ other: [Int]) -> Int {
      zip(parts, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let cube = parts.map(nearest)
    let mean = parts.reduce(0, +) / 3
    let grey = min(max((mean - 3) / 10, 0), 23)
    let greyLevel = 8 + 10 * grey
    if distance([greyLevel, greyLevel, greyLevel]) < distance(cube.map { levels[$0] }) {
      return 232 + grey
    }
    return 16 + 36 * cube[0] + 6 * cube[1] + cube[2]
  }

  /// The parameters of the SGR sequence (ECMA-48, 8.3.117) that writes in it, or on it.
  func parameters(_ colours: PictureStyle.Colours, isBackground: Bool) -> String {
    let base = isBackground ? 10 : 0
    return switch colours {
    case .none: ""
    case .sixteen: String((sixteen < 8 ? 30 + Int(sixteen) : 82 + Int(sixteen)) + base)
    case .many: "\(38 + base);5;\(many)"
    case .true24: "\(38 + base);2;\(red);\(green);\(blue)"
    }
  }
}

/// The colours of series, letters and kinds, told apart by nearly every eye (Okabe and Ito, 2008).
enum Palette {
  static let blue = Colour(0, 114, 178, sixteen: 12)
  static let vermillion = Colour(213, 94, 0, sixteen: 9)
  static let green = Colour(0, 158, 115, sixteen: 10)
  static let purple = Colour(204, 121, 167, sixteen: 13)
  static let sky = Colour(86, 180, 233, sixteen: 14)
  static let orange = Colour(230, 159, 0, sixteen: 3)
  static let yellow = Colour(240, 228, 66, sixteen: 11)

  private static let all = [blue, vermillion, green, purple, sky, orange, yellow]

  /// Beyond so many series, colours come again.
  static var count: Int { all.count }

  static func series(_ number: Int) -> Colour { all[number % all.count] }

  /// In the order usual for A, C, G and T.
  static func letter(_ number: Int) -> Colour {
    let letters = [green, sky, orange, vermillion, purple, blue, yellow]
    return letters[number % letters.count]
  }
}
